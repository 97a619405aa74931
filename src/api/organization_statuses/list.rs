//! Listing organizations by status.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::table;
use super::view::{OrganizationStatusPage, OrganizationStatusView, OrganizationTotals};
use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::fields::Fields;
use crate::api::figures::{Start, with_engine};
use crate::api::keeper_names::{KeeperNames, Shown};
use crate::api::language::AcceptLanguage;
use crate::api::page::DEFAULT_LIMIT;
use crate::api::problem::Problems;
use crate::api::query::Query;
use crate::api::reply::{self, Format};
use crate::api::shortages::OrganizationSelection;
use crate::api::state::AppState;
use crate::api::table_file::NewTable;
use base::error::Error;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::assessment::assess;
use domain::engine::ENGINE;
use domain::organization::Organization;
use domain::organization_status::{OrganizationStatus, StatesByBasis, StatusBasis};
use domain::reference_data::ReferenceData;
use domain::revision::Revision;
use service::moment::{Moment, MomentQuery};
use service::shortages::{ContactNames, OnDay};
use service::today::{Chosen, Today};
use text::language::Language;

/// The selection of organizations, the basis, the day, and the state of knowledge.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListOrganizationStatuses {
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
    /// Organizations with any of these statuses on the basis.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    status: AnyOf<OrganizationStatus>,
    /// The lines by which `status` selects and of which the causes are told; established and indicative ones together if
    /// left out.
    #[param(inline)]
    basis: Option<StatusBasis>,
    /// The day; each organization's today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    as_of: Option<NaiveDate>,
    /// The revision: the same question then always has the same answer, byte for byte. "Today" is then the day of its
    /// commit.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    revision: Option<Revision>,
    /// The instant whose knowledge is used, and whose day is then "today"; for a future one, the present.
    #[serde(default, deserialize_with = "base::sent::optional")]
    known_at: Option<DateTime<Utc>>,
    /// The format of the answer; overrides `Accept`.
    format: Option<Format>,
    /// The maximum number of organizations to list. A table has all of them if this is left out.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before; later pages are for the same revision and day.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List organizations by status
///
/// Tells which organizations are up to standard, which are short, and who has to be asked for what: the status of each
/// organization by the lines based on verified rules only and by all of them together, the numbers of its mandatory lines,
/// and the causes of what is unknown. The first page also has the totals of all organizations chosen, each counted once on
/// each basis. An organization that does not exist on that day is not listed. Returns JSON pages or a table, with a row for
/// each cause.
#[utoipa::path(
    tag = "shortages",
    params(ListOrganizationStatuses),
    responses(
        (
            status = 200,
            description = "A page of organizations, or the table.",
            headers(("Muster-Engine" = String, description = "The version of the rules as coded.")),
            content(
                (OrganizationStatusPage = "application/json"),
                (String = "text/csv", example = "organization,organization_name\nT3,Chemicals brigade\n"),
                (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            )
        ),
        Problems
    ),
    security(("bearer" = []))
)]
#[get("/organization-statuses")]
pub async fn list_organization_statuses(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListOrganizationStatuses>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now, today) = (caller.belongs, state.clock.now(), Arc::clone(&state.today));
    let basis = query.basis.unwrap_or_default();
    let shown = Shown::default();
    let asked = Asked { today, belongs, query, basis, format, language, now, shown: shown.clone() };
    let answer = match format {
        Format::Json => reply::page(&request, &state.db.read(move |snapshot| read_page(snapshot, &asked)).await?),
        Format::Csv | Format::Xlsx => {
            let (table, fields) = (NewTable::of(&request, format)?, Fields::of(&request)?);
            let read = move |snapshot: &mut Snapshot<'_>| {
                let columns = table::columns(&fields, language)?;
                let mut rows = table.begin(columns.headers())?;
                let read = read_organizations(snapshot, &asked, |one, revision| {
                    let mut of_one = table::rows(&one, basis, revision, &fields, language);
                    of_one.try_for_each(|row| rows.add(&columns.cells(&row)?))
                })?;
                Ok(rows.end(read.next_cursor))
            };
            reply::send_table(&request, state.db.read(read).await?).await
        }
    };
    shown.log(&state, &caller.actor).await?;
    answer.map(with_engine)
}

/// A request for organizations.
struct Asked {
    today: Arc<Today>,
    belongs: Belongs,
    query: ListOrganizationStatuses,
    basis: StatusBasis,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
    shown: Shown,
}

/// The end of a read of organizations.
struct Read {
    moment: Moment,
    totals: Option<OrganizationTotals>,
    next_cursor: Option<String>,
}

fn read_page(snapshot: &mut Snapshot<'_>, asked: &Asked) -> Result<OrganizationStatusPage, Error> {
    let mut items = Vec::new();
    let Read { moment, totals, next_cursor } = read_organizations(snapshot, asked, |one, _| {
        items.push(one);
        Ok(())
    })?;
    let Moment { revision, known_at, as_of, .. } = moment;
    let basis = asked.basis;
    Ok(OrganizationStatusPage { items, next_cursor, totals, basis, as_of, revision, known_at, engine: ENGINE })
}

/// Reads the organizations asked for one by one, with the revision of their figures.
fn read_organizations(
    snapshot: &mut Snapshot<'_>,
    Asked { today, belongs, query, basis, format, language, now, shown }: &Asked,
    mut add: impl FnMut(OrganizationStatusView, Revision) -> Result<(), Error>,
) -> Result<Read, Error> {
    let (belongs, basis, format, language, now) = (*belongs, *basis, *format, *language, *now);
    let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: query.known_at };
    let start = Start::of(snapshot, query.cursor.as_deref(), asked, now)?;
    let limit = format.limit(query.limit).unwrap_or(DEFAULT_LIMIT);
    let chosen = OrganizationSelection {
        organization: query.organization.clone(),
        region: query.region.clone(),
        sector: query.sector.clone(),
    };
    let mut organizations = chosen.choose(today, snapshot, belongs, &start.moment)?;
    let has_totals = start.is_first() && format == Format::Json;
    let totals = if has_totals || (!query.status.is_all() && today.covers(snapshot, &start.moment)?) {
        let chosen = today.figures(snapshot, &start.moment, organizations)?;
        let (totals, having) = judge(&chosen, |states| query.status.takes(&states.status(basis)));
        organizations = having;
        has_totals.then_some(totals)
    } else {
        None
    };
    let figures = |reference_data: &ReferenceData, on_day: OnDay, names: &ContactNames| {
        let names = KeeperNames { names, shown, language };
        let OnDay { records, day } = on_day;
        let lines = assess(reference_data, &records, day);
        let mut states = StatesByBasis::default();
        lines.iter().for_each(|line| states.add(line.into()));
        let is_asked_for = query.status.takes(&states.status(basis));
        let view = || OrganizationStatusView::of(&lines, basis, &records, reference_data, day, names);
        vec![is_asked_for.then(view).flatten()]
    };
    let revision = start.moment.revision;
    let next_cursor = start.fill_with_keepers(snapshot, &organizations, limit, figures, |one| add(one, revision))?;
    Ok(Read { moment: start.moment, totals, next_cursor })
}

/// The totals of organizations, and those of them whose states are asked for. An organization that does not exist on its day is
/// left out.
fn judge(
    chosen: &Chosen,
    is_asked_for: impl Fn(StatesByBasis) -> bool,
) -> (OrganizationTotals, Vec<Arc<Organization>>) {
    let (mut totals, mut having) = (OrganizationTotals::default(), Vec::new());
    for (organization, lines) in &chosen.organizations {
        if organization.active_on(lines.day).is_none() {
            continue;
        }
        let mut states = StatesByBasis::default();
        lines.iter().for_each(|(_, line)| states.add(line.state));
        totals.statuses.add(states);
        totals.organizations = totals.organizations.saturating_add(1);
        if is_asked_for(states) {
            having.push(Arc::clone(organization));
        }
    }
    (totals, having)
}
