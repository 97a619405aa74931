//! Depots: reading them, opening and closing them.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::any_of::{AnyOf, Code, are_codes};
use super::body::Body;
use super::callers::{Caller, Everyone, Officers};
use super::changed::{self, Changed};
use super::changed_since::ChangedSince;
use super::condition::{Condition, ConditionProblems, UnavailableProblems};
use super::keeper_names::{KeeperNames, Shown};
use super::labels::{DepotLabel, OrganizationLabel};
use super::language::AcceptLanguage;
use super::page::Page;
use super::problem::{BodyProblems, Problems};
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use super::selection::{list_organizations, regions_within};
use super::versions::{self, ConditionHeaders, ListVersions, Version};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use base::id::{ContactId, OrganizationId};
use db::locks::Locks;
use db::write::Change;
use domain::actor::Actor;
use domain::depot::{Depot, DepotVersion, Holding, NewDepot, Position};
use domain::organization::Organization;
use domain::revision::{Dated, Mend, Revision, in_force_or_first, last_change};
use domain::search::Search;
use service::reference;
use service::shortages::{ContactNames, keepers_of};
use text::language::Language;

/// A place where an organization keeps stock.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000003", "code": "T3-D1", "name": "Main store", "name_en": "Main store",
    "name_zh": "主库",
    "organization": {"id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade"},
    "position": {"lat": 41.05, "lon": 113.1, "datum": "cgcs2000"}, "keeper": "Storekeeper of T3", "second_keeper": null, "holding": "physical",
    "open": true
}))]
struct DepotView {
    /// The depot.
    #[serde(flatten)]
    depot: DepotLabel,
    /// Name in English.
    #[schema(max_length = 200)]
    name_en: String,
    /// Name in Chinese.
    #[schema(max_length = 200)]
    name_zh: String,
    /// The organization it belongs to.
    organization: OrganizationLabel,
    /// Its position, if known.
    position: Option<Position>,
    /// The keeper; the word `erased`, in the language of the answer, for one who was erased.
    #[schema(max_length = 200)]
    keeper: Option<String>,
    /// The second keeper, likewise.
    #[schema(max_length = 200)]
    second_keeper: Option<String>,
    /// The way its stock is held.
    holding: Holding,
    /// False once it was closed.
    open: bool,
    /// The keepers whom it names, for the log of reads.
    #[serde(skip)]
    named: BTreeSet<ContactId>,
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListDepots {
    /// Only depots of these organizations, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3"]))]
    #[validate(custom(function = are_codes))]
    organization: AnyOf<Code>,
    /// Only depots in these regions and all below them, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["159900"]))]
    #[validate(custom(function = are_codes))]
    region: AnyOf<Code>,
    /// The search text: a code, words of the name in either language, its pinyin or pinyin initials, as for items.
    #[param(max_length = 100, example = "brigade")]
    #[validate(length(max = 100), non_control_character)]
    q: Option<String>,
    /// Only open depots, or only closed ones.
    open: Option<bool>,
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

/// List depots
///
/// Lists the depots of the organizations that the caller sees, as they are today, ordered by code; closed ones are included.
#[utoipa::path(
    tag = "organizations",
    params(ListDepots),
    responses((status = 200, description = "A page of depots.", body = Page<DepotView>), Problems),
    security(("bearer" = []))
)]
#[get("/depots")]
pub async fn list_depots(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListDepots>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let search = query.q.as_deref().map(Search::new);
        let mut owners = list_organizations(snapshot.connection, belongs, &query.organization, Revision::LATEST)?;
        if let Some(regions) = regions_within(snapshot.connection, &query.region, Revision::LATEST)? {
            owners.retain(|owner| regions.contains(&owner.region_id));
        }
        let changed = ChangedSince::read(snapshot.connection, query.changed_since)?;
        let ids: Vec<OrganizationId> = owners.iter().map(|owner| owner.id).collect();
        let owners: BTreeMap<OrganizationId, Organization> =
            owners.into_iter().map(|owner| (owner.id, owner)).collect();
        let depots = db::depots::list(snapshot.connection, &ids, Revision::LATEST)?;
        let names = db::contacts::names(snapshot.connection, &keepers_of(&depots))?;
        let views = depots
            .into_iter()
            .filter(|depot| changed.takes_mended(&depot.versions, &depot.mends))
            .filter_map(|depot| {
                let owner = owners.get(&depot.organization_id)?;
                Some((depot.code.clone(), on(&depot, owner, today, &names, language).ok()?))
            })
            .filter(|(_, view)| query.open.is_none_or(|open| view.open == open))
            .filter(|(code, view)| {
                search.as_ref().is_none_or(|search| search.fit(code, &[&view.name_en, &view.name_zh]).is_some())
            });
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    let page = page.await?;
    log(&state, &caller.actor, &page.items).await?;
    reply::list(&request, format, page).await
}

/// Logs the keepers whom views name as read.
async fn log<'v>(
    state: &AppState,
    reader: &Actor,
    views: impl IntoIterator<Item = &'v DepotView>,
) -> Result<(), ApiError> {
    let shown = Shown::of(views.into_iter().flat_map(|view| view.named.iter().copied()));
    Ok(shown.log(state, reader).await?)
}

/// Find a depot
///
/// Returns a depot of an organization that the caller sees, as it is today.
#[utoipa::path(
    tag = "organizations",
    params(("depot" = String, Path, description = "The depot, by id or code.", max_length = 64, example = "T3-D1")),
    responses((status = 200, description = "The depot.", body = DepotView), Problems),
    security(("bearer" = []))
)]
#[get("/depots/{depot}")]
pub async fn find_depot(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    key: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let view = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let (depot, owner) = super::selection::find_depot(snapshot.connection, belongs, &key, Revision::LATEST)?;
        let names = db::contacts::names(snapshot.connection, &keepers_of([&depot]))?;
        Ok((on(&depot, &owner, today, &names, language)?, last_change(&depot.versions)))
    });
    let (view, last) = view.await?;
    log(&state, &caller.actor, [&view]).await?;
    reply::versioned(&request, &view, last)
}

/// Put a depot
///
/// Opens a depot of an organization, changes it, or closes it (`open`), which leaves its counts and its history as they
/// are; from that day on its stock counts in no figure. A closed depot can be opened again. A depot moves to another
/// organization only while nothing was counted in it. Officers and admins do this in their region and below.
///
/// The new version holds from `valid_from` until the first day of the next version; versions of other days stay as they
/// are, and nothing is overwritten: an earlier `valid_from` corrects the past. A repeat answers 200 with `repeated` and
/// changes nothing. A change needs `If-Match` with the `ETag` that was read.
///
/// A code that is not available is refused with 409 `unavailable`, whatever the cause. After 20 such answers in 15
/// minutes, for codes or user names, further requests for new ones get 429.
#[utoipa::path(
    tag = "organizations",
    params(
        ("depot" = String, Path,
            description = "The depot, by id or code; a new one by its code: letters, digits, `-`, `_` and `.`.",
            max_length = 64, example = "T3-D9"),
        ConditionHeaders
    ),
    request_body = NewDepot,
    responses(
        (status = 200, description = "The depot was changed, or was already as sent.", body = Changed<DepotView>),
        (status = 201, description = "The depot was added.", body = Changed<DepotView>),
        Problems,
        BodyProblems,
        ConditionProblems,
        UnavailableProblems
    ),
    security(("bearer" = []))
)]
#[put("/depots/{depot}")]
pub async fn put_depot(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    condition: Condition,
    key: web::Path<String>,
    body: Body<NewDepot>,
) -> Result<HttpResponse, ApiError> {
    let (asked, named) = (key.clone(), body.value.organization.clone());
    let owners =
        state.db.read(move |snapshot| service::depots::owners_of(snapshot.connection, &asked, named.as_deref()));
    let locks = Locks::organizations(owners.await?).reference().keys(service::unavailable::keys(&caller.actor));
    let editor = caller.editor(&state);
    let (key, put_key) = (key.clone(), key.into_inner());
    let work =
        move |change: &mut Change<'_>| reference::put_coded(change, &editor, &put_key, &body.value, &condition.0);
    let reader = caller.actor.clone();
    let written = state.db.write(caller.actor, locks, work).await?;
    let put = written.value?;
    let revision = put.revision(written.revision);
    let view = state.db.read(move |snapshot| {
        let (depot, owner) = super::selection::find_depot(snapshot.connection, caller.belongs, &key, revision)?;
        let names = db::contacts::names(snapshot.connection, &keepers_of([&depot]))?;
        on(&depot, &owner, put.valid_from, &names, language)
    });
    let view = view.await?;
    log(&state, &reader, [&view]).await?;
    Ok(changed::answer_put(put, written.revision, view))
}

/// List the history of a depot
///
/// Lists every version of a depot with its author, latest revision first.
#[utoipa::path(
    tag = "organizations",
    params(
        ("depot" = String, Path, description = "The depot, by id or code.", max_length = 64, example = "T3-D1"),
        ListVersions
    ),
    responses((status = 200, description = "A page of versions.", body = Page<Version<DepotView>>), Problems),
    security(("bearer" = []))
)]
#[get("/depots/{depot}/history")]
pub async fn list_depot_history(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(mut query): Query<ListVersions>,
    key: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    query.format = Some(format);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let (depot, owner) = super::selection::find_depot(snapshot.connection, belongs, &key, Revision::LATEST)?;
        let seen = db::organizations::list_visible(snapshot.connection, belongs, Revision::LATEST)?;
        let names = db::contacts::names(snapshot.connection, &keepers_of([&depot]))?;
        let view = |row: &Dated<DepotVersion>| {
            let then = Mend::known(&depot.mends, &owner.id, |learnt| learnt.revision <= row.learnt.revision);
            // An owner of before that the caller does not see is not named.
            let owner = seen.iter().find(|one| one.id == *then).unwrap_or(&owner);
            view(&depot, &row.value, OrganizationLabel::of(owner, today, language), &names, language)
        };
        versions::history_of_one(snapshot.connection, &depot.versions, &query, view)
    });
    let page = page.await?;
    log(&state, &caller.actor, page.items.iter().map(|version| &version.state)).await?;
    reply::list(&request, format, page).await
}

fn on(
    depot: &Depot,
    owner: &Organization,
    day: NaiveDate,
    names: &ContactNames,
    language: Language,
) -> Result<DepotView, Error> {
    let version = in_force_or_first(&depot.versions, day).ok_or(Error::NotFound("depot"))?;
    Ok(view(depot, &version.value, OrganizationLabel::of(owner, day, language), names, language))
}

fn view(
    depot: &Depot,
    version: &DepotVersion,
    organization: OrganizationLabel,
    names: &ContactNames,
    language: Language,
) -> DepotView {
    let name = language.choose(&version.name_en, &version.name_zh).to_owned();
    let shown = Shown::default();
    let keepers = KeeperNames { names, shown: &shown, language };
    let [keeper, second_keeper] = [version.keeper, version.second_keeper].map(|id| id.and_then(|id| keepers.name(id)));
    DepotView {
        depot: DepotLabel { id: depot.id, code: depot.code.clone(), name },
        name_en: version.name_en.clone(),
        name_zh: version.name_zh.clone(),
        organization,
        position: version.position,
        keeper,
        second_keeper,
        holding: version.holding,
        open: version.open,
        named: shown.into_ids(),
    }
}
