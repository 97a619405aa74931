//! Recording the facts of organizations, and the history of their sheets.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::any_of::{AnyOf, Code, are_codes};
use super::body::Body;
use super::callers::{Caller, Everyone, Officers};
use super::changed::{self, Changed};
use super::condition::{Condition, ConditionProblems};
use super::facts::{FactSheetView, sheet_on};
use super::language::AcceptLanguage;
use super::page::Page;
use super::problem::{BodyProblems, Problems};
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use super::selection::find_organization;
use super::versions::{self, ConditionHeaders, ListVersions, Version};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::{Error, Fault};
use base::id::OrganizationId;
use db::locks::Locks;
use db::write::Change;
use domain::fact::{FactKey, FactValue};
use domain::new_facts::{NewFact, NewFactValue, NewFacts, NumberOrTag};
use domain::revision::{Dated, Revision};
use service::reference;

/// An entry of a fact sheet: a fact, or its completeness.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"key": "people_on_shift", "value": {"number": 24}, "complete": null}))]
struct SheetEntry {
    /// The fact's key; `null` for the mark of the whole sheet.
    #[schema(max_length = 64)]
    key: Option<String>,
    /// The number or the tag's value; `null` if it was withdrawn.
    value: Option<NumberOrTag>,
    /// True if the sheet was marked complete, false if that was withdrawn; `null` for a fact.
    complete: Option<bool>,
}

/// The selection of entries to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListSheetEntries {
    /// Only entries of these facts.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["people_on_shift"]))]
    #[validate(custom(function = are_codes))]
    fact: AnyOf<Code>,
    /// Only versions that were recorded after this instant, whatever day they hold from.
    #[serde(default, deserialize_with = "base::sent::optional")]
    changed_since: Option<DateTime<Utc>>,
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

/// Record facts of an organization
///
/// Records facts that hold from `valid_from`, all in one revision, or none if any of them is faulty. Facts that are not
/// listed stay as they are. `complete` marks the sheet: every entry of the dictionary, as it is at that revision, that is
/// not on the sheet is then absent (0 or false), not unknown. `null` withdraws a fact: it is unknown again, unless the
/// sheet is marked complete in the same request or later. Facts may be backdated. A repeat answers 200 with `repeated`
/// and changes nothing. A change needs `If-Match` with the `ETag` of the sheet, unless nothing was ever recorded on it.
/// Officers and admins record facts in their region and below.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        ConditionHeaders
    ),
    request_body = NewFacts,
    responses(
        (status = 200, description = "The sheet was changed, or was already as sent.", body = Changed<FactSheetView>),
        (status = 201, description = "The first entry of the sheet was recorded.", body = Changed<FactSheetView>),
        Problems,
        BodyProblems,
        ConditionProblems
    ),
    security(("bearer" = []))
)]
#[put("/organizations/{organization}/facts")]
pub async fn put_fact_sheet(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    condition: Condition,
    key: web::Path<String>,
    body: Body<NewFacts>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, editor) = (caller.belongs, caller.editor(&state));
    let find = state.db.read(move |snapshot| find_organization(snapshot.connection, belongs, &key, Revision::LATEST));
    let organization = find.await?;
    let new = body.value;
    let locks = Locks::organization(organization.id);
    let id = organization.id.to_string();
    let work = move |change: &mut Change<'_>| reference::put(change, &editor, &id, &new, &condition.0);
    let written = state.db.write(caller.actor, locks, work).await?;
    let (put, revision) = (written.value, written.value.revision(written.revision));
    let view = state.db.read(move |snapshot| {
        sheet_on(snapshot.connection, &organization, put.valid_from, language, revision).map(|(view, _)| view)
    });
    Ok(changed::answer_put(put, written.revision, view.await?))
}

/// Record a fact of an organization
///
/// Records one fact of the dictionary, under the same rules as recording several at once. `If-Match` names the state of the
/// whole sheet; `If-None-Match: *` asks that this fact was never recorded on it.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        ("fact" = String, Path, description = "The fact's key.", max_length = 64, example = "people_on_shift"),
        ConditionHeaders
    ),
    request_body = NewFactValue,
    responses(
        (status = 200, description = "The sheet was changed, or was already as sent.", body = Changed<FactSheetView>),
        (status = 201, description = "The first entry of the sheet was recorded.", body = Changed<FactSheetView>),
        Problems,
        BodyProblems,
        ConditionProblems
    ),
    security(("bearer" = []))
)]
#[put("/organizations/{organization}/facts/{fact}")]
pub async fn put_sheet_fact(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    condition: Condition,
    path: web::Path<(String, String)>,
    body: Body<NewFactValue>,
) -> Result<HttpResponse, ApiError> {
    let (key, fact) = path.into_inner();
    let (belongs, editor) = (caller.belongs, caller.editor(&state));
    let NewFactValue { valid_from, value } = body.value;
    let new = NewFacts { valid_from, complete: None, facts: vec![NewFact { key: fact.clone(), value }] };
    let asked = fact.clone();
    let find = state.db.read(move |snapshot| {
        let organization = find_organization(snapshot.connection, belongs, &key, Revision::LATEST)?;
        let dictionary = db::facts::list_definitions(snapshot.connection, Revision::LATEST)?;
        let there = dictionary.iter().any(|entry| entry.key == asked);
        there.then_some(organization).ok_or(Error::NotFound("fact"))
    });
    let organization = find.await?;
    let organization_id = organization.id;
    let locks = Locks::organization(organization_id);
    let id = organization_id.to_string();
    let work = move |change: &mut Change<'_>| {
        let state = condition.of_fact(|| is_recorded(change, organization_id, &fact))?;
        reference::put(change, &editor, &id, &new, &state).map_err(of_one)
    };
    let written = state.db.write(caller.actor, locks, work).await?;
    let (put, revision) = (written.value, written.value.revision(written.revision));
    let view = state.db.read(move |snapshot| {
        sheet_on(snapshot.connection, &organization, put.valid_from, language, revision).map(|(view, _)| view)
    });
    Ok(changed::answer_put(put, written.revision, view.await?))
}

/// True if the fact was ever recorded on the sheet of an organization, and withdrawn or not.
fn is_recorded(change: &mut Change<'_>, organization: OrganizationId, fact: &FactKey) -> Result<bool, Error> {
    let keys = Some(std::slice::from_ref(fact));
    let values = db::facts::list_values(change.connection, &[organization], keys, Revision::LATEST)?;
    Ok(!values.is_empty())
}

/// The faults of a sheet's only fact, with pointers into a body that is that fact.
fn of_one(error: Error) -> Error {
    let Error::Invalid(faults) = error else { return error };
    let at_top = |fault: Fault| match fault.pointer.strip_prefix("/facts/0") {
        Some(pointer) => Fault { pointer: pointer.to_owned(), ..fault },
        None => fault,
    };
    Error::Invalid(faults.into_iter().map(at_top).collect())
}

/// List the history of a fact sheet
///
/// Lists everything ever recorded on an organization's sheet with its author, latest revision first.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        ListSheetEntries
    ),
    responses((status = 200, description = "A page of versions.", body = Page<Version<SheetEntry>>), Problems),
    security(("bearer" = []))
)]
#[get("/organizations/{organization}/fact-history")]
pub async fn list_fact_sheet_history(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Everyone>,
    Query(query): Query<ListSheetEntries>,
    key: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let belongs = caller.belongs;
    let page = state.db.read(move |snapshot| {
        let organization = find_organization(snapshot.connection, belongs, &key, Revision::LATEST)?;
        let sheet = db::facts::list_sheets(snapshot.connection, &[organization.id], Revision::LATEST)?;
        let sheet = sheet.into_values().next().unwrap_or_default();
        let ListSheetEntries { fact: asked, changed_since, limit, cursor, .. } = query;
        let entries: Vec<(&str, Dated<SheetEntry>)> = sheet
            .facts
            .iter()
            .flat_map(|(key, rows)| rows.iter().map(|row| (key.as_str(), dated(row, SheetEntry::of(key, row.value)))))
            .chain(sheet.complete.iter().map(|row| ("", dated(row, SheetEntry::mark(row.value)))))
            .filter(|(key, _)| asked.takes_code(key))
            .collect();
        let rows: Vec<(&str, &Dated<SheetEntry>)> = entries.iter().map(|(key, row)| (*key, row)).collect();
        versions::history(
            snapshot.connection,
            &rows,
            &ListVersions { changed_since, format: Some(format), limit, cursor },
            |_, row| row.value.clone(),
        )
    });
    reply::list(&request, format, page.await?).await
}

/// A row with another value at the same position of a history.
fn dated<V, T>(row: &Dated<V>, value: T) -> Dated<T> {
    Dated { valid_from: row.valid_from, learnt: row.learnt, value }
}

impl SheetEntry {
    fn of(key: &str, value: FactValue) -> Self {
        Self { key: Some(key.to_owned()), value: NumberOrTag::of(value), complete: None }
    }

    fn mark(complete: bool) -> Self {
        Self { key: None, value: None, complete: Some(complete) }
    }
}
