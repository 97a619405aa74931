//! The id of each request, and its log: one line when it is answered, and the id in every line before.

use std::fmt;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderName;
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage as _, web};
use tracing::Instrument as _;
use uuid::Uuid;

use super::client_address::ClientAddress;
use super::state::AppState;

/// The header with the id of the request, as in the logs.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The maximum length of an id that a client sends, in characters.
const LONGEST: usize = 64;

/// The id of a request: the one from its client or a proxy if it is safe to log, otherwise a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    fn of(request: &ServiceRequest) -> Self {
        let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
        Self(given.filter(|id| is_sane(id)).map_or_else(|| Uuid::now_v7().to_string(), str::to_owned))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// True for letters, digits and the signs of UUIDs, base64 and trace ids, none of which can forge a line of a log.
fn is_sane(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.chars().all(|sign| sign.is_ascii_alphanumeric() || "-_.:/+=".contains(sign))
}

/// Gives the request its id, counts it, and logs its end with the method, the path and the client's address. Query, headers
/// and body are not logged, because they may contain secrets.
pub async fn trace(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    let started = Instant::now();
    let id = RequestId::of(&request);
    // Of the highest level, so that whatever is logged of it at all has its id.
    let span = tracing::error_span!("request", request_id = %id);
    let metrics = request.app_data::<web::Data<AppState>>().and_then(|state| state.metrics.clone());
    let in_flight = metrics.as_ref().map(|metrics| metrics.begin());
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let client = ClientAddress::of(&request).0.map(|address| address.to_string()).unwrap_or_default();
    request.extensions_mut().insert(id);
    let outcome = next.call(request).instrument(span.clone()).await;
    let status = match &outcome {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    let taken = started.elapsed();
    if let Some(metrics) = metrics {
        drop(in_flight);
        let operation = outcome.as_ref().ok().and_then(|response| response.request().match_name());
        metrics.answered(operation, &method, status, taken);
    }
    let milliseconds = u64::try_from(taken.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(%method, path, status = status.as_u16(), milliseconds, client, "answered"));
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_forge_a_line_of_a_log_is_not_taken() {
        for id in ["0198f5a2-0000-7000-8000-000000000001", "a/b+c=", "x"] {
            assert!(is_sane(id), "{id}");
        }
        for id in ["", "a b", "a\nb", "\"", "{}", "é", &"x".repeat(65)] {
            assert!(!is_sane(id), "{id}");
        }
    }
}
