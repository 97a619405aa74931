//! The rule check of all standards of a bureau, or of texts that are not stored yet.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::body::Body;
use super::callers::{Caller, Officers};
use super::language::AcceptLanguage;
use super::page::Page;
use super::problem::{BodyProblems, Problems};
use super::query::Query;
use super::reply::{self, Format};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use base::holding::run_blocking;
use domain::draft::{Severity, StandardFinding, StandardText};
use service::rule_check::Stored;
use text::language::Language;

/// The standards to check.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"as_of": "2026-12-01"}))]
pub struct NewStandardsCheck {
    /// The texts of standards, which are not stored. They are checked beside each other and beside the stored ones, whose
    /// place they take where they have their codes. Left out, the stored standards are checked that are adopted on the day
    /// or later; or all, if none is.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 100)]
    #[validate(length(min = 1, max = 100), nested)]
    pub standards: Option<Vec<StandardText>>,
    /// The day on which they would hold; today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub as_of: Option<NaiveDate>,
}

/// A finding about standards.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "standard": "GB50156-2021", "rule": "R234", "organization": null, "severity": "fault",
    "pointer": "/rules/1/unit", "code": "unit_differs",
    "detail": "L2040104 is counted in piece: write the rule in that unit."
}))]
struct StandardFindingView {
    /// The code of the standard; `null` for a finding about an organization.
    #[schema(max_length = 64)]
    standard: Option<String>,
    /// The code of the rule, if it is about one.
    #[schema(max_length = 64)]
    rule: Option<String>,
    /// The code of the organization, if it is about one.
    #[schema(max_length = 64)]
    organization: Option<String>,
    /// A fault must be corrected before the standard is published; a warning may be intended, but rarely is.
    severity: Severity,
    /// A JSON pointer into the text of the standard, with its rules in their order on the day.
    #[schema(max_length = 256)]
    pointer: String,
    /// The kind of finding, as a stable snake_case word.
    #[schema(max_length = 64)]
    code: String,
    /// One sentence saying what is wrong and how to correct it.
    #[schema(max_length = 1000)]
    detail: String,
}

impl StandardFindingView {
    fn of(found: StandardFinding, language: Language) -> Self {
        let StandardFinding { standard, rule, organization, finding } = found;
        Self {
            standard,
            rule,
            organization,
            severity: finding.severity,
            pointer: finding.fault.pointer,
            code: finding.fault.code.to_owned(),
            detail: finding.fault.detail.text(language),
        }
    }
}

/// The part of the findings to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListFindings {
    /// The format of the answer; overrides `Accept`.
    format: Option<Format>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before, of the same question.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// Check standards
///
/// Checks standards as they would hold on a day, and changes nothing: what cannot be calculated, what is rarely intended,
/// what two standards ask for twice, which of the organizations that the caller sees no mandatory rule covers, and which
/// rules apply to none of them. Lists the first 10,000 findings by standard, faults first; those about organizations come
/// last.
#[utoipa::path(
    tag = "standards",
    params(ListFindings),
    request_body = NewStandardsCheck,
    responses(
        (status = 200, description = "A page of findings.", body = Page<StandardFindingView>),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[post("/standards/check")]
pub async fn check_standards(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    Query(query): Query<ListFindings>,
    body: Body<NewStandardsCheck>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let NewStandardsCheck { standards, as_of } = body.value;
    let stored = state.db.read(move |snapshot| {
        let day = match as_of {
            Some(day) => day,
            None => db::accounts::today(snapshot.connection, belongs, now)?,
        };
        Ok((Arc::new(Stored::load(snapshot, Some(belongs))?), day))
    });
    let (stored, day) = stored.await?;
    let check = move || stored.check(standards.as_deref(), day);
    let found = run_blocking(check).await.map_err(|error| Error::internal("standards cannot be checked", error))?;
    let views = found.into_iter().map(|found| StandardFindingView::of(found, language)).enumerate();
    let page = Page::of(views, format.limit(query.limit), query.cursor.as_deref())?;
    reply::list(&request, format, page).await
}
