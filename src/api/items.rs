//! The catalogue: reading, searching and maintaining it.

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
use super::condition::{Condition, ConditionProblems};
use super::language::AcceptLanguage;
use super::page::Page;
use super::problem::{BodyProblems, Problem, Problems};
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use super::versions::{self, ConditionHeaders, ListVersions, Version};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use db::connection::AnyConnection;
use db::locks::Locks;
use db::read::Snapshot;
use db::write::Change;
use domain::account::Belongs;
use domain::item::{Barcode, Item, ItemKind, ItemVersion, NewItem, Pack, Unit};
use domain::revision::{Dated, Mend, Revision, in_force_or_first, last_change};
use domain::scan::{Scan, is_scan};
use domain::search::{Fit, Search, has_barcode};
use service::reference;
use text::language::Language;

/// A catalogue item.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "code": "L2010101", "name": "SCBA, positive-pressure", "name_en": "SCBA, positive-pressure",
    "name_zh": "正压式空气呼吸器", "class": "personal_protection", "unit": "set", "measured": false,
    "kind": "equipment", "perishable": false, "shelf_life_months": null, "packs": [],
    "barcodes": ["6901234567892"], "retired": false
}))]
pub(super) struct ItemView {
    /// Its code.
    #[schema(max_length = 32)]
    code: String,
    /// Its name in the caller's language.
    #[schema(max_length = 200)]
    name: String,
    /// Name in English.
    #[schema(max_length = 200)]
    name_en: String,
    /// Name in Chinese.
    #[schema(max_length = 200)]
    name_zh: String,
    /// The code of its class.
    #[schema(max_length = 64)]
    class: String,
    /// The unit it is counted in.
    #[schema(max_length = 16)]
    unit: String,
    /// True for a measured unit such as kg; false for whole pieces.
    measured: bool,
    /// Equipment or material.
    kind: ItemKind,
    /// True if each lot has an expiry day.
    perishable: bool,
    /// Months from production to expiry, if the maker states none.
    #[schema(minimum = 1, maximum = 1200)]
    shelf_life_months: Option<u32>,
    /// Its specification.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 500, example = "6.8L")]
    specification: Option<String>,
    /// Months that one may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 1200, example = 180)]
    service_life_months: Option<u32>,
    /// The packs it comes in.
    #[schema(max_items = 50)]
    packs: Vec<Pack>,
    /// Its barcodes.
    #[schema(max_items = 20, value_type = Vec<Barcode>)]
    barcodes: Vec<String>,
    /// True once it left the catalogue.
    retired: bool,
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListItems {
    /// The search text: a code, a barcode, words of the name in either language, its pinyin with or without spaces and
    /// tones, or its pinyin initials (`fhf`). All words must match; any reading of a character will do.
    #[param(max_length = 100, example = "fanghufu")]
    #[validate(length(max = 100), non_control_character)]
    q: Option<String>,
    /// A barcode, or a whole scan that contains one; a GTIN is the same with 12, 13 or 14 digits.
    #[param(max_length = 256, example = "6901234567892")]
    #[validate(length(max = 256), custom(function = is_scan))]
    barcode: Option<String>,
    /// Only items of these classes, by their codes.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["personal_protection"]))]
    #[validate(custom(function = are_codes))]
    item_class: AnyOf<Code>,
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

/// List items
///
/// Lists the catalogue in the order of the codes, retired items included. With `q`, the item with that code or barcode
/// comes first, then items whose code or name begins with the text, then the others, each part in the order of the codes.
#[utoipa::path(
    tag = "catalogue",
    params(ListItems),
    responses((status = 200, description = "A page of items.", body = Page<ItemView>), Problems),
    security(("bearer" = []))
)]
#[get("/items")]
pub async fn list_items(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListItems>,
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
    query: &ListItems,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
) -> Result<Page<ItemView>, Error> {
    let today = db::accounts::today(snapshot.connection, belongs, now)?;
    let reference_data = snapshot.reference_data(Revision::LATEST)?;
    let changed = ChangedSince::read(snapshot.connection, query.changed_since)?;
    let search = query.q.as_deref().map(Search::new);
    let scanned = query.barcode.as_deref().map(|text| Scan::read(text, today)).transpose();
    let scanned = scanned.map_err(|fault| Error::Invalid(vec![fault.at("/barcode")]))?.map(|scan| scan.barcode);
    let mut other_names = BTreeMap::new();
    if search.is_some() {
        for code in reference_data.items.keys() {
            other_names.insert(code.as_str(), service::ledger::other_names(code)?);
        }
    }
    let views = reference_data.items.values().filter_map(|item| {
        let version = &in_force_or_first(&item.versions, today)?.value;
        let asked = query.item_class.takes_code(&version.class)
            && changed.takes_mended(&item.versions, &item.mends)
            && scanned.as_ref().is_none_or(|code| has_barcode(version, code));
        let fit = match &search {
            _ if !asked => return None,
            Some(search) => {
                let others = other_names.get(item.code.as_str()).copied().unwrap_or_default();
                search.fit_item_known_as(&item.code, version, others.iter().map(String::as_str))?
            }
            None => Fit::Within,
        };
        Some(((fit as u8, item.code.clone()), view(item, &item.unit, version, language)))
    });
    Page::of(views, format.limit(query.limit), query.cursor.as_deref())
}

/// Find an item
///
/// Returns one item of the catalogue by its code.
#[utoipa::path(
    tag = "catalogue",
    params(("item" = String, Path, description = "The item's code.", max_length = 32, example = "L2010101")),
    responses((status = 200, description = "The item.", body = ItemView), Problems),
    security(("bearer" = []))
)]
#[get("/items/{item}")]
pub async fn find_item(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    code: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let item = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let item = find(snapshot.connection, &code, Revision::LATEST)?;
        Ok((on(&item, today, language)?, last_change(&item.versions)))
    });
    let (view, last) = item.await?;
    reply::versioned(&request, &view, last)
}

/// Put an item
///
/// Adds an item to the catalogue, changes it, or retires it (`retired`), which leaves its counts and its history as they
/// are. The unit changes only while no count and no rule names the item, and then for all days. The catalogue is the same for
/// all regions: officers and admins of the topmost bureau maintain it.
///
/// The new version holds from `valid_from` until the first day of the next version; versions of other days stay as they
/// are, and nothing is overwritten: an earlier `valid_from` corrects the past. A repeat answers 200 with `repeated` and
/// changes nothing. A change needs `If-Match` with the `ETag` that was read.
#[utoipa::path(
    tag = "catalogue",
    params(
        ("item" = String, Path, description = "The item's code; a new one is made of letters, digits, `-`, `_` and `.`.",
            max_length = 32, example = "L2010199"),
        ConditionHeaders
    ),
    request_body = NewItem,
    responses(
        (status = 200, description = "The item was changed, or was already as sent.", body = Changed<ItemView>),
        (status = 201, description = "The item was added.", body = Changed<ItemView>),
        (status = 409, description = "A barcode is that of another item.", body = Problem, content_type = "application/problem+json"),
        Problems,
        BodyProblems,
        ConditionProblems
    ),
    security(("bearer" = []))
)]
#[put("/items/{item}")]
pub async fn put_item(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    condition: Condition,
    key: web::Path<String>,
    body: Body<NewItem>,
) -> Result<HttpResponse, ApiError> {
    let editor = caller.editor(&state);
    let (key, put_key) = (key.clone(), key.into_inner());
    let work = move |change: &mut Change<'_>| reference::put(change, &editor, &put_key, &body.value, &condition.0);
    let written = state.db.write(caller.actor, Locks::none().reference(), work).await?;
    let (put, revision) = (written.value, written.value.revision(written.revision));
    let view = state.db.read(move |snapshot| on(&find(snapshot.connection, &key, revision)?, put.valid_from, language));
    Ok(changed::answer_put(put, written.revision, view.await?))
}

/// List the history of an item
///
/// Lists every version of an item with its author, latest revision first.
#[utoipa::path(
    tag = "catalogue",
    params(("item" = String, Path, description = "The item's code.", max_length = 32, example = "L2010101"), ListVersions),
    responses((status = 200, description = "A page of versions.", body = Page<Version<ItemView>>), Problems),
    security(("bearer" = []))
)]
#[get("/items/{item}/history")]
pub async fn list_item_history(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    _: Caller<Everyone>,
    Query(mut query): Query<ListVersions>,
    code: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    query.format = Some(format);
    let page = state.db.read(move |snapshot| {
        let item = find(snapshot.connection, &code, Revision::LATEST)?;
        let view = |row: &Dated<ItemVersion>| {
            let unit = Mend::known(&item.mends, &item.unit, |learnt| learnt.revision <= row.learnt.revision);
            view(&item, unit, &row.value, language)
        };
        versions::history_of_one(snapshot.connection, &item.versions, &query, view)
    });
    reply::list(&request, format, page.await?).await
}

fn find(connection: &mut AnyConnection, code: &str, revision: Revision) -> Result<Item, Error> {
    // PostgreSQL refuses a query with a text that contains U+0000.
    if code.contains(char::is_control) {
        return Err(Error::NotFound("item"));
    }
    let mut found = db::items::list_some(connection, &BTreeSet::from([code.to_owned()]), revision)?;
    found.remove(code).ok_or(Error::NotFound("item"))
}

fn on(item: &Item, day: NaiveDate, language: Language) -> Result<ItemView, Error> {
    let version = in_force_or_first(&item.versions, day).ok_or(Error::NotFound("item"))?;
    Ok(view(item, &item.unit, &version.value, language))
}

fn view(item: &Item, unit: &Unit, version: &ItemVersion, language: Language) -> ItemView {
    ItemView {
        code: item.code.clone(),
        name: language.choose(&version.name_en, &version.name_zh).to_owned(),
        name_en: version.name_en.clone(),
        name_zh: version.name_zh.clone(),
        class: version.class.clone(),
        unit: unit.name.clone(),
        measured: unit.measured,
        kind: version.kind,
        perishable: version.perishable,
        shelf_life_months: version.shelf_life_months,
        specification: version.specification.clone(),
        service_life_months: version.service_life_months,
        packs: version.packs.clone(),
        barcodes: version.barcodes.clone(),
        retired: version.retired,
    }
}
