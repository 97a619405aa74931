//! What is asked for and is not there.

use actix_web::{HttpRequest, HttpResponse, web};

use super::docs::PathTable;
use crate::error::Error;

/// Answers 405 with `Allow` where the path is there for other methods, and 404 otherwise.
///
/// # Errors
/// Always one of the two.
pub async fn no_route(request: HttpRequest, paths: web::Data<PathTable>) -> Result<HttpResponse, Error> {
    let allow = paths
        .iter()
        .filter(|(path, _)| path.is_match(request.path()))
        .map(|(_, methods)| methods.clone())
        .collect::<Vec<_>>()
        .join(", ");
    Err(if allow.is_empty() { Error::NoRoute } else { Error::MethodNotAllowed { allow } })
}
