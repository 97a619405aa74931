//! Around every request: its id, problems rendered for it, and a net under panics.

use std::panic::AssertUnwindSafe;

use super::hardening::harden;
use super::problem::{MEDIA_TYPE, Problem};
use super::request_id::{REQUEST_ID, RequestId};
use crate::api::error::ApiError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{CONTENT_LANGUAGE, HeaderValue, VARY};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage as _, HttpResponse};
use base::error::Error;
use futures_util::FutureExt as _;

use super::language;
use text::language::Language;

/// Answers HEAD wherever there is GET (RFC 9110, 9.3.2): the same without the body, which the server leaves out.
pub async fn answer_head(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    next.call(request).await
}

/// Renders every failure as a problem, actix's own included, and names the request in a header. A panic in a handler is
/// a failure like any other to the one who asked.
pub async fn render_problems(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, ActixError> {
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let language = language::of(&request);
    let path = request.path().to_owned();
    let is_of_the_api = path.starts_with("/api/v1/");
    // The router takes the request apart, so nothing here may hold on to it; what became no response has none to go with.
    let outcome = match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(outcome) => outcome.map(ServiceResponse::map_into_boxed_body),
        Err(_) => Err(ApiError::Service(Error::Internal("a handler panicked", None)).into()),
    };
    match outcome {
        Ok(mut response) if is_rendered(&response) => {
            name(response.response_mut(), &id);
            harden(response.headers_mut(), &path);
            if is_of_the_api {
                tell_language(response.response_mut(), language);
            }
            Ok(response)
        }
        Ok(response) => {
            let mut problem = render(response.response().error(), response.status(), language, &id);
            harden(problem.headers_mut(), &path);
            Ok(response.into_response(problem))
        }
        Err(error) => {
            let mut problem = render(Some(&error), error.as_response_error().status_code(), language, &id);
            harden(problem.headers_mut(), &path);
            Err(InternalError::from_response(error, problem).into())
        }
    }
}

/// Names the request in a header.
fn name(response: &mut HttpResponse<BoxBody>, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
}

/// Says in which language an answer is, and that another could be asked for; leaves what the handler said.
fn tell_language(response: &mut HttpResponse<BoxBody>, language: Language) {
    let bare = matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let headers = response.headers_mut();
    if !bare && !headers.contains_key(CONTENT_LANGUAGE) {
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    }
    if !headers.contains_key(VARY) {
        headers.insert(VARY, HeaderValue::from_static("Accept-Language"));
    }
}

/// Marks the answer of a handler that renders its failures by itself, as another standard than RFC 9457 has them.
#[derive(Clone, Copy, Debug)]
pub struct IsRendered;

/// True for what is no failure, and for a failure that is rendered already.
fn is_rendered(response: &ServiceResponse<BoxBody>) -> bool {
    let status = response.status();
    if response.response().extensions().get::<IsRendered>().is_some() {
        return true;
    }
    let is_problem = response
        .headers()
        .get(actix_web::http::header::CONTENT_TYPE)
        .is_some_and(|media_type| media_type.as_bytes().starts_with(MEDIA_TYPE.as_bytes()));
    is_problem || !(status.is_client_error() || status.is_server_error())
}

fn render(error: Option<&ActixError>, status: StatusCode, language: Language, request_id: &str) -> HttpResponse {
    let known = error.and_then(|error| error.as_error::<ApiError>());
    let mut response = match known {
        Some(error) => {
            log(error);
            Problem::of(error, language, request_id.to_owned()).into_response(Some(error))
        }
        None => Problem::of_status(status, language, request_id.to_owned()).into_response(None),
    };
    name(&mut response, request_id);
    tell_language(&mut response, language);
    response
}

/// Logs what no caller can mend, once, with its causes.
fn log(error: &ApiError) {
    let mut causes = String::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        causes = format!("{causes}: {error}");
        cause = error.source();
    }
    match error {
        ApiError::Service(Error::Internal(..) | Error::Storage(..)) => {
            tracing::error!(error = %format!("{error}{causes}"), "a request failed")
        }
        ApiError::Service(Error::Busy(_)) => tracing::warn!(%error, "a request was turned away"),
        _ => {}
    }
}
