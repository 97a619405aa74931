//! Organizations: reading and maintaining them.

use std::collections::BTreeMap;

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
use super::labels::{OrganizationLabel, RegionLabel};
use super::language::AcceptLanguage;
use super::page::Page;
use super::problem::{BodyProblems, Problems};
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use super::selection::regions_within;
use super::versions::{self, ConditionHeaders, ListVersions, Version};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use base::id::{OrganizationId, RegionId};
use db::connection::AnyConnection;
use db::locks::Locks;
use db::write::Change;
use domain::account::Belongs;
use domain::organization::{NewOrganization, Organization, OrganizationKind, OrganizationVersion};
use domain::region::Region;
use domain::revision::{Dated, Mend, Revision, in_force_or_first, last_change};
use domain::search::Search;
use service::reference;
use text::language::Language;

/// A rescue team, an enterprise or the bureau.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade",
    "name_en": "Chemicals brigade", "name_zh": "危险化学品救援队", "kind": "rescue_team",
    "organization_type": "hazchem_brigade", "sector": "hazchem",
    "region": {"id": "0198f5a2-0000-7000-8000-000000000002", "code": "159900", "name": "Demo Banner"},
    "hosted_by": {"id": "0198f5a2-0000-7000-8000-000000000004", "code": "HC-01", "name": "Coal chemicals works"},
    "credit_code": "9144030071526726XG", "address": "12 Industrial Road", "active": true
}))]
struct OrganizationView {
    /// The organization.
    #[serde(flatten)]
    organization: OrganizationLabel,
    /// Name in English.
    #[schema(max_length = 200)]
    name_en: String,
    /// Name in Chinese.
    #[schema(max_length = 200)]
    name_zh: String,
    /// Its kind.
    kind: OrganizationKind,
    /// A team's type.
    #[schema(max_length = 64)]
    organization_type: Option<String>,
    /// The sector it works in.
    #[schema(max_length = 64)]
    sector: Option<String>,
    /// The region it lies in.
    region: Option<RegionLabel>,
    /// The enterprise it belongs to as a brigade; `null` if the caller does not see that enterprise.
    hosted_by: Option<OrganizationLabel>,
    /// Its unified social credit code.
    #[schema(max_length = 18)]
    credit_code: Option<String>,
    /// Its address.
    #[schema(max_length = 300)]
    address: Option<String>,
    /// False once it ceased to exist.
    active: bool,
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListOrganizations {
    /// Only organizations in these regions and all below them, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["159900"]))]
    #[validate(custom(function = are_codes))]
    region: AnyOf<Code>,
    /// Only organizations of these sectors.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["hazchem"]))]
    #[validate(custom(function = are_codes))]
    sector: AnyOf<Code>,
    /// Only organizations of these kinds.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    kind: AnyOf<OrganizationKind>,
    /// The search text: a code, words of the name in either language, its pinyin or pinyin initials, as for items.
    #[param(max_length = 100, example = "brigade")]
    #[validate(length(max = 100), non_control_character)]
    q: Option<String>,
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

/// List organizations
///
/// Lists the organizations that the caller sees, as they are today, ordered by code; inactive ones are included.
#[utoipa::path(
    tag = "organizations",
    params(ListOrganizations),
    responses((status = 200, description = "A page of organizations.", body = Page<OrganizationView>), Problems),
    security(("bearer" = []))
)]
#[get("/organizations")]
pub async fn list_organizations(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListOrganizations>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let search = query.q.as_deref().map(Search::new);
        let within = regions_within(snapshot.connection, &query.region, Revision::LATEST)?;
        let changed = ChangedSince::read(snapshot.connection, query.changed_since)?;
        let visible = db::organizations::list_visible(snapshot.connection, belongs, Revision::LATEST)?;
        let around = Surroundings::load(snapshot.connection, belongs, Revision::LATEST)?;
        let views = visible
            .iter()
            .filter(|found| within.as_ref().is_none_or(|regions| regions.contains(&found.region_id)))
            .filter(|found| query.kind.takes(&found.kind) && changed.takes_mended(&found.versions, &found.mends))
            .filter_map(|found| Some((found.code.clone(), around.on(found, today, language)?)))
            .filter(|(_, view)| query.sector.takes_some(view.sector.as_deref()))
            .filter(|(code, view)| {
                search.as_ref().is_none_or(|search| search.fit(code, &[&view.name_en, &view.name_zh]).is_some())
            });
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
}

/// Find an organization
///
/// Returns an organization that the caller sees, as it is today.
#[utoipa::path(
    tag = "organizations",
    params(("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
        example = "T3")),
    responses((status = 200, description = "The organization.", body = OrganizationView), Problems),
    security(("bearer" = []))
)]
#[get("/organizations/{organization}")]
pub async fn find_organization(
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
        let found = super::selection::find_organization(snapshot.connection, belongs, &key, Revision::LATEST)?;
        let around = Surroundings::load(snapshot.connection, belongs, Revision::LATEST)?;
        let view = around.on(&found, today, language).ok_or(Error::NotFound("organization"))?;
        Ok((view, last_change(&found.versions)))
    });
    let (view, last) = view.await?;
    reply::versioned(&request, &view, last)
}

/// Put an organization
///
/// Adds an organization to a region, changes its names and its activity, or makes it inactive (`active`), which leaves
/// its history as it is. Its kind and its region never change. Officers and admins do this in their region and below.
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
        ("organization" = String, Path,
            description = "The organization, by id or code; a new one by its code: letters, digits, `-`, `_` and `.`.",
            max_length = 64, example = "T9"),
        ConditionHeaders
    ),
    request_body = NewOrganization,
    responses(
        (status = 200, description = "The organization was changed, or was already as sent.", body = Changed<OrganizationView>),
        (status = 201, description = "The organization was added.", body = Changed<OrganizationView>),
        Problems,
        BodyProblems,
        ConditionProblems,
        UnavailableProblems
    ),
    security(("bearer" = []))
)]
#[put("/organizations/{organization}")]
pub async fn put_organization(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    condition: Condition,
    key: web::Path<String>,
    body: Body<NewOrganization>,
) -> Result<HttpResponse, ApiError> {
    let editor = caller.editor(&state);
    let (key, put_key) = (key.clone(), key.into_inner());
    let locks = Locks::none().reference().keys(service::unavailable::keys(&caller.actor));
    let work =
        move |change: &mut Change<'_>| reference::put_coded(change, &editor, &put_key, &body.value, &condition.0);
    let written = state.db.write(caller.actor, locks, work).await?;
    let put = written.value?;
    let revision = put.revision(written.revision);
    let view = state.db.read(move |snapshot| {
        let found = super::selection::find_organization(snapshot.connection, caller.belongs, &key, revision)?;
        let around = Surroundings::load(snapshot.connection, caller.belongs, revision)?;
        around.on(&found, put.valid_from, language).ok_or(Error::NotFound("organization"))
    });
    Ok(changed::answer_put(put, written.revision, view.await?))
}

/// List the history of an organization
///
/// Lists every version of an organization with its author, latest revision first.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        ListVersions
    ),
    responses((status = 200, description = "A page of versions.", body = Page<Version<OrganizationView>>), Problems),
    security(("bearer" = []))
)]
#[get("/organizations/{organization}/history")]
pub async fn list_organization_history(
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
        let found = super::selection::find_organization(snapshot.connection, belongs, &key, Revision::LATEST)?;
        let around = Surroundings::load(snapshot.connection, belongs, Revision::LATEST)?;
        let view = |row: &Dated<OrganizationVersion>| {
            let kind = Mend::known(&found.mends, &found.kind, |learnt| learnt.revision <= row.learnt.revision);
            around.view(&found, *kind, &row.value, today, language)
        };
        versions::history_of_one(snapshot.connection, &found.versions, &query, view)
    });
    reply::list(&request, format, page.await?).await
}

/// The names in an organization's view: its region, and its host if the caller sees it.
struct Surroundings {
    regions: BTreeMap<RegionId, Region>,
    hosts: BTreeMap<OrganizationId, Organization>,
}

impl Surroundings {
    fn load(connection: &mut AnyConnection, belongs: Belongs, revision: Revision) -> Result<Self, Error> {
        let regions = db::regions::list(connection, revision)?;
        let hosts = db::organizations::list_visible(connection, belongs, revision)?;
        Ok(Self {
            regions: regions.into_iter().map(|region| (region.id, region)).collect(),
            hosts: hosts.into_iter().map(|host| (host.id, host)).collect(),
        })
    }

    fn on(&self, organization: &Organization, day: NaiveDate, language: Language) -> Option<OrganizationView> {
        let version = &in_force_or_first(&organization.versions, day)?.value;
        Some(self.view(organization, organization.kind, version, day, language))
    }

    /// The view of a version of an organization, with other things named as on a day.
    fn view(
        &self,
        organization: &Organization,
        kind: OrganizationKind,
        version: &OrganizationVersion,
        day: NaiveDate,
        language: Language,
    ) -> OrganizationView {
        let host = version.hosted_by.and_then(|host| self.hosts.get(&host));
        let name = language.choose(&version.name_en, &version.name_zh).to_owned();
        OrganizationView {
            organization: OrganizationLabel { id: organization.id, code: organization.code.clone(), name },
            name_en: version.name_en.clone(),
            name_zh: version.name_zh.clone(),
            kind,
            organization_type: version.organization_type.clone(),
            sector: version.sector.clone(),
            region: self.regions.get(&organization.region_id).map(|region| RegionLabel::of(region, day, language)),
            hosted_by: host.map(|host| OrganizationLabel::of(host, day, language)),
            credit_code: version.credit_code.clone(),
            address: version.address.clone(),
            active: version.active,
        }
    }
}
