//! Reading adoptions: the standards that bind in regions, and their periods.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Caller, Everyone};
use crate::api::changed_since::ChangedSince;
use crate::api::error::ApiError;
use crate::api::labels::{RegionLabel, StandardLabel};
use crate::api::language::AcceptLanguage;
use crate::api::page::Page;
use crate::api::problem::Problems;
use crate::api::query::Query;
use crate::api::reply::{self, Format};
use crate::api::selection::regions_named;
use crate::api::state::AppState;
use base::id::RegionId;
use domain::region::Region;
use domain::revision::Revision;
use domain::rule::Strength;
use domain::standard::Standard;
use service::moment::{Moment, MomentQuery};

/// A period in which a standard binds in a region.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "region": {"id": "0198f5a2-0000-7000-8000-000000000002", "code": "159900", "name": "Demo Banner"},
    "standard": {"code": "GB30077-2013", "title": "Allocation of emergency rescue material, chemical units"},
    "strength": "mandatory", "valid_from": "2026-01-01", "valid_to": null, "today": true
}))]
pub struct AdoptionView {
    /// The region whose bureau adopted it; it binds there and in all regions below.
    region: RegionLabel,
    /// The standard.
    standard: StandardLabel,
    /// The strength given to it; a rule binds with the weaker of this and its own.
    strength: Strength,
    /// The first day.
    valid_from: NaiveDate,
    /// The last day; `null` while no end is known.
    valid_to: Option<NaiveDate>,
    /// True if it includes today, or the day asked for.
    today: bool,
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAdoptions {
    /// The regions whose bureaus adopted it, by id or code; not those below.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["159900"]))]
    #[validate(custom(function = are_codes))]
    region: AnyOf<Code>,
    /// The codes of standards.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["GB30077-2013"]))]
    #[validate(custom(function = are_codes))]
    standard: AnyOf<Code>,
    /// Only periods that include this day, which then counts as today.
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

/// List adoptions
///
/// Lists the periods in which standards bind in regions, with their strength: first those that include today, then past and
/// future ones; each part ordered by the codes of standard and region, and by first day.
#[utoipa::path(
    tag = "standards",
    params(ListAdoptions),
    responses((status = 200, description = "A page of adoptions.", body = Page<AdoptionView>), Problems),
    security(("bearer" = []))
)]
#[get("/adoptions")]
pub async fn list_adoptions(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListAdoptions>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: None };
        let moment = Moment::resolve(snapshot, asked, now)?;
        let today = match moment.as_of {
            Some(day) => day,
            None => db::accounts::today(snapshot.connection, belongs, moment.now)?,
        };
        let asked = regions_named(snapshot.connection, &query.region, moment.revision)?;
        let changed = ChangedSince::read(snapshot.connection, query.changed_since)?;
        let regions: BTreeMap<RegionId, Region> = db::regions::list(snapshot.connection, moment.revision)?
            .into_iter()
            .map(|region| (region.id, region))
            .collect();
        let standards: BTreeMap<String, Standard> = db::standards::list(snapshot.connection, moment.revision)?
            .into_iter()
            .map(|standard| (standard.code.clone(), standard))
            .collect();
        let mut adoptions = db::standards::list_adoptions(snapshot.connection, moment.revision)?;
        adoptions.retain(|adoption| {
            asked.as_ref().is_none_or(|regions| regions.contains(&adoption.region_id))
                && query.standard.takes_code(&adoption.standard)
                && changed.takes_versions(&adoption.versions)
        });
        let of_one_day = query.as_of.is_some();
        let views = adoptions.iter().flat_map(|adoption| {
            let named = regions.get(&adoption.region_id).zip(standards.get(&adoption.standard));
            named.into_iter().flat_map(|(region, standard)| {
                adoption.periods().into_iter().filter_map(move |period| {
                    let now = period.valid_from <= today && period.valid_to.is_none_or(|last| today <= last);
                    let view = AdoptionView {
                        region: RegionLabel::of(region, today, language),
                        standard: StandardLabel::of(standard, today, language),
                        strength: period.strength,
                        valid_from: period.valid_from,
                        valid_to: period.valid_to,
                        today: now,
                    };
                    let key = (!now, standard.code.clone(), region.code.clone(), period.valid_from);
                    (now || !of_one_day).then_some((key, view))
                })
            })
        });
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
}
