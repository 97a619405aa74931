//! The dictionary of facts, and reading the fact sheets of organizations.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::body::Body;
use super::callers::{Caller, Everyone, Officers};
use super::changed::{self, Changed};
use super::changed_since::ChangedSince;
use super::condition::{Condition, ConditionProblems};
use super::labels::OrganizationLabel;
use super::language::AcceptLanguage;
use super::page::Page;
use super::problem::{BodyProblems, Problems};
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use super::selection::find_organization;
use super::versions::{self, ConditionHeaders, ListVersions, Version};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use db::connection::AnyConnection;
use db::locks::Locks;
use db::write::Change;
use domain::condition::{FactFound, FactState};
use domain::fact::{FactDefinition, FactKind, FactText, FactsOnDay};
use domain::new_facts::NewFactDefinition;
use domain::new_facts::NumberOrTag;
use domain::organization::Organization;
use domain::revision::{Dated, Revision, in_force, in_force_or_first, last_change};
use service::reference;
use text::language::Language;

/// An entry of the dictionary of facts.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "key": "people_on_shift", "kind": "number", "unit": "person", "name": "People on the largest shift",
    "definition": "People at work at once in the largest shift.", "name_en": "People on the largest shift",
    "name_zh": "最大班次人数", "definition_en": "People at work at once in the largest shift.",
    "definition_zh": "最大班次同时在岗的人数。"
}))]
struct FactDefinitionView {
    /// Its key.
    #[schema(max_length = 64)]
    key: String,
    /// Number or tag.
    kind: FactKind,
    /// The unit of a number.
    #[schema(max_length = 16)]
    unit: Option<String>,
    /// Its name in the caller's language.
    #[schema(max_length = 200)]
    name: String,
    /// Its definition in the caller's language.
    #[schema(max_length = 1000)]
    definition: String,
    /// Name in English.
    #[schema(max_length = 200)]
    name_en: String,
    /// Name in Chinese.
    #[schema(max_length = 200)]
    name_zh: String,
    /// Definition in English.
    #[schema(max_length = 1000)]
    definition_en: String,
    /// Definition in Chinese.
    #[schema(max_length = 1000)]
    definition_zh: String,
}

/// An organization's fact sheet on a day.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "organization": {"id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade"},
    "as_of": "2026-11-23", "complete": true, "complete_from": "2026-01-01",
    "facts": [
        {"key": "people_on_shift", "kind": "number", "unit": "person", "name": "People on the largest shift",
         "state": "recorded", "value": {"number": 24}, "valid_from": "2026-03-01"},
        {"key": "toxic", "kind": "tag", "unit": null, "name": "Toxic substances", "state": "absent", "value": {"tag": false},
         "valid_from": "2026-01-01"}
    ]
}))]
pub(super) struct FactSheetView {
    /// The organization.
    organization: OrganizationLabel,
    /// The day.
    as_of: NaiveDate,
    /// True if an officer marked the sheet complete: facts not on it are absent, not unknown.
    complete: bool,
    /// The day from which it is complete.
    complete_from: Option<NaiveDate>,
    /// Every entry of the dictionary, in the order of the keys.
    #[schema(max_items = 10_000)]
    facts: Vec<FactView>,
}

/// One entry of the dictionary on a fact sheet.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct FactView {
    /// Its key.
    #[schema(max_length = 64)]
    key: String,
    /// Number or tag.
    kind: FactKind,
    /// The unit of a number.
    #[schema(max_length = 16)]
    unit: Option<String>,
    /// Its name in the caller's language.
    #[schema(max_length = 200)]
    name: String,
    /// The state of knowledge about it.
    state: FactState,
    /// The number or the tag's value; `null` if unknown. An absent fact is 0 or false.
    value: Option<NumberOrTag>,
    /// The first day on which that holds; for an absent fact, the day from which the sheet is complete.
    valid_from: Option<NaiveDate>,
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListFacts {
    /// Only entries about which something was recorded after this instant, whatever day it holds from. Nothing is deleted:
    /// an entry that ends stays in the list as it then is.
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

/// The day of a fact sheet.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FindFactSheet {
    /// The day; the organization's today if left out.
    #[param(example = "2026-11-23")]
    #[serde(default, deserialize_with = "base::sent::optional")]
    as_of: Option<NaiveDate>,
}

/// List the dictionary of facts
///
/// Lists all facts that a rule may ask for, ordered by key.
#[utoipa::path(
    tag = "organizations",
    params(ListFacts),
    responses((status = 200, description = "A page of the dictionary.", body = Page<FactDefinitionView>), Problems),
    security(("bearer" = []))
)]
#[get("/facts")]
pub async fn list_facts(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListFacts>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let changed = ChangedSince::read(snapshot.connection, query.changed_since)?;
        let views = db::facts::list_definitions(snapshot.connection, Revision::LATEST)?
            .into_iter()
            .filter(|definition| changed.takes_versions(&definition.versions))
            .filter_map(|definition| Some((definition.key.clone(), on(&definition, today, language).ok()?)));
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
}

/// Find an organization's fact sheet
///
/// Returns every entry of the dictionary with its state on a day: recorded, absent from a complete sheet, or unknown,
/// which is neither 0 nor false.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        FindFactSheet
    ),
    responses((status = 200, description = "The fact sheet.", body = FactSheetView), Problems),
    security(("bearer" = []))
)]
#[get("/organizations/{organization}/facts")]
pub async fn find_fact_sheet(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    key: web::Path<String>,
    Query(query): Query<FindFactSheet>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let view = state.db.read(move |snapshot| {
        let organization = find_organization(snapshot.connection, belongs, &key, Revision::LATEST)?;
        let today = db::organizations::day_of(snapshot.connection, organization.id, now)?;
        let day = query.as_of.unwrap_or(today);
        sheet_on(snapshot.connection, &organization, day, language, Revision::LATEST)
    });
    let (view, last) = view.await?;
    reply::versioned(&request, &view, last)
}

/// An organization's fact sheet on a day, as of a revision, and the revision of its last change.
pub(super) fn sheet_on(
    connection: &mut AnyConnection,
    organization: &Organization,
    day: NaiveDate,
    language: Language,
    revision: Revision,
) -> Result<(FactSheetView, Revision), Error> {
    let dictionary = db::facts::list_definitions(connection, revision)?;
    let sheet = db::facts::list_sheets(connection, &[organization.id], revision)?;
    let sheet = sheet.into_values().next().unwrap_or_default();
    let complete = in_force(&sheet.complete, day).filter(|row| row.value);
    let known = sheet.on(day, &dictionary);
    let view = FactSheetView {
        organization: OrganizationLabel::of(organization, day, language),
        as_of: day,
        complete: complete.is_some(),
        complete_from: complete.map(|row| row.valid_from),
        facts: dictionary.iter().map(|definition| tell(definition, &known, day, language)).collect(),
    };
    Ok((view, sheet.last_change().unwrap_or_default()))
}

/// Find an entry of the dictionary of facts
///
/// Returns one entry by its key, with today's name and definition.
#[utoipa::path(
    tag = "organizations",
    params(("fact" = String, Path, description = "The fact's key.", max_length = 64, example = "people_on_shift")),
    responses((status = 200, description = "The entry.", body = FactDefinitionView), Problems),
    security(("bearer" = []))
)]
#[get("/facts/{fact}")]
pub async fn find_fact(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    key: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let found = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let definition = find(snapshot.connection, &key, Revision::LATEST)?;
        Ok((on(&definition, today, language)?, last_change(&definition.versions)))
    });
    let (view, last) = found.await?;
    reply::versioned(&request, &view, last)
}

/// Put an entry of the dictionary of facts
///
/// Adds a fact that rules may ask for, or changes its names and definitions. Its kind and its unit never change. On a
/// sheet that was marked complete earlier, a new fact is unknown. The dictionary is the same for all regions: officers
/// and admins of the topmost bureau maintain it.
///
/// The new version holds from `valid_from` until the first day of the next version; versions of other days stay as they
/// are, and nothing is overwritten: an earlier `valid_from` corrects the past. A repeat answers 200 with `repeated` and
/// changes nothing. A change needs `If-Match` with the `ETag` that was read.
#[utoipa::path(
    tag = "organizations",
    params(
        ("fact" = String, Path, description = "The fact's key: small letters, digits and `_`.", max_length = 64,
            example = "divers"),
        ConditionHeaders
    ),
    request_body = NewFactDefinition,
    responses(
        (status = 200, description = "The entry was changed, or was already as sent.", body = Changed<FactDefinitionView>),
        (status = 201, description = "The entry was added.", body = Changed<FactDefinitionView>),
        Problems,
        BodyProblems,
        ConditionProblems
    ),
    security(("bearer" = []))
)]
#[put("/facts/{fact}")]
pub async fn put_fact(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    condition: Condition,
    key: web::Path<String>,
    body: Body<NewFactDefinition>,
) -> Result<HttpResponse, ApiError> {
    let editor = caller.editor(&state);
    let (key, put_key) = (key.clone(), key.into_inner());
    let work = move |change: &mut Change<'_>| reference::put(change, &editor, &put_key, &body.value, &condition.0);
    let written = state.db.write(caller.actor, Locks::none().reference(), work).await?;
    let (put, revision) = (written.value, written.value.revision(written.revision));
    let view = state.db.read(move |snapshot| on(&find(snapshot.connection, &key, revision)?, put.valid_from, language));
    Ok(changed::answer_put(put, written.revision, view.await?))
}

/// List the history of an entry of the dictionary of facts
///
/// Lists every version of an entry with its author, latest revision first.
#[utoipa::path(
    tag = "organizations",
    params(
        ("fact" = String, Path, description = "The fact's key.", max_length = 64, example = "people_on_shift"),
        ListVersions
    ),
    responses((status = 200, description = "A page of versions.", body = Page<Version<FactDefinitionView>>), Problems),
    security(("bearer" = []))
)]
#[get("/facts/{fact}/history")]
pub async fn list_fact_history(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    _: Caller<Everyone>,
    Query(mut query): Query<ListVersions>,
    key: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    query.format = Some(format);
    let page = state.db.read(move |snapshot| {
        let definition = find(snapshot.connection, &key, Revision::LATEST)?;
        let view = |row: &Dated<FactText>| define(&definition, &row.value, language);
        versions::history_of_one(snapshot.connection, &definition.versions, &query, view)
    });
    reply::list(&request, format, page.await?).await
}

fn find(connection: &mut AnyConnection, key: &str, revision: Revision) -> Result<FactDefinition, Error> {
    let dictionary = db::facts::list_definitions(connection, revision)?;
    dictionary.into_iter().find(|entry| entry.key == key).ok_or(Error::NotFound("fact"))
}

fn on(definition: &FactDefinition, day: NaiveDate, language: Language) -> Result<FactDefinitionView, Error> {
    let version = in_force_or_first(&definition.versions, day).ok_or(Error::NotFound("fact"))?;
    Ok(define(definition, &version.value, language))
}

fn define(definition: &FactDefinition, text: &FactText, language: Language) -> FactDefinitionView {
    let FactText { name_en, name_zh, definition_en, definition_zh } = text.clone();
    FactDefinitionView {
        key: definition.key.clone(),
        kind: definition.kind,
        unit: definition.unit.clone(),
        name: language.choose(&name_en, &name_zh).to_owned(),
        definition: language.choose(&definition_en, &definition_zh).to_owned(),
        name_en,
        name_zh,
        definition_en,
        definition_zh,
    }
}

fn tell(definition: &FactDefinition, known: &FactsOnDay<'_>, day: NaiveDate, language: Language) -> FactView {
    let found = match definition.kind {
        FactKind::Number => FactFound::number(known, &definition.key),
        FactKind::Tag => FactFound::tag(known, &definition.key),
    };
    let name = in_force_or_first(&definition.versions, day)
        .map(|row| language.choose(&row.value.name_en, &row.value.name_zh).to_owned());
    FactView {
        key: definition.key.clone(),
        kind: definition.kind,
        unit: definition.unit.clone(),
        name: name.unwrap_or_default(),
        state: found.state,
        value: found.number.map(NumberOrTag::Number).or(found.tag.map(NumberOrTag::Tag)),
        valid_from: found.valid_from,
    }
}
