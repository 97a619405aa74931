//! Reading and checking drafts.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::list_all::ListAll;
use crate::api::page::Page;
use crate::api::problem::{FieldProblem, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::reply::{self, Format};
use crate::api::state::AppState;
use crate::api::versions::{AuthorLabel, Authors};
use base::error::Error;
use base::time::serialize_instant;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::draft::{Draft, DraftFate, Finding, Severity, StandardText};
use domain::revision::Revision;
use text::language::Language;

/// The state of a standard's draft, with its findings.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = drafted)]
pub struct DraftView {
    /// The code of the standard.
    #[schema(max_length = 64)]
    pub standard: String,
    /// Its state.
    pub fate: DraftFate,
    /// The standard with its rules.
    pub draft: StandardText,
    /// The findings about it, as it would hold from today.
    pub check: DraftCheck,
    /// The name of its last author; `null` for the program.
    pub author: Option<AuthorLabel>,
    /// The revision that recorded it.
    pub revision: Revision,
    /// The time of that commit.
    #[serde(serialize_with = "serialize_instant")]
    pub recorded_at: DateTime<Utc>,
}

/// The findings about a draft.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "faults": [{"pointer": "/rules/0/unit", "code": "unit_differs",
        "detail": "L2010101 is counted in set: write the rule in that unit."}],
    "warnings": []
}))]
pub struct DraftCheck {
    /// The faults that must be corrected before publication, the first 10,000; the pointers are into `draft`.
    #[schema(max_items = 10_000)]
    pub faults: Vec<FieldProblem>,
    /// The warnings, the first 10,000: things that may be intended, but rarely are.
    #[schema(max_items = 10_000)]
    pub warnings: Vec<FieldProblem>,
}

impl DraftCheck {
    fn of(findings: &[Finding], language: Language) -> Self {
        let told = |severity: Severity| {
            let some = findings.iter().filter(|finding| finding.severity == severity);
            some.map(|finding| FieldProblem::of(&finding.fault, language)).collect()
        };
        Self { faults: told(Severity::Fault), warnings: told(Severity::Warning) }
    }
}

/// An example of an answer about a draft.
fn drafted() -> serde_json::Value {
    serde_json::json!({
        "standard": "GB30077-2013", "fate": "written", "draft": domain::examples::standard(),
        "check": {"faults": [], "warnings": []},
        "author": {"id": "0198f5a2-0000-7000-8000-000000000009", "name": "Officer Wang"}, "revision": 12,
        "recorded_at": "2026-11-23T02:10:00.000000Z"
    })
}

/// A draft that waits to be published, in short.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "standard": "GB30077-2013", "title": "Allocation of emergency rescue material, chemical units", "rules": 97,
    "faults": 0, "warnings": 2, "author": {"id": "0198f5a2-0000-7000-8000-000000000009", "name": "Officer Wang"},
    "revision": 12, "recorded_at": "2026-11-23T02:10:00.000000Z"
}))]
pub struct DraftSummary {
    /// The code of the standard.
    #[schema(max_length = 64)]
    pub standard: String,
    /// Its title in the caller's language.
    #[schema(max_length = 200)]
    pub title: String,
    /// The number of its rules.
    #[schema(minimum = 0, maximum = 1000)]
    pub rules: usize,
    /// The number of faults.
    #[schema(minimum = 0, maximum = 10_000)]
    pub faults: usize,
    /// The number of warnings.
    #[schema(minimum = 0, maximum = 10_000)]
    pub warnings: usize,
    /// The name of its last author; `null` for the program.
    pub author: Option<AuthorLabel>,
    /// The revision that recorded it.
    pub revision: Revision,
    /// The time of that commit.
    #[serde(serialize_with = "serialize_instant")]
    pub recorded_at: DateTime<Utc>,
}

/// List drafts
///
/// Lists the drafts that wait to be published, ordered by the standards' codes.
#[utoipa::path(
    tag = "standards",
    params(ListAll),
    responses((status = 200, description = "A page of drafts.", body = Page<DraftSummary>), Problems),
    security(("bearer" = []))
)]
#[get("/drafts")]
pub async fn list_drafts(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListAll>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let drafts = db::drafts::list(snapshot.connection, Revision::LATEST)?;
        let open = drafts.into_iter().filter(Draft::is_open).map(|draft| (draft.standard.clone(), draft));
        let Page { items, next_cursor } = Page::of(open, format.limit(query.limit), query.cursor.as_deref())?;
        let authors = Authors::of(snapshot.connection, items.iter().map(|draft| draft.learnt.revision))?;
        let view = |draft: Draft| {
            let findings = snapshot.draft_findings(&draft, today)?;
            Ok(summarize(&findings, draft, &authors, language))
        };
        let items: Vec<DraftSummary> = items.into_iter().map(view).collect::<Result<_, Error>>()?;
        Ok(Page { items, next_cursor })
    });
    reply::list(&request, format, page.await?).await
}

fn summarize(findings: &[Finding], draft: Draft, authors: &Authors, language: Language) -> DraftSummary {
    let faults = findings.iter().filter(|finding| finding.severity == Severity::Fault).count();
    DraftSummary {
        title: language.choose(&draft.text.title_en, &draft.text.title_zh).to_owned(),
        rules: draft.text.rules.len(),
        faults,
        warnings: findings.len().saturating_sub(faults),
        standard: draft.standard,
        author: authors.label(draft.learnt.revision),
        revision: draft.learnt.revision,
        recorded_at: draft.learnt.at,
    }
}

/// Find a draft
///
/// Returns the draft of a standard with the findings about it. Send its `ETag` as `If-Match` to change it.
#[utoipa::path(
    tag = "standards",
    params(("standard" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013")),
    responses((status = 200, description = "The draft.", body = DraftView), Problems),
    security(("bearer" = []))
)]
#[get("/standards/{standard}/draft")]
pub async fn find_draft(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    code: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let found = state.db.read(move |snapshot| find_open(snapshot, belongs, &code, language, now));
    let view = found.await?;
    reply::versioned(&request, &view, view.revision)
}

/// Check a draft
///
/// Checks the draft as it would hold from today: returns the faults that must be corrected before it is published, and
/// warnings about unusual content. Changes nothing.
#[utoipa::path(
    tag = "standards",
    params(("standard" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013")),
    responses((status = 200, description = "The faults and warnings.", body = DraftCheck), Problems),
    security(("bearer" = []))
)]
#[post("/standards/{standard}/draft/check")]
pub async fn check_draft(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    code: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let found = state.db.read(move |snapshot| find_open(snapshot, belongs, &code, language, now));
    reply::json(&request, &found.await?.check)
}

/// The open draft of a standard.
///
/// # Errors
/// `NotFound` if there is none.
fn find_open(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    code: &str,
    language: Language,
    now: DateTime<Utc>,
) -> Result<DraftView, Error> {
    let (view, _) = find_last(snapshot, belongs, code, language, now)?;
    if view.fate == DraftFate::Written { Ok(view) } else { Err(Error::NotFound("draft")) }
}

/// The draft of a standard as it was last written, discarded or published; with the first day on which it holds if it was
/// published.
///
/// # Errors
/// `NotFound` if there never was one.
pub(super) fn find_last(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    code: &str,
    language: Language,
    now: DateTime<Utc>,
) -> Result<(DraftView, Option<NaiveDate>), Error> {
    // Compared here, because a key in a path may be a text that the database cannot store.
    let drafts = db::drafts::list(snapshot.connection, Revision::LATEST)?;
    let draft = drafts.into_iter().find(|draft| draft.standard == code).ok_or(Error::NotFound("draft"))?;
    let today = db::accounts::today(snapshot.connection, belongs, now)?;
    let findings = snapshot.draft_findings(&draft, today)?;
    let revision = draft.learnt.revision;
    let view = DraftView {
        standard: draft.standard,
        fate: draft.fate,
        draft: draft.text,
        check: DraftCheck::of(&findings, language),
        author: Authors::of(snapshot.connection, [revision])?.label(revision),
        revision,
        recorded_at: draft.learnt.at,
    };
    Ok((view, draft.valid_from))
}
