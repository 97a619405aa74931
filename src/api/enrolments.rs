//! One-time codes that sign a device in: created, listed, withdrawn.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get, post, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::accounts::AccountLabel;
use super::body::Body;
use super::callers::{Caller, Officers};
use super::list_all::ListAll;
use super::page::Page;
use super::problem::{BodyProblems, Problem, Problems};
use super::qr;
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use super::server_address;
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::{Error, Fault};
use base::id::{AccountId, EnrolmentId};
use db::locks::Locks;
use db::write::Change;
use domain::account::Account;
use domain::enrolment::{DEFAULT_VALIDITY, Enrolment, EnrolmentCode};
use service::enrolment;
use service::reach::Reach;
use text::messages::message;

/// The account a code is for.
#[derive(Clone, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"account": "t3", "note": "new phone of the north store"}))]
struct NewEnrolment {
    /// The account, by id or user name.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64), non_control_character)]
    account: String,
    /// A note for those who see the list.
    #[schema(min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200), non_control_character)]
    note: Option<String>,
    /// The lifetime of the code in seconds; a day if left out.
    #[schema(minimum = 60, maximum = 604_800, example = 86_400)]
    #[validate(range(min = 60, max = 604_800))]
    expires_in: Option<i64>,
}

/// An enrolment code that was created, without the code itself.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000006",
    "account": {"id": "0198f5a2-0000-7000-8000-000000000005", "username": "t3", "display_name": "Quartermaster of T3"},
    "note": "new phone of the north store", "created_at": "2026-11-23T02:00:00Z", "expires_at": "2026-11-24T02:00:00Z"
}))]
struct EnrolmentView {
    /// Its id.
    id: EnrolmentId,
    /// The account that it signs in to.
    account: AccountLabel,
    /// A note on its purpose.
    #[schema(max_length = 200)]
    note: Option<String>,
    /// The time it was created.
    created_at: DateTime<Utc>,
    /// The time it expires.
    expires_at: DateTime<Utc>,
}

impl EnrolmentView {
    fn of(account: &Account, enrolment: &Enrolment) -> Self {
        let Enrolment { id, note, created_at, expires_at, .. } = enrolment.clone();
        Self { id, account: AccountLabel::of(account), note, created_at, expires_at }
    }
}

/// A new enrolment code. Only this answer contains the code itself.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000006",
    "account": {"id": "0198f5a2-0000-7000-8000-000000000005", "username": "t3", "display_name": "Quartermaster of T3"},
    "note": "new phone of the north store", "created_at": "2026-11-23T02:00:00Z", "expires_at": "2026-11-24T02:00:00Z",
    "code": "7ZK3M-0QX9D", "uri": "muster://enrol?server=https%3A%2F%2Fmuster.example&code=7ZK3M-0QX9D",
    "qr_svg": "<svg></svg>", "page_uri": "https://muster.example/enrol#code=7ZK3M-0QX9D", "page_qr_svg": "<svg></svg>"
}))]
pub struct IssuedEnrolment {
    /// Its entry in the list.
    #[serde(flatten)]
    enrolment: EnrolmentView,
    /// The code, for typing.
    #[schema(max_length = 16)]
    code: String,
    /// The code with the address of this service, for an app: `muster://enrol?server=…&code=…`.
    #[schema(max_length = 1000)]
    uri: String,
    /// The URI as a QR code, an SVG image.
    #[schema(max_length = 200_000)]
    qr_svg: String,
    /// The code with the address of the phone page, for a browser: `https://…/enrol#code=…`. The code is in the fragment, which
    /// browsers send to nobody, and opening the page does not use it.
    #[schema(max_length = 1000)]
    page_uri: String,
    /// That address as a QR code, an SVG image.
    #[schema(max_length = 200_000)]
    page_qr_svg: String,
}

/// A new code with everything that its answer needs, made before the code is stored: a code that cannot be shown is not
/// stored.
pub struct Invitation {
    code: EnrolmentCode,
    uri: String,
    qr_svg: String,
    page_uri: String,
    page_qr_svg: String,
    /// The code's stored form.
    pub hash: Vec<u8>,
}

impl Invitation {
    /// Makes a new code, with the address at which the request reached the service.
    ///
    /// # Errors
    /// If the QR code cannot be drawn.
    pub fn new(state: &AppState, request: &HttpRequest) -> Result<Self, Error> {
        let code = EnrolmentCode::of_bits(rand::random());
        let server = server_address::of(request, &state.settings);
        let page_uri = format!("{server}/enrol#code={code}");
        let query = serde_html_form::to_string([("server", server), ("code", code.to_string())])
            .map_err(|error| Error::internal("a URI cannot be written", error))?;
        let uri = format!("muster://enrol?{query}");
        let (qr_svg, page_qr_svg) = (qr::svg_of(&uri)?, qr::svg_of(&page_uri)?);
        let hash = enrolment::code_hash(&state.keys, Some(&code));
        Ok(Self { hash, code, uri, qr_svg, page_uri, page_qr_svg })
    }

    /// The answer to its creation.
    pub fn answer(self, mut response: HttpResponseBuilder, account: &Account, enrolment: &Enrolment) -> HttpResponse {
        let Self { code, uri, qr_svg, page_uri, page_qr_svg, .. } = self;
        let (enrolment, code) = (EnrolmentView::of(account, enrolment), code.to_string());
        response.json(IssuedEnrolment { enrolment, code, uri, qr_svg, page_uri, page_qr_svg })
    }
}

/// Create an enrolment code
///
/// The code signs one device in to an account once, without a password: an account that the caller manages, or the
/// caller's own. Only this answer contains the code; if it is lost, withdraw the code and create another.
#[utoipa::path(
    tag = "accounts",
    request_body = NewEnrolment,
    responses(
        (status = 201, description = "The code.", body = IssuedEnrolment),
        (status = 409, description = "The account is closed.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[post("/enrolments")]
pub async fn issue_enrolment(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    body: Body<NewEnrolment>,
) -> Result<HttpResponse, ApiError> {
    let NewEnrolment { account: key, note, expires_in } = body.value;
    let invitation = Invitation::new(&state, &request)?;
    let code_hash = invitation.hash.clone();
    let (id, created_at) = (EnrolmentId::new(), state.clock.now());
    let expires_at = created_at + expires_in.map_or(DEFAULT_VALIDITY, TimeDelta::seconds);
    let work = move |change: &mut Change<'_>| {
        let unknown = || Error::Invalid(vec![Fault::new("/account", "account_unknown", message!("account-unknown"))]);
        let account = match key.parse::<AccountId>() {
            Ok(id) => id,
            Err(_) => {
                let found = db::accounts::find_by_username(change.connection, &key.to_lowercase())?;
                found.ok_or_else(unknown)?.0.id
            }
        };
        let enrolment = Enrolment {
            id,
            account,
            note: note.clone(),
            created_at,
            expires_at,
            used_at: None,
            device: None,
            withdrawn_at: None,
        };
        let locked = change.for_accounts()?;
        let issued = enrolment::issue(change, locked, &enrolment, &code_hash).map_err(|error| match error {
            Error::NotFound(_) => unknown(),
            error => error,
        })?;
        Ok((issued, enrolment))
    };
    let (account, enrolment) = state.db.write(caller.actor, Locks::none().accounts(), work).await?.value;
    Ok(invitation.answer(HttpResponse::Created(), &account, &enrolment))
}

/// List open enrolment codes
///
/// Lists codes for accounts of the caller's region and below that are neither used, withdrawn nor expired; oldest first. The
/// codes themselves are not shown.
#[utoipa::path(
    tag = "accounts",
    params(ListAll),
    responses((status = 200, description = "A page of codes given out.", body = Page<EnrolmentView>), Problems),
    security(("bearer" = []))
)]
#[get("/enrolments")]
pub async fn list_enrolments(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Officers>,
    Query(query): Query<ListAll>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let reach = Reach::of(snapshot.connection, belongs)?;
        let mut views = Vec::new();
        for enrolment in db::enrolments::list_open(snapshot.connection, now)? {
            let record = db::accounts::find(snapshot.connection, enrolment.account)?;
            if let Some(record) = record.filter(|record| reach.covers(record.account.belongs)) {
                let place = (enrolment.created_at, enrolment.id);
                views.push((place, EnrolmentView::of(&record.account, &enrolment)));
            }
        }
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
}

/// The outcome for a code.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct WithdrawnEnrolment {
    /// The code's id.
    id: EnrolmentId,
    /// True if it was already withdrawn.
    #[schema(example = false)]
    repeated: bool,
}

/// Withdraw an enrolment code
///
/// Withdraws the code, so that it no longer works. A repeat changes nothing. A used code is 409: withdraw the device
/// instead.
#[utoipa::path(
    tag = "accounts",
    params(("id" = EnrolmentId, Path, description = "The code's id.")),
    responses(
        (status = 200, description = "It is withdrawn.", body = WithdrawnEnrolment),
        (status = 409, description = "It was used.", body = Problem, content_type = "application/problem+json"),
        Problems
    ),
    security(("bearer" = []))
)]
#[post("/enrolments/{id}/withdraw")]
pub async fn withdraw_enrolment(
    state: web::Data<AppState>,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    id: web::Path<EnrolmentId>,
) -> Result<HttpResponse, ApiError> {
    let (id, now) = (id.into_inner(), state.clock.now());
    let work = move |change: &mut Change<'_>| {
        let locked = change.for_accounts()?;
        enrolment::withdraw(change, locked, id, now)
    };
    let withdrawn = state.db.write(caller.actor, Locks::none().accounts(), work).await?.value;
    Ok(HttpResponse::Ok().json(WithdrawnEnrolment { id, repeated: !withdrawn }))
}
