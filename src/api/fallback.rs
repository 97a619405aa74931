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
    let allow = allowed(&paths, request.path());
    if request.method() == Method::OPTIONS && !allow.is_empty() {
        return Ok(HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish());
    }
    Err(if allow.is_empty() { ApiError::NoRoute } else { ApiError::MethodNotAllowed { allow } })
}

/// The methods for which a path exists, each once; none if it does not.
fn allowed(paths: &PathTable, path: &str) -> String {
    let found = paths.iter().filter(|(known, _)| known.is_match(path)).flat_map(|(_, methods)| methods);
    let mut methods: Vec<&str> = Vec::new();
    for method in found {
        // What is got can also be asked for by its head alone (RFC 9110, 9.3.2).
        let all: &[&str] = if *method == "GET" { &["GET", "HEAD"] } else { std::slice::from_ref(method) };
        methods.extend(all.iter().filter(|method| !methods.contains(method)).copied().collect::<Vec<_>>());
    }
    if !methods.is_empty() {
        methods.push("OPTIONS");
    }
    methods.join(", ")
}

#[cfg(test)]
mod tests {
    use actix_web::dev::ResourceDef;

    use super::*;

    #[test]
    fn each_method_of_a_path_is_told_once() {
        let paths = vec![
            (ResourceDef::new("/standards/check"), vec!["POST"]),
            (ResourceDef::new("/standards/{standard}"), vec!["GET", "PUT"]),
            (ResourceDef::new("/items"), vec!["GET"]),
        ];
        for (path, expected) in [
            ("/standards/check", "POST, GET, HEAD, PUT, OPTIONS"),
            ("/standards/GB", "GET, HEAD, PUT, OPTIONS"),
            ("/items", "GET, HEAD, OPTIONS"),
            ("/nowhere", ""),
        ] {
            assert_eq!(allowed(&paths, path), expected, "{path}");
        }
    }
}
