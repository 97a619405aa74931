//! Summing shortages up.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::selection::{LineSelection, OrganizationSelection, class_of};
use super::table;
use super::view::{GroupBy, Summary, SummaryGroup};
use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::figures::with_engine;
use crate::api::labels::{ItemLabel, OrganizationLabel, RegionLabel};
use crate::api::language::AcceptLanguage;
use crate::api::problem::Problems;
use crate::api::query::Query;
use crate::api::reply::{self, Format};
use crate::api::selection::require_items;
use crate::api::state::AppState;
use base::error::Error;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::assessment::{Assessment, assess};
use domain::engine::ENGINE;
use domain::item::ItemClass;
use domain::labels::{Labelled as _, sector_label};
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use domain::revision::{Dated, Revision, in_force_or_first};
use domain::summary::Group;
use domain::wording::Wording;
use service::moment::{Moment, MomentQuery};
use service::shortages::{OnDay, Reader};
use text::language::Language;

/// The selection of lines and organizations, the grouping, the day, and the state of knowledge.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SummarizeShortages {
    /// The grouping.
    #[param(inline)]
    group_by: GroupBy,
    /// The organizations, by id or code; any of several.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3"]))]
    #[validate(custom(function = are_codes))]
    organization: AnyOf<Code>,
    /// The organizations of these regions and all below them, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["159900"]))]
    #[validate(custom(function = are_codes))]
    region: AnyOf<Code>,
    /// The organizations of these sectors.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["hazchem"]))]
    #[validate(custom(function = are_codes))]
    sector: AnyOf<Code>,
    /// Lines of these items, by their codes.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["L2010101"]))]
    #[validate(custom(function = are_codes))]
    item: AnyOf<Code>,
    /// Lines of the items of these classes, by the codes of the classes.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["personal_protection"]))]
    #[validate(custom(function = are_codes))]
    item_class: AnyOf<Code>,
    /// The day; each organization's today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    as_of: Option<NaiveDate>,
    /// The revision.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    revision: Option<Revision>,
    /// The instant whose knowledge is used; for a future one, the present.
    #[serde(default, deserialize_with = "base::sent::optional")]
    known_at: Option<DateTime<Utc>>,
    /// The format of the answer; overrides `Accept`.
    #[param(inline)]
    format: Option<Format>,
}

/// Summarize shortages
///
/// Counts mandatory lines by status, separately for figures based on verified rules only and for the others; quantities are
/// summed only within one item. Counts each organization once by its status, `met`, `short`, `unknown` or `not_covered`: by
/// the lines based on verified rules only, and by all of them together.
#[utoipa::path(
    tag = "shortages",
    params(SummarizeShortages),
    responses(
        (
            status = 200,
            description = "The groups, or the table.",
            headers(("Muster-Engine" = String, description = "The version of the rules as coded.")),
            content(
                (Summary = "application/json"),
                (String = "text/csv", example = "key,name\nT3,Chemicals brigade\n"),
                (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            )
        ),
        Problems
    ),
    security(("bearer" = []))
)]
#[get("/shortages/summary")]
pub async fn summarize_shortages(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<SummarizeShortages>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let now = state.clock.now();
    let belongs = caller.belongs;
    let summary = state.db.read(move |snapshot| summarize(snapshot, belongs, &query, language, now)).await?;
    let answer = match format {
        Format::Json => reply::json(&request, &summary),
        Format::Csv | Format::Xlsx => {
            reply::table(&request, format, None, move || table::of_groups(&summary, language)).await
        }
    };
    answer.map(with_engine)
}

fn summarize(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    query: &SummarizeShortages,
    language: Language,
    now: DateTime<Utc>,
) -> Result<Summary, Error> {
    let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: query.known_at };
    let moment = Moment::resolve(snapshot, asked, now)?;
    let chosen = OrganizationSelection {
        organization: query.organization.clone(),
        region: query.region.clone(),
        sector: query.sector.clone(),
    };
    let wanted = LineSelection { item: query.item.clone(), item_class: query.item_class.clone(), ..Default::default() };
    require_items(snapshot.connection, &query.item, moment.revision)?;
    let organizations = chosen.choose(snapshot.connection, belongs, &moment)?;
    let classes = db::items::list_classes(snapshot.connection, moment.revision)?;
    let reader = Reader::at(snapshot, &moment)?;
    let naming =
        Naming { group_by: query.group_by, reference_data: &reader.reference_data, classes: &classes, language };
    let mut groups = BTreeMap::<String, (GroupName, Group)>::new();
    reader.visit(snapshot.connection, &organizations, |reference_data, OnDay { records, day }| {
        let organization = &records.organization;
        let lines = assess(reference_data, &records, day);
        let whole = naming.of_organization(organization, day);
        let is_active = organization.active_on(day).is_some();
        if let Some((key, name)) = whole.clone().filter(|_| is_active) {
            group_of(&mut groups, key, name, query.group_by).add_organization(organization.id);
        }
        for line in lines.iter().filter(|line| wanted.includes(line, reference_data)) {
            let (key, name) = whole.clone().unwrap_or_else(|| naming.of_line(line));
            group_of(&mut groups, key, name, query.group_by).add(line);
        }
        Ok(true)
    })?;
    let groups = groups
        .into_iter()
        .map(|(key, (GroupName { name, unit }, group))| SummaryGroup { key, name, unit, figures: group.figures() })
        .collect();
    Ok(Summary {
        group_by: query.group_by,
        groups,
        as_of: moment.as_of,
        revision: moment.revision,
        known_at: moment.known_at,
        engine: ENGINE,
    })
}

fn group_of(
    groups: &mut BTreeMap<String, (GroupName, Group)>,
    key: String,
    name: GroupName,
    group_by: GroupBy,
) -> &mut Group {
    &mut groups.entry(key).or_insert_with(|| (name, Group::new(group_by == GroupBy::Item))).1
}

#[derive(Clone, Debug)]
struct GroupName {
    name: String,
    unit: Option<String>,
}

/// Names groups.
struct Naming<'a> {
    group_by: GroupBy,
    reference_data: &'a ReferenceData,
    classes: &'a BTreeMap<String, Vec<Dated<ItemClass>>>,
    language: Language,
}

impl Naming<'_> {
    /// The group of a whole organization; `None` if lines decide.
    fn of_organization(&self, organization: &Organization, day: NaiveDate) -> Option<(String, GroupName)> {
        let (key, name) = match self.group_by {
            GroupBy::Organization => {
                let label = OrganizationLabel::of(organization, day, self.language);
                (label.code, label.name)
            }
            GroupBy::Sector => {
                let version = in_force_or_first(&organization.versions, day).map(|row| &row.value);
                let kind: &'static str = organization.kind.into();
                let sector = version.and_then(|version| version.sector.as_deref());
                let name = sector.map_or_else(|| organization.kind.label(), sector_label).text(self.language);
                (sector.unwrap_or(kind).to_owned(), name)
            }
            GroupBy::Region => {
                let region = self.reference_data.regions.iter().find(|region| region.id == organization.region_id)?;
                let label = RegionLabel::of(region, day, self.language);
                (label.code, label.name)
            }
            GroupBy::Item | GroupBy::ItemClass => return None,
        };
        Some((key, GroupName { name, unit: None }))
    }

    /// The group of a line by its selector.
    fn of_line(&self, line: &Assessment) -> (String, GroupName) {
        let words = line.selector.name();
        let name = Wording { reference_data: self.reference_data, day: line.as_of, language: self.language };
        let named = match self.group_by {
            GroupBy::ItemClass => class_of(line, self.reference_data).map(|code| {
                let name = self
                    .classes
                    .get(code)
                    .and_then(|versions| in_force_or_first(versions, line.as_of))
                    .map_or(code.as_str(), |row| self.language.choose(&row.value.name_en, &row.value.name_zh));
                (code.clone(), GroupName { name: name.to_owned(), unit: None })
            }),
            _ => self.reference_data.items.get(&words).map(|item| {
                let label = ItemLabel::of(item, line.as_of, self.language);
                (label.code, GroupName { name: label.name, unit: Some(label.unit) })
            }),
        };
        named.unwrap_or_else(|| (words, GroupName { name: name.selector(&line.selector), unit: None }))
    }
}
