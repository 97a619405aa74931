//! Reading scans of barcodes.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::callers::{Caller, Everyone};
use super::labels::ItemLabel;
use super::language::AcceptLanguage;
use super::problem::Problems;
use super::query::Query;
use super::reply;
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use domain::revision::{Revision, in_force_or_first};
use domain::scan::{Scan, is_scan};
use domain::search::has_barcode;

/// The scan.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FindScan {
    /// The text as the scanner sent it: a barcode, or a GS1 element string with or without brackets, with FNC1 as GS
    /// (`%1D`), a symbology identifier before it (`]C1`, `]d2`, `]Q3`) and a line end after it.
    #[param(min_length = 1, max_length = 256, example = "(01)06901234567892(17)270930(10)B2209")]
    #[validate(length(min = 1, max = 256), custom(function = is_scan))]
    scan: String,
}

/// A scan, with the item that has its barcode.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "barcode": "06901234567892", "lot": "B2209", "expires_on": "2027-09-30", "made_on": null, "serial": null,
    "item": { "code": "L2010101", "name": "SCBA, positive-pressure", "unit": "set" }
}))]
struct ScanView {
    /// The barcode: a GTIN of 14 digits, or another code; `null` if the scan contains none.
    #[schema(max_length = 256)]
    barcode: Option<String>,
    /// The lot number.
    #[schema(max_length = 64)]
    lot: Option<String>,
    /// The last day on which the lot may be used.
    expires_on: Option<NaiveDate>,
    /// The day the lot was made.
    made_on: Option<NaiveDate>,
    /// The serial number.
    #[schema(max_length = 64)]
    serial: Option<String>,
    /// The item of the catalogue with that barcode; `null` if there is none.
    item: Option<ItemLabel>,
}

/// Find a scanned item
///
/// Reads the text that a scanner sent, and returns the item with the lot, the days and the serial number in it. A wrong check
/// digit, a broken element or an impossible day is an error (422), not another item.
#[utoipa::path(
    tag = "catalogue",
    params(FindScan),
    responses((status = 200, description = "The scan with its item.", body = ScanView), Problems),
    security(("bearer" = []))
)]
#[get("/scans")]
pub async fn find_scanned_item(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<FindScan>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let view = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let scan = Scan::read(&query.scan, today).map_err(|fault| Error::Invalid(vec![fault.at("/scan")]))?;
        let reference_data = snapshot.reference_data(Revision::LATEST)?;
        let item = reference_data.items.values().find(|item| {
            in_force_or_first(&item.versions, today)
                .is_some_and(|row| !row.value.retired && has_barcode(&row.value, &scan.barcode))
        });
        Ok(ScanView {
            barcode: (!scan.barcode.is_empty()).then_some(scan.barcode),
            lot: scan.lot,
            expires_on: scan.expires_on,
            made_on: scan.made_on,
            serial: scan.serial,
            item: item.map(|item| ItemLabel::of(item, today, language)),
        })
    });
    reply::json(&request, &view.await?)
}
