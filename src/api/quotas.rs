//! Quotas of requests: counts each request for its caller, tells the caller what is left, and refuses what is too much.
//!
//! The headers are those of draft-ietf-httpapi-ratelimit-headers-11. `t` is the time until all of the quota is there again, and
//! where nothing is left, the time until the next request is admitted, which is also in `Retry-After`.

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage as _, web};
use chrono::{DateTime, Utc};

use super::callers::CheckedToken;
use super::client_address::ClientAddress;
use super::site;
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use db::Db;
use db::locks::Locks;
use db::queue::Written;
use db::write::Change;
use domain::actor::Actor;
use domain::attempts::network;
use domain::quota::{Bucket, Left, Quota};
use service::quotas::{self, Ledger, Owed};
use text::messages::message;

/// The header that tells the requests left.
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The header that tells the quota.
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The time for which a request waits until a block of its caller's requests is added to those of other instances. After that
/// the request goes on, and the block is added later.
const PATIENCE: Duration = Duration::from_secs(1);

/// The caller of a request with the quota.
struct Counting {
    quota: Quota,
    key_hash: Vec<u8>,
}

impl Counting {
    /// `None` for what is not limited: health checks, the files of the pages, and callers without a quota.
    fn of(request: &ServiceRequest, state: &AppState) -> Option<Self> {
        if request.path().starts_with("/health/") || site::is_file(request.path()) {
            return None;
        }
        let checked = CheckedToken::of(request.request(), state);
        let limits = state.settings.quotas;
        let (quota, name) = match checked.claims() {
            Some(claims) => {
                let is_client = claims.scope.is_some();
                let quota = if is_client { limits.of_client(claims.requests_per_minute) } else { limits.of_person() };
                (quota, format!("account: {}", claims.sub))
            }
            None => (limits.of_address(), format!("network: {}", network(ClientAddress::of(request).0))),
        };
        // Handlers need not check the token again.
        request.extensions_mut().insert(checked);
        let key_hash = state.keys.secret_key("request quotas").hash(&name);
        Some(Self { quota: quota?, key_hash })
    }
}

/// Counts a request, before anything else is done for it.
pub async fn count(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let counting = state.as_ref().and_then(|state| Some((state, Counting::of(&request, state)?)));
    let Some((state, Counting { quota, key_hash })) = counting else { return next.call(request).await };
    let now = state.clock.now();
    let counted = state.quotas.count(key_hash, quota, now);
    let Left { requests, seconds } = counted.left;
    let outcome = if counted.is_admitted {
        if let Some(owed) = counted.owed {
            tell_others(&state.db, state.quotas.clone(), owed, now).await;
        }
        next.call(request).await
    } else {
        Err(too_many(seconds).into())
    };
    let headers = [
        (RATE_LIMIT, format!("\"default\";r={requests};t={seconds}")),
        (RATE_LIMIT_POLICY, format!("\"default\";q={};w={}", quota.requests(), quota.window_seconds())),
    ];
    let put = move |answer: &mut HeaderMap| {
        for (name, value) in &headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                answer.insert(name.clone(), value);
            }
        }
    };
    match outcome {
        Ok(mut response) => {
            put(response.headers_mut());
            Ok(response)
        }
        Err(mut error) => {
            error.add_response_mapper(move |mut response| {
                put(response.headers_mut());
                response
            });
            Err(error)
        }
    }
}

fn too_many(seconds: i64) -> ApiError {
    let retry_after = u32::try_from(seconds).unwrap_or(u32::MAX);
    let detail = message!("too-many-requests", seconds = retry_after);
    Error::TooMany { code: "too_many_requests", detail, retry_after }.into()
}

/// Adds a block of requests to those of other instances. A request is not refused because that fails.
async fn tell_others(db: &Db, ledger: Arc<Ledger>, owed: Owed, now: DateTime<Utc>) {
    let (locks, block) = (Locks::none().keys([owed.lock()]), owed.clone());
    let add = move |change: &mut Change<'_>| quotas::add(change, &block, now);
    let adopt = move |row: &Written<Bucket>| ledger.adopt(&owed, row.value);
    // If it takes longer, it goes on by itself.
    let told = tokio::time::timeout(PATIENCE, db.write_then(Actor::command("count requests"), locks, add, adopt)).await;
    if let Ok(Err(error)) = told {
        tracing::warn!(%error, "requests could not be added to those of other instances");
    }
}
