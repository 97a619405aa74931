//! Requests for paths and methods that do not exist.

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::docs::PathTable;
use crate::api::error::ApiError;

/// Answers 405 with `Allow` if the path exists for other methods, and 404 otherwise. `OPTIONS` asks for `Allow` alone.
///
/// # Errors
/// One of the two, except for `OPTIONS` at a path that exists.
pub async fn no_route(request: HttpRequest, paths: web::Data<PathTable>) -> Result<HttpResponse, ApiError> {
    let allow = paths
        .iter()
        .filter(|(path, _)| path.is_match(request.path()))
        .map(|(_, methods)| methods.clone())
        .collect::<Vec<_>>()
        .join(", ");
    if request.method() == Method::OPTIONS && !allow.is_empty() {
        return Ok(HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish());
    }
    Err(if allow.is_empty() { ApiError::NoRoute } else { ApiError::MethodNotAllowed { allow } })
}
