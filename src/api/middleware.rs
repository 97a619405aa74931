//! Steps around every request: the request's id, problems for failures, and the handling of panics.

use std::panic::AssertUnwindSafe;

use super::cors;
use super::hardening::{self, SYNC, harden};
use super::problem::{MEDIA_TYPE, Problem};
use super::request_id::{REQUEST_ID, RequestId};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use actix_cors::CorsError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{CONTENT_LANGUAGE, HeaderMap, HeaderValue, VARY};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage as _, HttpResponse, web};
use base::error::{Error, in_one_line};
use futures_util::FutureExt as _;

use super::language;
use text::language::Language;

/// Answers HEAD for every path that has GET (RFC 9110, 9.3.2): the same answer without the body, which the server leaves
/// out.
pub async fn answer_head(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    next.call(request).await
}

/// Turns a panic into a failure like any other, before the steps that add headers to every answer.
pub async fn catch_panics(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    outcome.unwrap_or_else(|_| Err(ApiError::Service(Error::Internal("a handler panicked", None)).into()))
}

/// Renders every failure as a problem, actix's own included, and names the request in a header.
pub async fn render_problems(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, ActixError> {
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let language = language::of(&request);
    let path = request.path().to_owned();
    let is_strict = hardening::is_strict(request.request());
    // What is pulled is the same in every language.
    let is_pull = path == SYNC && matches!(*request.method(), Method::GET | Method::HEAD);
    let is_of_the_api = path.starts_with("/api/v1/") && !is_pull;
    let state = request.app_data::<web::Data<AppState>>();
    let varies_by_origin = state.is_some_and(|state| !state.settings.cors_origins.is_empty());
    // The router takes the request apart, so nothing here may keep a reference to it; a failed call leaves no request to
    // go with the response.
    let finish = |headers: &mut HeaderMap| {
        harden(headers, &path, is_strict);
        if varies_by_origin {
            cors::vary(headers);
        }
    };
    match next.call(request).await.map(ServiceResponse::map_into_boxed_body) {
        Ok(mut response) if is_rendered(&response) => {
            name(response.response_mut(), &id);
            if is_of_the_api {
                tell_language(response.response_mut(), language);
            }
            finish(response.headers_mut());
            Ok(response)
        }
        Ok(response) => {
            let mut problem = render(response.response().error(), response.status(), language, &id);
            keep(response.headers(), problem.headers_mut());
            finish(problem.headers_mut());
            Ok(response.into_response(problem))
        }
        Err(error) => {
            let mut problem = render(Some(&error), error.as_response_error().status_code(), language, &id);
            keep(error.error_response().headers(), problem.headers_mut());
            finish(problem.headers_mut());
            Err(InternalError::from_response(error, problem).into())
        }
    }
}

/// Keeps the headers that the steps around handlers give to every answer: those of CORS and of quotas.
fn keep(from: &HeaderMap, to: &mut HeaderMap) {
    let is_kept = |name: &str| name.starts_with("access-control-") || name.starts_with("ratelimit");
    for (name, value) in from.iter().filter(|(name, _)| is_kept(name.as_str())) {
        to.insert(name.clone(), value.clone());
    }
}

/// Names the request in a header.
fn name(response: &mut HttpResponse<BoxBody>, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
}

/// Adds the language of an answer, and that it depends on `Accept-Language`. Headers that the handler set stay.
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

/// Marks the answer of a handler that renders its failures itself, in the form of another standard than RFC 9457.
#[derive(Clone, Copy, Debug)]
pub struct IsRendered;

/// True for an answer that is not a failure, or a failure that is already rendered.
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
    let not_shared = error.and_then(|error| error.as_error::<CorsError>()).map(cors::problem);
    let known = error.and_then(|error| error.as_error::<ApiError>()).or(not_shared.as_ref());
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

/// Logs a failure that no client can correct, once, with its causes.
fn log(error: &ApiError) {
    match error {
        ApiError::Service(Error::Internal(..) | Error::Storage(..)) => {
            tracing::error!(error = %in_one_line(error), "a request failed")
        }
        ApiError::Service(Error::Busy(_)) => tracing::warn!(%error, "a request was turned away"),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service};
    use actix_web::{App, web};
    use serde_json::Value;

    use super::*;

    async fn panics() -> HttpResponse {
        panic!("as a test wants it")
    }

    #[actix_web::test]
    async fn a_panic_is_a_problem_that_a_listed_page_can_read() {
        let origins = ["https://app.example.org".parse().unwrap()];
        let app = App::new()
            .route("/panics", web::get().to(panics))
            .wrap(from_fn(catch_panics))
            .wrap(cors::of(&origins))
            .wrap(from_fn(render_problems));
        let app = init_service(app).await;
        let request = TestRequest::get().uri("/panics").insert_header(("origin", "https://app.example.org"));
        let response = match actix_web::dev::Service::call(&app, request.to_request()).await {
            Ok(response) => response.into_parts().1,
            Err(error) => error.error_response(),
        };
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers().get("access-control-allow-origin").unwrap(), "https://app.example.org");
        let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["code"], "internal");
    }
}
