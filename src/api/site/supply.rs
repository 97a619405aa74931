//! The catalogue, the dictionary of facts and the standards that the binary carries, for the page that brings them into an empty
//! service by `POST /import`: nobody has to look for the files.

use std::sync::LazyLock;

use actix_web::http::header::EntityTag;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::api::negotiation::JSON;
use crate::api::reply;

/// Its path.
pub const PATH: &str = "/board/supply.json";

/// The files in the order in which they can be imported, each with its name and text.
static SUPPLY: LazyLock<(Bytes, EntityTag)> = LazyLock::new(|| {
    let files: Vec<_> =
        reference::files().into_iter().map(|(name, text)| json!({ "name": name, "text": text })).collect();
    let body = json!({ "files": files }).to_string().into_bytes();
    let tag = reply::tag_of(None, &body);
    (body.into(), tag)
});

/// Answers with the files.
pub async fn find(request: HttpRequest) -> HttpResponse {
    let (body, tag) = &*SUPPLY;
    reply::file(&request, JSON, tag.clone(), "no-cache", body.clone())
}
