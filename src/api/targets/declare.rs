//! Declaring a target.

use actix_web::{HttpResponse, put, web};
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use validator::{Validate, ValidationError};

use super::read::{TargetHistory, find};
use crate::api::body::Body;
use crate::api::callers::{Caller, Counters};
use crate::api::changed::{self, ChangeProblems, Changed};
use crate::api::condition::IfMatch;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::selection::find_organization;
use crate::api::state::AppState;
use base::quantity::Quantity;
use db::locks::Locks;
use db::write::Change;
use domain::change::Put;
use domain::change::targets::NewDeclaration;
use domain::revision::Revision;
use domain::text::is_text;
use service::reference;

/// A new target of an organization.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"quantity": 4}))]
pub struct NewTarget {
    /// The quantity in the rule's unit; `null` withdraws the declaration.
    #[serde(deserialize_with = "said")]
    #[schema(required)]
    #[validate(custom(function = is_natural))]
    pub quantity: Option<Quantity>,
    /// The first day; the organization's today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// The reason for a first day in the past; only an officer may correct past days.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub correction_reason: Option<String>,
}

/// Reads a value that may be `null` but not absent: a field that is left out by mistake must not withdraw a declaration.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Quantity>, D::Error> {
    Option::deserialize(deserializer)
}

fn is_natural(quantity: &Quantity) -> Result<(), ValidationError> {
    if *quantity < Quantity::ZERO { Err(ValidationError::new("negative")) } else { Ok(()) }
}

/// Declare a target
///
/// Declares the number that the organization needs under a rule that says "as needed". Its quartermaster or an officer
/// may declare, from today or later; only an officer corrects past days, with a reason. The rule must say "as needed" on
/// that day, but need not bind the organization yet. A repeat answers 200 and changes nothing.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        ("rule" = String, Path, description = "The rule's code.", max_length = 64, example = "R301"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the target, if one was declared before.",
            example = "W/\"r12.5c6c8e73\"")
    ),
    request_body = NewTarget,
    responses(
        (status = 200, description = "The target was changed, or was already as sent.", body = Changed<TargetHistory>),
        (status = 201, description = "The target was declared for the first time.", body = Changed<TargetHistory>),
        ChangeProblems,
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/organizations/{organization}/targets/{rule}")]
pub async fn put_target(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Counters>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    path: web::Path<(String, String)>,
    body: Body<NewTarget>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let (organization, rule) = path.into_inner();
    let key = organization.clone();
    let find_owner = move |connection: &mut _| find_organization(connection, belongs, &key, Revision::LATEST);
    let owner = state.db.read(move |snapshot| find_owner(snapshot.connection)).await?.id;
    let NewTarget { quantity, valid_from, correction_reason } = body.value;
    let declaration = NewDeclaration { quantity, valid_from, reason: correction_reason };
    let (editor, put_key) = (caller.editor(&state), (organization.clone(), rule.clone()));
    let if_match = if_match.into_precondition();
    let work = move |change: &mut Change<'_>| reference::put(change, &editor, &put_key, &declaration, &if_match);
    let Put { outcome, valid_from, .. } = state.db.write(caller.actor, Locks::organization(owner), work).await?.value;
    let found = state.db.read(move |snapshot| find(snapshot.connection, belongs, &organization, &rule, language, now));
    let (view, revision) = found.await?;
    Ok(changed::answer(view, Some(valid_from), outcome, revision))
}
