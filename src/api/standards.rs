//! Reading standards.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::callers::{Caller, Everyone};
use super::changed_since::ChangedSince;
use super::labels::StandardLabel;
use super::language::AcceptLanguage;
use super::list_all::ListAll;
use super::page::Page;
use super::problem::Problems;
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use super::versions::{Authors, Version};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use db::history::Recorded;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::revision::{Revision, in_force_or_first};
use domain::search::Search;
use domain::standard::{Standard, StandardStatus};
use service::moment::{Moment, MomentQuery};
use text::language::Language;

/// One edition of a reserve standard.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "code": "GB30077-2013", "title": "Allocation of emergency rescue material, chemical units",
    "title_en": "Allocation of emergency rescue material, chemical units",
    "title_zh": "危险化学品单位应急救援物资配备要求", "jurisdiction": "CN", "status": "superseded",
    "valid_from": "2014-11-01", "valid_to": null, "replaced_by": "GB30077-2023", "note": null, "rules": 97
}))]
pub(super) struct StandardView {
    /// The standard.
    #[serde(flatten)]
    standard: StandardLabel,
    /// Title in English.
    #[schema(max_length = 200)]
    title_en: String,
    /// Title in Chinese.
    #[schema(max_length = 200)]
    title_zh: String,
    /// The jurisdiction it was issued for, such as `CN` or `CN-4403`.
    #[schema(max_length = 16)]
    jurisdiction: String,
    /// Its official status.
    status: StandardStatus,
    /// The day it came into force, if known.
    valid_from: Option<NaiveDate>,
    /// The last day it is in force, if known.
    valid_to: Option<NaiveDate>,
    /// The code of the edition that replaced it.
    #[schema(max_length = 64)]
    replaced_by: Option<String>,
    /// A remark on the transcription.
    #[schema(max_length = 1000)]
    note: Option<String>,
    /// The number of its rules.
    #[schema(minimum = 0, maximum = 100_000)]
    rules: usize,
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListStandards {
    /// The search text: a code, words of the title in either language, its pinyin or pinyin initials, as for items.
    #[param(max_length = 100, example = "GB30077")]
    #[validate(length(max = 100), non_control_character)]
    q: Option<String>,
    /// The day; today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    as_of: Option<NaiveDate>,
    /// The state as of this revision.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    revision: Option<Revision>,
    /// Only entries about which something was recorded after this instant, whatever day it holds from. Nothing is deleted:
    /// an entry that ends stays in the list as it then is.
    #[serde(default, deserialize_with = "base::sent::optional")]
    changed_since: Option<DateTime<Utc>>,
    /// The format of the answer; overrides `Accept`.
    pub(super) format: Option<Format>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List standards
///
/// Lists every edition, adopted or not, ordered by code.
#[utoipa::path(
    tag = "standards",
    params(ListStandards),
    responses((status = 200, description = "A page of standards.", body = Page<StandardView>), Problems),
    security(("bearer" = []))
)]
#[get("/standards")]
pub async fn list_standards(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListStandards>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let read = move |snapshot: &mut Snapshot<'_>| read_page(snapshot, belongs, &query, format, language, now);
    reply::list(&request, format, state.db.read(read).await?).await
}

/// The page that a request asks for.
pub(super) fn read_page(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    query: &ListStandards,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
) -> Result<Page<StandardView>, Error> {
    let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: None };
    let moment = Moment::resolve(snapshot, asked, now)?;
    let today = match moment.as_of {
        Some(day) => day,
        None => db::accounts::today(snapshot.connection, belongs, moment.now)?,
    };
    let standards = db::standards::list(snapshot.connection, moment.revision)?;
    let changed = ChangedSince::read(snapshot.connection, query.changed_since)?;
    let search = query.q.as_deref().map(Search::new);
    let views = standards
        .iter()
        .filter(|found| {
            let rules = found.rules.iter().flat_map(|rule| rule.versions.iter().map(|row| row.learnt));
            changed.takes_any(found.versions.iter().map(|row| row.learnt).chain(rules))
        })
        .filter_map(|found| Some((found.code.clone(), view(found, today, language)?)))
        .filter(|(code, view)| {
            search.as_ref().is_none_or(|search| search.fit(code, &[&view.title_en, &view.title_zh]).is_some())
        });
    Page::of(views, format.limit(query.limit), query.cursor.as_deref())
}

/// Find a standard
///
/// Returns one edition by its code. Its rules are in the list of rules.
#[utoipa::path(
    tag = "standards",
    params(("standard" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013")),
    responses((status = 200, description = "The standard.", body = StandardView), Problems),
    security(("bearer" = []))
)]
#[get("/standards/{standard}")]
pub async fn find_standard(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    code: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let read = move |snapshot: &mut Snapshot<'_>| find(snapshot, belongs, &code, language, now);
    reply::json(&request, &state.db.read(read).await?)
}

/// One edition as it is today.
///
/// # Errors
/// `NotFound` if there is none with that code.
pub(super) fn find(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    code: &str,
    language: Language,
    now: DateTime<Utc>,
) -> Result<StandardView, Error> {
    let today = db::accounts::today(snapshot.connection, belongs, now)?;
    let standards = db::standards::list(snapshot.connection, Revision::LATEST)?;
    let found = standards.iter().find(|found| found.code == code);
    found.and_then(|found| view(found, today, language)).ok_or(Error::NotFound("standard"))
}

/// One entry in the history of a standard or of one of its rules.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"rule": "R026", "withdrawn": false}))]
struct StandardChange {
    /// The rule; `null` for the standard itself.
    #[schema(max_length = 64)]
    rule: Option<String>,
    /// True if the rule was withdrawn.
    withdrawn: bool,
}

/// List the history of a standard
///
/// Lists every change of the standard and of its rules with its author; earliest first. For the state on a day, use `as_of`
/// and `revision` in the lists of standards and rules.
#[utoipa::path(
    tag = "standards",
    params(
        ("standard" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013"),
        ListAll
    ),
    responses((status = 200, description = "A page of changes.", body = Page<Version<StandardChange>>), Problems),
    security(("bearer" = []))
)]
#[get("/standards/{standard}/history")]
pub async fn list_standard_history(
    request: HttpRequest,
    state: web::Data<AppState>,
    _: Caller<Everyone>,
    code: web::Path<String>,
    Query(query): Query<ListAll>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let page = state.db.read(move |snapshot| {
        let connection = &mut *snapshot.connection;
        let standards = db::standards::list(connection, Revision::LATEST)?;
        let standard = standards.iter().find(|found| found.code == *code).ok_or(Error::NotFound("standard"))?;
        let documents = db::standards::document_history(connection, &standard.code, Revision::LATEST)?;
        let rules = db::standards::rule_history(connection, &standard.code, Revision::LATEST)?;
        let revisions = documents.iter().map(|row| row.row.learnt.revision);
        let revisions = revisions.chain(rules.iter().map(|(_, row)| row.row.learnt.revision));
        let authors = Authors::of(connection, revisions)?;
        let of_itself = documents.iter().map(|Recorded { row, reason }| {
            authors.version(row, reason.clone(), StandardChange { rule: None, withdrawn: false })
        });
        let of_rules = rules.iter().map(|(code, Recorded { row, reason })| {
            let change = StandardChange { rule: Some(code.clone()), withdrawn: row.value.is_none() };
            authors.version(row, reason.clone(), change)
        });
        let changes = of_itself.chain(of_rules).map(|version| {
            let key = (version.revision, version.state.rule.clone(), version.valid_from);
            (key, version)
        });
        Page::of(changes, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
}

fn view(standard: &Standard, day: NaiveDate, language: Language) -> Option<StandardView> {
    let document = in_force_or_first(&standard.versions, day)?.value.clone();
    let rules = standard.rules.iter().filter(|rule| rule.on(day).is_some()).count();
    Some(StandardView {
        standard: StandardLabel::of(standard, day, language),
        title_en: document.title_en,
        title_zh: document.title_zh,
        jurisdiction: document.jurisdiction,
        status: document.status,
        valid_from: document.valid_from,
        valid_to: document.valid_to,
        replaced_by: document.replaced_by,
        note: document.note,
        rules,
    })
}
