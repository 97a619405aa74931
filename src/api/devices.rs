//! Devices: listed, and withdrawn when they are lost.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::accounts::AccountLabel;
use super::any_of::{AnyOf, Code, are_codes};
use super::auth::signed_in::DeviceLabel;
use super::body::Body;
use super::callers::{Caller, Everyone};
use super::page::Page;
use super::problem::{BodyProblems, Problems};
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use auth::revocations::Revocation;
use base::error::Error;
use base::id::{AccountId, DeviceId};
use base::time::serialize_instant;
use db::connection::AnyConnection;
use db::device_reports::{Extent, Name, ReportRow};
use db::locks::Locks;
use db::write::Change;
use domain::account::{Account, Role, manages};
use domain::count::CountFlag;
use domain::device::Device;
use domain::sequence::{NotReceived, not_received};
use domain::text::is_text;
use service::revocations;
use service::sessions;
use text::messages::message;

/// A device.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000007", "name": "Phone of the north store",
    "account": {"id": "0198f5a2-0000-7000-8000-000000000005", "username": "t3", "display_name": "Quartermaster of T3"},
    "created_at": "2026-11-23T02:00:00Z", "last_seen_at": "2026-11-23T02:15:00Z", "withdrawn_at": null,
    "withdrawn_reason": null,
    "sync": [{
        "device": "0198f5a2-0000-7000-8000-00000000000a", "last_contact_at": "2026-11-23T02:15:00.000000Z",
        "last_seq": 41, "received": 39, "clock_offset_ms": 800, "app": "muster-phone 1.0", "flags": ["seq_reused"],
        "not_received": { "count": 4, "gaps": [{ "from": 12, "to": 13 }], "queued": 2,
            "since": "2026-11-22T09:00:00.000000Z" } }]
}))]
struct DeviceView {
    /// The device.
    #[serde(flatten)]
    device: DeviceLabel,
    /// The account that signed in with it.
    account: AccountLabel,
    /// The time it signed in.
    created_at: DateTime<Utc>,
    /// The time it last signed in or refreshed its tokens.
    last_seen_at: DateTime<Utc>,
    /// The time it was withdrawn.
    withdrawn_at: Option<DateTime<Utc>>,
    /// The reason why it was withdrawn.
    #[schema(max_length = 1000)]
    withdrawn_reason: Option<String>,
    /// The commands it pushed, and those that never arrived; one entry for each name under which it pushed.
    #[schema(max_items = 100)]
    sync: Vec<SyncReport>,
}

/// The commands a device pushed under a name, and those that never arrived.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct SyncReport {
    /// The name, which is its `device_id` in a push.
    #[schema(max_length = 100)]
    device: String,
    /// The time of its last push.
    #[serde(serialize_with = "serialize_instant")]
    last_contact_at: DateTime<Utc>,
    /// The highest sequence number received; `null` if none was.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    last_seq: Option<i64>,
    /// The number of sequence numbers under which commands arrived.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    received: i64,
    /// The commands known to have been made that never arrived.
    not_received: NotReceived,
    /// The lag of its clock behind the server's at its last push, in milliseconds.
    #[schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
    clock_offset_ms: Option<i64>,
    /// The report of its app about itself with its last push: its version, and what the browser it runs in lacks.
    #[schema(max_length = 200)]
    app: Option<String>,
    /// Notes on its commands: `seq_reused` if a sequence number was used twice, as by a phone restored from a copy;
    /// `seq_jumped` if one lies too far above the one before to believe in those between;
    /// `clock_went_back`.
    #[schema(max_items = 10, value_type = Vec<CountFlag>)]
    flags: BTreeSet<CountFlag>,
}

impl SyncReport {
    fn of(
        connection: &mut AnyConnection,
        report: ReportRow,
        extent: Option<Extent>,
        flags: BTreeSet<CountFlag>,
    ) -> Result<Self, Error> {
        let has_gaps = extent.is_some_and(|extent| extent.received < extent.last);
        let name = (report.account_id, report.device);
        let numbers = if has_gaps { db::device_reports::numbers(connection, name.0, &name.1)? } else { Vec::new() };
        Ok(Self {
            device: name.1,
            last_contact_at: report.heard_at.0,
            last_seq: extent.map(|extent| extent.last),
            received: extent.map_or(0, |extent| extent.received),
            not_received: not_received(&numbers, report.queued, report.queued_since.map(Into::into)),
            clock_offset_ms: report.clock_offset_us.map(|offset| offset / 1_000),
            app: report.app,
            flags,
        })
    }

    fn is_missing_something(&self) -> bool {
        self.not_received.count > 0
    }
}

/// The reports of devices, by the registered device they are signed in as. A device that is not registered, as after a
/// restore to a time before its sign-in, is reported with the newest device of its account.
fn sync_reports(
    connection: &mut AnyConnection,
    accounts: &[AccountId],
    devices: &[Device],
) -> Result<BTreeMap<DeviceId, Vec<SyncReport>>, Error> {
    let mut extents = db::device_reports::extents(connection, accounts)?;
    let mut odd = db::device_reports::odd(connection, accounts)?;
    let mut told = db::device_reports::list(connection, accounts)?;
    let pushing: BTreeSet<Name> = told.iter().map(|report| (report.account_id, report.device.clone())).collect();
    // A device that sends its numbers with single requests reports nothing else about itself.
    for name in extents.keys().filter(|name| !pushing.contains(*name)) {
        let numbers = db::device_reports::numbers(connection, name.0, &name.1)?;
        let Some(heard_at) = numbers.into_iter().map(|(_, received_at)| received_at).max() else { continue };
        let (account_id, device) = name.clone();
        told.push(ReportRow {
            account_id,
            device,
            signed_in_as: None,
            heard_at: heard_at.into(),
            clock_offset_us: None,
            queued: 0,
            queued_since: None,
            app: None,
        });
    }
    let mut reports = BTreeMap::<DeviceId, Vec<SyncReport>>::new();
    for report in told {
        let of_account = devices.iter().filter(|device| device.account == report.account_id);
        let newest = || of_account.max_by_key(|device| (device.created_at, device.id)).map(|device| device.id);
        let Some(device) = report.signed_in_as.or_else(newest) else { continue };
        let name = (report.account_id, report.device.clone());
        let (extent, flags) = (extents.remove(&name), odd.remove(&name).unwrap_or_default());
        reports.entry(device).or_default().push(SyncReport::of(connection, report, extent, flags)?);
    }
    Ok(reports)
}

impl DeviceView {
    fn of(device: Device, account: &Account, sync: Vec<SyncReport>) -> Self {
        let (withdrawn_at, withdrawn_reason) = device.withdrawn.map(|it| (it.at, it.reason)).unzip();
        Self {
            device: DeviceLabel { id: device.id, name: device.name },
            account: AccountLabel::of(account),
            created_at: device.created_at,
            last_seen_at: device.last_seen_at,
            withdrawn_at,
            withdrawn_reason,
            sync,
        }
    }
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListDevices {
    /// Only devices of these accounts, by id or user name.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["t3"]))]
    #[validate(custom(function = are_codes))]
    account: AnyOf<Code>,
    /// Only withdrawn devices, or only the others.
    withdrawn: Option<bool>,
    /// Only devices with commands that never arrived, or only the others.
    missing: Option<bool>,
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

/// The accounts whose devices a caller sees: for officers and admins those of their region and below, for others their
/// own.
fn visible(connection: &mut AnyConnection, caller: &Account) -> Result<BTreeMap<AccountId, Account>, Error> {
    let mut accounts = BTreeMap::from([(caller.id, caller.clone())]);
    if matches!(caller.role, Role::Officer | Role::Admin) {
        let below = db::accounts::list_visible(connection, caller.belongs)?;
        accounts.extend(below.into_iter().map(|one| (one.id, one)));
    }
    Ok(accounts)
}

/// List devices
///
/// Lists the caller's own devices, or for officers and admins the devices of all accounts of their region and below;
/// includes withdrawn ones, oldest first. Shows how many commands of a device never arrived and since when, from the gaps
/// in its sequence numbers and from the number it reported as waiting.
#[utoipa::path(
    tag = "accounts",
    params(ListDevices),
    responses((status = 200, description = "A page of devices.", body = Page<DeviceView>), Problems),
    security(("bearer" = []))
)]
#[get("/devices")]
pub async fn list_devices(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Everyone>,
    Query(query): Query<ListDevices>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let page = state.db.read(move |snapshot| {
        let accounts = visible(snapshot.connection, &caller.account)?;
        let is_named = |account: &Account| {
            let named = |key: &str| key.to_lowercase() == account.username || key == account.id.to_string();
            query.account.is_all() || query.account.codes().any(named)
        };
        let own = (accounts.len() == 1).then_some(caller.account.id);
        let ids: Vec<AccountId> = accounts.keys().copied().collect();
        let devices = db::devices::list(snapshot.connection, own)?;
        let mut reports = sync_reports(snapshot.connection, &ids, &devices)?;
        let views = devices.into_iter().filter_map(|device| {
            let account = accounts.get(&device.account).filter(|account| is_named(account))?;
            let sync = reports.remove(&device.id).unwrap_or_default();
            let is_missing = sync.iter().any(SyncReport::is_missing_something);
            let wanted = query.withdrawn.is_none_or(|withdrawn| withdrawn == device.withdrawn.is_some())
                && query.missing.is_none_or(|missing| missing == is_missing);
            wanted.then(|| ((device.created_at, device.id), DeviceView::of(device, account, sync)))
        });
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
}

/// The reason for withdrawing a device.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "lost in the river"}))]
struct NewWithdrawal {
    /// The reason, in words.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    reason: String,
}

/// The outcome for a device.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct WithdrawnDevice {
    /// The device as it is stored.
    device: DeviceView,
    /// True if it was already withdrawn; nothing was changed.
    #[schema(example = false)]
    repeated: bool,
}

/// Withdraw a device
///
/// Ends the device's session at once, so that none of its tokens works any longer. Meant for a lost phone: the caller's
/// own, or one of an account that the caller manages. A repeat changes nothing. The phone can sign in again, with a new
/// code or a password, as a new device.
#[utoipa::path(
    tag = "accounts",
    params(("id" = DeviceId, Path, description = "The device.")),
    request_body = NewWithdrawal,
    responses((status = 200, description = "It is withdrawn.", body = WithdrawnDevice), Problems, BodyProblems),
    security(("bearer" = []))
)]
#[post("/devices/{id}/withdraw")]
pub async fn withdraw_device(
    state: web::Data<AppState>,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    id: web::Path<DeviceId>,
    body: Body<NewWithdrawal>,
) -> Result<HttpResponse, ApiError> {
    let (id, now, reason) = (id.into_inner(), state.clock.now(), body.value.reason);
    let Caller { account: caller, actor, .. } = caller;
    let work = move |change: &mut Change<'_>| {
        let locked = change.for_accounts()?;
        let device = db::devices::find(change.connection, id)?.ok_or(Error::NotFound("device"))?;
        let owner = visible(change.connection, &caller)?.remove(&device.account).ok_or(Error::NotFound("device"))?;
        if owner.id != caller.id && !manages(caller.role, owner.role) {
            let detail = message!("account-not-manageable");
            return Err(Error::Forbidden { code: "account_not_manageable", detail });
        }
        let withdrawn = sessions::withdraw_device(change, locked, id, &reason, now)?;
        let device = db::devices::find(change.connection, id)?.ok_or(Error::NotFound("device"))?;
        let devices = db::devices::list(change.connection, Some(owner.id))?;
        let sync = sync_reports(change.connection, &[owner.id], &devices)?.remove(&id).unwrap_or_default();
        let revocation = Revocation::DeviceWithdrawn { account: owner.id, device: id, reason: reason.clone() };
        let answer = WithdrawnDevice { device: DeviceView::of(device, &owner, sync), repeated: !withdrawn };
        Ok((answer, withdrawn.then_some(revocation)))
    };
    let locks = Locks::none().accounts();
    let answer = revocations::write(&state.db, state.keys.revocations(), actor, locks, now, work).await?;
    Ok(HttpResponse::Ok().json(answer))
}
