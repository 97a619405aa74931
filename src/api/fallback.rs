//! Requests for paths and methods that do not exist.

use actix_web::{HttpRequest, HttpResponse, web};

use super::docs::PathTable;
use crate::api::error::ApiError;

/// Answers 405 with `Allow` if the path exists for other methods, and 404 otherwise.
///
/// # Errors
/// Always one of the two.
pub async fn no_route(request: HttpRequest, paths: web::Data<PathTable>) -> Result<HttpResponse, ApiError> {
    let allow = paths
        .iter()
        .filter(|(path, _)| path.is_match(request.path()))
        .map(|(_, methods)| methods.clone())
        .collect::<Vec<_>>()
        .join(", ");
    Err(if allow.is_empty() { ApiError::NoRoute } else { ApiError::MethodNotAllowed { allow } })
}
