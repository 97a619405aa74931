//! Summing shortages up.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::selection::{LineSelection, OnDays, OrganizationSelection, class_of};
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
use crate::api::table_file::NewTable;
use base::error::Error;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::assessment::Status;
use domain::engine::ENGINE;
use domain::item::ItemClass;
use domain::labels::{Labelled as _, sector_label};
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use domain::requirement::Basis;
use domain::revision::{Dated, Revision, in_force_or_first};
use domain::rule::{Selector, Strength};
use domain::summary::Group;
use domain::wording::Wording;
use service::moment::{Moment, MomentQuery};
use service::today::{Chosen, Today};
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
    /// Lines with any of these statuses.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    status: AnyOf<Status>,
    /// Lines of any of these strengths; all if left out.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    strength: AnyOf<Strength>,
    /// Lines on any of these bases.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    basis: AnyOf<Basis>,
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
    let today = Arc::clone(&state.today);
    let summary = state.db.read(move |snapshot| summarize(snapshot, &today, belongs, &query, language, now)).await?;
    let answer = match format {
        Format::Json => reply::json(&request, &summary),
        Format::Csv | Format::Xlsx => {
            let table = NewTable::of(&request, format)?;
            let write = move || {
                let columns = table::columns_of_groups(language)?;
                let mut rows = table.begin(columns.headers())?;
                table::rows_of_groups(&summary, language).try_for_each(|row| rows.add(&columns.cells(&row)?))?;
                Ok(rows.end(None))
            };
            reply::write_table(&request, write).await
        }
    };
    answer.map(with_engine)
}

fn summarize(
    snapshot: &mut Snapshot<'_>,
    today: &Today,
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
    let wanted = LineSelection {
        item: query.item.clone(),
        item_class: query.item_class.clone(),
        status: query.status.clone(),
        strength: query.strength.clone(),
        basis: query.basis.clone(),
    };
    require_items(snapshot.connection, &query.item, moment.revision)?;
    let organizations = chosen.choose(today, snapshot, belongs, &moment)?;
    let classes = db::items::list_classes(snapshot.connection, moment.revision)?;
    let reference_data = snapshot.reference_data(moment.revision)?;
    let chosen = today.figures(snapshot, &moment, organizations)?;
    let naming = Naming { group_by: query.group_by, reference_data: &reference_data, classes: &classes, language };
    Ok(Summary {
        group_by: query.group_by,
        groups: groups_of(&chosen, &wanted, &naming),
        as_of: moment.as_of,
        revision: moment.revision,
        known_at: moment.known_at,
        engine: ENGINE,
    })
}

fn groups_of(chosen: &Chosen, wanted: &LineSelection, naming: &Naming<'_>) -> Vec<SummaryGroup> {
    let mut groups = Groups::default();
    let mut of_selectors = OnDays::default();
    for (organization, lines) in &chosen.organizations {
        let (id, day) = (organization.id, lines.day);
        let whole = naming.of_organization(organization, day).map(|(key, name)| groups.number_of(key, name, false));
        if let Some(group) = whole.and_then(|number| groups.get(number))
            && organization.active_on(day).is_some()
        {
            group.add_organization(id);
        }
        for (number, line) in lines.iter().filter(|(_, line)| wanted.includes_state(line.state)) {
            let place = of_selectors.of(number, day, || {
                let selector = chosen.selectors.all().get(number)?;
                let is_wanted = wanted.includes_selector(selector, naming.reference_data, day);
                is_wanted.then(|| {
                    let place = whole.unwrap_or_else(|| {
                        let (key, name) = naming.of_selector(selector, day);
                        groups.number_of(key, name, naming.group_by == GroupBy::Item)
                    });
                    (place, matches!(**selector, Selector::Item(_)))
                })
            });
            // A line of a whole organization belongs to its group, whichever organization had such a line first.
            let Some((place, is_of_item)) = place.flatten() else { continue };
            if let Some(group) = groups.get(whole.unwrap_or(place)) {
                group.add(id, &line, is_of_item);
            }
        }
    }
    groups.into_sorted()
}

/// The groups, in the order in which they came up.
#[derive(Default)]
struct Groups {
    numbers: HashMap<String, usize>,
    all: Vec<(String, GroupName, Group)>,
}

impl Groups {
    /// The number of the group with a key.
    fn number_of(&mut self, key: String, name: GroupName, with_quantities: bool) -> usize {
        let next = self.all.len();
        let number = *self.numbers.entry(key.clone()).or_insert(next);
        if number == next {
            self.all.push((key, name, Group::new(with_quantities)));
        }
        number
    }

    fn get(&mut self, number: usize) -> Option<&mut Group> {
        self.all.get_mut(number).map(|(.., group)| group)
    }

    /// The groups with something in them, by their keys.
    fn into_sorted(mut self) -> Vec<SummaryGroup> {
        self.all.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        let view = |(key, GroupName { name, unit }, group): (String, GroupName, Group)| {
            let figures = group.figures();
            (figures.organizations > 0).then_some(SummaryGroup { key, name, unit, figures })
        };
        self.all.into_iter().filter_map(view).collect()
    }
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

    /// The group of lines by their selector.
    fn of_selector(&self, selector: &Selector, day: NaiveDate) -> (String, GroupName) {
        let words = selector.name();
        let name = Wording { reference_data: self.reference_data, day, language: self.language };
        let named = match self.group_by {
            GroupBy::ItemClass => class_of(selector, self.reference_data, day).map(|code| {
                let name = self
                    .classes
                    .get(code)
                    .and_then(|versions| in_force_or_first(versions, day))
                    .map_or(code.as_str(), |row| self.language.choose(&row.value.name_en, &row.value.name_zh));
                (code.clone(), GroupName { name: name.to_owned(), unit: None })
            }),
            _ => self.reference_data.items.get(&words).map(|item| {
                let label = ItemLabel::of(item, day, self.language);
                (label.code, GroupName { name: label.name, unit: Some(label.unit) })
            }),
        };
        named.unwrap_or_else(|| (words, GroupName { name: name.selector(selector), unit: None }))
    }
}
