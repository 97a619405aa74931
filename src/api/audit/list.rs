//! Listing the audit.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::table;
use super::view::{AuditEntry, Names};
use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Admins, Caller};
use crate::api::error::ApiError;
use crate::api::fields::Fields;
use crate::api::language::AcceptLanguage;
use crate::api::page::{Page, from_cursor, to_cursor};
use crate::api::problem::Problems;
use crate::api::query::Query;
use crate::api::reply::{self, Format};
use crate::api::state::AppState;
use crate::api::table_file::NewTable;
use base::error::Error;
use db::audit::Filter;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::actor::SubjectKind;
use domain::revision::Revision;
use service::audit::{Place, Visible};
use text::language::Language;

/// The selection of changes to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAudit {
    /// Only changes of these kinds of subjects; other subjects of the same change are left out.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    kind: AnyOf<SubjectKind>,
    /// Only changes of the subject with this code or id; other subjects of the same change are left out.
    #[param(max_length = 200, example = "T3")]
    #[validate(length(max = 200), non_control_character)]
    subject: Option<String>,
    /// Only changes by the accounts with these user names.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["officer"]))]
    #[validate(custom(function = are_codes))]
    account: AnyOf<Code>,
    /// Only changes by these operations or commands.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["submit_count"]))]
    #[validate(custom(function = are_codes))]
    action: AnyOf<Code>,
    /// Only changes committed at this instant or later.
    #[serde(default, deserialize_with = "base::sent::optional")]
    since: Option<DateTime<Utc>>,
    /// Only changes committed before this instant.
    #[serde(default, deserialize_with = "base::sent::optional")]
    until: Option<DateTime<Utc>>,
    /// The format of the answer; overrides `Accept`.
    format: Option<Format>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List the audit
///
/// Lists every change with its account, operation, time and device, and with the values before and after it; latest first.
/// Names of people, passwords and secrets are not shown, only that they changed. A count is told with its depot, items and
/// quantities. Admins see the changes made by accounts of their region and below, and values of what belongs there; those of
/// the topmost bureau also see changes made by the program's own commands.
///
/// A page holds at most 1,000 subjects: a change of more, such as an import, continues on the next page. In a table each value
/// is a row.
#[utoipa::path(
    tag = "audit",
    params(ListAudit),
    responses(
        (status = 200, description = "A page of changes, or the table.", content(
            (Page<AuditEntry> = "application/json"),
            (String = "text/csv", example = json!(table::header_line())),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )),
        Problems
    ),
    security(("bearer" = []))
)]
#[get("/audit")]
pub async fn list_audit(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Admins>,
    Query(query): Query<ListAudit>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let read = move |snapshot: &mut Snapshot<'_>| read_page(snapshot, belongs, query, format, language, now);
    let page = state.db.read(read).await?;
    match format {
        Format::Json => reply::page(&request, &page),
        Format::Csv | Format::Xlsx => {
            let (Page { items, next_cursor }, fields) = (page, Fields::of(&request)?);
            let table = NewTable::of(&request, format)?;
            let write = move || {
                let mut rows = table.begin(&table::headers(&fields, language))?;
                for entry in &items {
                    table::rows(entry, &fields, language).iter().try_for_each(|row| rows.add(row))?;
                }
                Ok(rows.end(next_cursor))
            };
            reply::write_table(&request, write).await
        }
    }
}

fn read_page(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    query: ListAudit,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
) -> Result<Page<AuditEntry>, Error> {
    let from: Option<Place> = from_cursor(query.cursor.as_deref())?;
    let limit = format.limit_of_growing(query.limit);
    let visible = reach_of(snapshot, belongs)?;
    let filter = filter_of(snapshot, belongs, &visible, query)?;
    let page = service::audit::read_page(snapshot, &visible, &filter, from, limit)?;
    let day = db::accounts::today(snapshot.connection, belongs, now)?;
    let reference_data = snapshot.reference_data(snapshot.newest_revision())?;
    let names = Names { visible: &visible, reference_data: &reference_data, day, language };
    let items = page.entries.into_iter().map(|entry| AuditEntry::of(entry, &names)).collect();
    let next_cursor = page.next.map(|place| to_cursor(&place)).transpose()?;
    Ok(Page { items, next_cursor })
}

fn reach_of(snapshot: &mut Snapshot<'_>, belongs: Belongs) -> Result<Visible, Error> {
    let accounts = db::accounts::list_visible(snapshot.connection, belongs)?;
    let organizations = db::organizations::list_visible(snapshot.connection, belongs, Revision::LATEST)?;
    Ok(Visible {
        accounts: accounts.into_iter().map(|account| (account.id, account)).collect::<BTreeMap<_, _>>(),
        organizations: organizations.into_iter().map(|one| (one.id, one)).collect::<BTreeMap<_, _>>(),
    })
}

fn filter_of(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    visible: &Visible,
    query: ListAudit,
) -> Result<Filter, Error> {
    let named: Vec<String> = query.account.codes().map(str::to_lowercase).collect();
    let is_asked_for = |username: &str| named.is_empty() || named.iter().any(|name| name == username);
    let accounts = visible.accounts.values().filter(|account| is_asked_for(&account.username));
    Ok(Filter {
        accounts: accounts.map(|account| account.id).collect(),
        commands: named.is_empty() && db::accounts::is_topmost(snapshot.connection, belongs)?,
        kinds: query.kind.values().to_vec(),
        subject: query.subject,
        actions: query.action.codes().map(ToOwned::to_owned).collect(),
        since: query.since,
        until: query.until,
        through: None,
    })
}
