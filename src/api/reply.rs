//! Answers: JSON with a tag that shows whether it has changed, and tables as CSV.

use std::io::{self, Write as _};

use actix_web::http::header::{
    self, Accept, AcceptEncoding, ContentEncoding, ETag, Encoding, EntityTag, Header as _, IfNoneMatch,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::language;
use crate::api::error::ApiError;
use base::content::hexadecimal;
use base::error::Error;
use domain::revision::Revision;

/// The form of an answer that is a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON, in pages.
    Json,
    /// A CSV table with a header row.
    Csv,
}

impl Format {
    /// The format requested by name, or by `Accept` if that prefers CSV to JSON.
    pub fn of(named: Option<Self>, request: &HttpRequest) -> Self {
        named.unwrap_or_else(|| {
            let ranked = Accept::parse(request).map(|accept| accept.ranked()).unwrap_or_default();
            let first = ranked.iter().find_map(|media_type| match media_type.essence_str() {
                "text/csv" => Some(Self::Csv),
                "application/json" | "application/*" | "*/*" => Some(Self::Json),
                _ => None,
            });
            first.unwrap_or(Self::Json)
        })
    }
}

/// JSON with an `ETag`, or 304 if the client has it already.
pub fn json<T: Serialize>(request: &HttpRequest, value: &T) -> Result<HttpResponse, ApiError> {
    Ok(tagged(request, "application/json", None, to_bytes(value)?))
}

/// JSON of one thing that can be changed. Its `ETag` also names the revision of the thing's last change, which a change
/// sends back in `If-Match` (see [`IfMatch`](super::condition::IfMatch)).
pub fn versioned<T: Serialize>(request: &HttpRequest, value: &T, revision: Revision) -> Result<HttpResponse, ApiError> {
    Ok(tagged(request, "application/json", Some(revision), to_bytes(value)?))
}

fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|error| Error::internal("an answer cannot be written", error))
}

/// A CSV table with an `ETag`, or 304 if the client has it already.
pub fn csv(request: &HttpRequest, body: Vec<u8>) -> HttpResponse {
    tagged(request, "text/csv; charset=utf-8; header=present", None, body)
}

/// JSON that is the same in every language, for devices that pay by the byte, with an `ETag`. If the client accepts gzip,
/// it is compressed with the highest level, while the server itself would compress quickly and less well. Its length is
/// known beforehand.
pub fn packed<T: Serialize>(request: &HttpRequest, value: &T) -> Result<HttpResponse, ApiError> {
    let body = to_bytes(value)?;
    let Unless { mut response, is_known } = unless_known(request, None, &body);
    response.insert_header((header::VARY, "Accept-Encoding, Authorization"));
    if is_known {
        return Ok(response.finish());
    }
    response.insert_header(header::ContentType::json());
    if !takes_gzip(request) {
        return Ok(response.body(body));
    }
    let packed = pack(&body).map_err(|error| Error::internal("an answer cannot be packed", error))?;
    Ok(response.insert_header(ContentEncoding::Gzip).body(packed))
}

/// True for a client that prefers gzip to everything else.
fn takes_gzip(request: &HttpRequest) -> bool {
    let known = [Encoding::gzip(), Encoding::brotli(), Encoding::zstd(), Encoding::deflate(), Encoding::identity()];
    let best = AcceptEncoding::parse(request).ok().and_then(|accepted| accepted.negotiate(known.iter()));
    best == Some(Encoding::gzip())
}

fn pack(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(body)?;
    packer.finish()
}

/// The beginning of an answer.
struct Unless {
    response: HttpResponseBuilder,
    /// True if the client has the content that would follow.
    is_known: bool,
}

/// The tag is weak: a compressed answer has other bytes with the same meaning.
fn unless_known(request: &HttpRequest, revision: Option<Revision>, body: &[u8]) -> Unless {
    let digest = hexadecimal(&Sha256::digest(body));
    let digest: String = digest.chars().take(32).collect();
    let tag = EntityTag::new_weak(revision.map_or(digest.clone(), |revision| format!("r{}.{digest}", revision.0)));
    let is_known = matches!(
        IfNoneMatch::parse(request),
        Ok(IfNoneMatch::Items(tags)) if tags.iter().any(|known| known.weak_eq(&tag))
    );
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header(ETag(tag)).insert_header((header::CACHE_CONTROL, "private, no-cache"));
    Unless { response, is_known }
}

fn tagged(request: &HttpRequest, media_type: &str, revision: Option<Revision>, body: Vec<u8>) -> HttpResponse {
    let language = language::of(request);
    let Unless { mut response, is_known } = unless_known(request, revision, &body);
    response.insert_header((header::VARY, "Accept, Accept-Language, Authorization"));
    if is_known {
        return response.finish();
    }
    response
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .body(body)
}
