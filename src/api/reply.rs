//! Answers: JSON with a tag that tells whether it changed, and tables as CSV or XLSX.

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::http::header::{self, ContentEncoding, ETag, EntityTag, Header as _, IfNoneMatch};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::fields::Fields;
pub use super::format::Format;
use super::language;
use super::list_table::{self, Column};
use super::negotiation::{JSON, WORKBOOK, coding_of};
use super::offered::ListColumns;
use super::page::Page;
use super::table_file::{NewTable, TableRead, TableRows};
use crate::api::error::ApiError;
use base::content::hexadecimal;
use base::error::Error;
use base::holding::run_blocking;
use domain::revision::Revision;
use text::language::Language;
use web_build::pack::gzip;

/// JSON with an `ETag`, or 304 if the client has it already.
pub fn json<T: Serialize>(request: &HttpRequest, value: &T) -> Result<HttpResponse, ApiError> {
    Ok(tagged(request, JSON, None, to_bytes(value)?))
}

/// JSON of a page of a list, with the members that the request names.
pub fn page<T: Serialize>(request: &HttpRequest, page: &T) -> Result<HttpResponse, ApiError> {
    let fields = Fields::of(request)?;
    if fields.is_all() {
        return json(request, page);
    }
    let mut page = serde_json::to_value(page).map_err(unwritten_answer)?;
    fields.prune(&mut page);
    json(request, &page)
}

/// JSON that anybody may see, and keep for a few minutes, with an `ETag`, or 304 if the client has it already.
pub fn public<T: Serialize>(request: &HttpRequest, media_type: &str, value: &T) -> Result<HttpResponse, ApiError> {
    let body = to_bytes(value)?;
    let tag = tag_of(None, &body);
    Ok(public_bytes(request, media_type, body, tag))
}

/// The same for bytes whose tag is known.
pub fn public_bytes(request: &HttpRequest, media_type: &str, body: impl Into<Bytes>, tag: EntityTag) -> HttpResponse {
    file(request, media_type, tag, "public, max-age=300", body)
}

/// Bytes that are the same for everybody, with the time for which they may be kept.
pub fn file(
    request: &HttpRequest,
    media_type: &str,
    tag: EntityTag,
    caching: &'static str,
    body: impl Into<Bytes>,
) -> HttpResponse {
    let Unless { mut response, is_known } = unless_known(request, tag);
    response.insert_header((header::CACHE_CONTROL, caching));
    if is_known {
        return response.finish();
    }
    response.insert_header((header::CONTENT_TYPE, media_type)).body(body.into())
}

/// JSON of one thing that can be changed. Its `ETag` also names the revision of the thing's last change, which a change
/// sends back in `If-Match` (see [`IfMatch`](super::condition::IfMatch)).
pub fn versioned<T: Serialize>(request: &HttpRequest, value: &T, revision: Revision) -> Result<HttpResponse, ApiError> {
    Ok(tagged(request, JSON, Some(revision), to_bytes(value)?))
}

fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(unwritten_answer)
}

fn unwritten_answer(error: serde_json::Error) -> Error {
    Error::internal("an answer cannot be written", error)
}

/// A page of a list in the format asked for. Where more follows a table, the header `Link` names it.
pub async fn list<T>(request: &HttpRequest, format: Format, page: Page<T>) -> Result<HttpResponse, ApiError>
where
    T: Serialize + Send + 'static,
{
    if format == Format::Json {
        return self::page(request, &page);
    }
    let table = ListTable::of(request, format)?;
    let write = move || {
        let mut rows = table.begin()?;
        page.items.iter().try_for_each(|thing| rows.add(thing))?;
        Ok(rows.end(page.next_cursor))
    };
    write_table(request, write).await
}

/// A table of what is in memory already, as a page of a list is. It is written aside, as a long one would hold others up.
pub async fn write_table(
    request: &HttpRequest,
    write: impl FnOnce() -> Result<TableRead, Error> + Send + 'static,
) -> Result<HttpResponse, ApiError> {
    let table = run_blocking(write).await.map_err(unwritten)??;
    send_table(request, table).await
}

/// A table of a list, with a column for each value of its entries.
pub struct ListTable {
    table: NewTable,
    columns: Vec<Column>,
    language: Language,
}

impl ListTable {
    /// The table that a request asks for.
    ///
    /// # Errors
    /// For members that the entries do not have.
    pub fn of(request: &HttpRequest, format: Format) -> Result<Self, ApiError> {
        let (table, fields) = (NewTable::of(request, format)?, Fields::of(request)?);
        let mut columns = ListColumns::for_request(request)?;
        columns.retain(|column| fields.takes(column.member()));
        Ok(Self { table, columns, language: language::of(request) })
    }

    /// Begins it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn begin(self) -> Result<ListRows, Error> {
        let Self { table, columns, language } = self;
        let headers: Vec<String> = columns.iter().map(|column| column.header(language)).collect();
        Ok(ListRows { rows: table.begin(&headers)?, columns, language })
    }
}

/// A table of a list that is being written.
pub struct ListRows {
    rows: TableRows,
    columns: Vec<Column>,
    language: Language,
}

impl ListRows {
    /// Adds an entry.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add<T: Serialize>(&mut self, thing: &T) -> Result<(), Error> {
        let thing = serde_json::to_value(thing).map_err(unwritten_answer)?;
        list_table::rows(&self.columns, &thing, self.language).iter().try_for_each(|row| self.rows.add(row))
    }

    /// Ends it, perhaps with the position at which more follows.
    pub fn end(self, next_cursor: Option<String>) -> TableRead {
        self.rows.end(next_cursor)
    }
}

/// Sends a table whose rows are written, with an `ETag`, or 304 where the client has it already.
pub async fn send_table(request: &HttpRequest, table: TableRead) -> Result<HttpResponse, ApiError> {
    let (format, link) = (table.format, table.next_cursor.as_deref().map(|cursor| link_to(request, cursor)));
    // A workbook is packed, which takes its time: aside, and not in the snapshot that its rows are from.
    let written = run_blocking(move || table.finish()).await.map_err(unwritten)??;
    let media_type = match format {
        Format::Xlsx => WORKBOOK,
        Format::Csv | Format::Json => "text/csv; charset=utf-8; header=present",
    };
    let Unless { mut response, is_known } = begin_tagged(request, tag_of_digest(None, &written.sha256));
    let mut answer = if is_known {
        response.finish()
    } else {
        with_media_type(&mut response, request, media_type);
        written.send(response)
    };
    let headers = answer.headers_mut();
    if format == Format::Xlsx {
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"muster.xlsx\""));
    }
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        headers.insert(header::LINK, link);
    }
    Ok(answer)
}

fn unwritten(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::internal("a table cannot be written", error)
}

/// The link to what follows a part of a list.
fn link_to(request: &HttpRequest, cursor: &str) -> String {
    let query = request.query_string().split('&').filter(|part| !part.is_empty() && !part.starts_with("cursor="));
    let query: Vec<&str> = query.collect();
    let and = if query.is_empty() { "" } else { "&" };
    format!("<{}?{}{and}cursor={cursor}>; rel=\"next\"", request.path(), query.join("&"))
}

/// JSON that is the same in every language, for devices that pay by the byte, with an `ETag`. If the client accepts gzip,
/// it is compressed with the highest level, while the server itself would compress quickly and less well. Its length is
/// known beforehand.
pub fn packed<T: Serialize>(request: &HttpRequest, value: &T) -> Result<HttpResponse, ApiError> {
    let body = to_bytes(value)?;
    let Unless { mut response, is_known } = unless_known(request, tag_of(None, &body));
    response.insert_header((header::VARY, "Accept-Encoding, Authorization"));
    if is_known {
        return Ok(response.finish());
    }
    response.insert_header(header::ContentType::json());
    // A client that likes another coding better gets it from the server.
    let known = [
        ContentEncoding::Gzip,
        ContentEncoding::Brotli,
        ContentEncoding::Zstd,
        ContentEncoding::Deflate,
        ContentEncoding::Identity,
    ];
    if coding_of(request, &known) != ContentEncoding::Gzip {
        return Ok(response.body(body));
    }
    let packed = gzip(&body).map_err(|error| Error::internal("an answer cannot be packed", error))?;
    Ok(response.insert_header(ContentEncoding::Gzip).body(packed))
}

/// The beginning of an answer.
struct Unless {
    response: HttpResponseBuilder,
    /// True if the client has the content that would follow.
    is_known: bool,
}

/// The tag of an answer. It is weak: a compressed answer has other bytes with the same meaning.
pub fn tag_of(revision: Option<Revision>, body: &[u8]) -> EntityTag {
    tag_of_digest(revision, &Sha256::digest(body))
}

/// The same by the SHA-256 of the answer.
fn tag_of_digest(revision: Option<Revision>, digest: &[u8]) -> EntityTag {
    let digest: String = hexadecimal(digest).chars().take(32).collect();
    EntityTag::new_weak(revision.map_or(digest.clone(), |revision| format!("r{}.{digest}", revision.0)))
}

fn unless_known(request: &HttpRequest, tag: EntityTag) -> Unless {
    // A check that is sent by POST names no state that could be asked for again.
    let is_read = request.method() == Method::GET;
    let is_known = is_read
        && matches!(
            IfNoneMatch::parse(request),
            Ok(IfNoneMatch::Items(tags)) if tags.iter().any(|known| known.weak_eq(&tag))
        );
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    if is_read {
        response.insert_header(ETag(tag));
    }
    response.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    Unless { response, is_known }
}

fn tagged(request: &HttpRequest, media_type: &str, revision: Option<Revision>, body: Vec<u8>) -> HttpResponse {
    let Unless { mut response, is_known } = begin_tagged(request, tag_of(revision, &body));
    if is_known {
        return response.finish();
    }
    with_media_type(&mut response, request, media_type);
    response.body(body)
}

fn begin_tagged(request: &HttpRequest, tag: EntityTag) -> Unless {
    let mut unless = unless_known(request, tag);
    unless.response.insert_header((header::VARY, "Accept, Accept-Language, Authorization"));
    unless
}

fn with_media_type(response: &mut HttpResponseBuilder, request: &HttpRequest, media_type: &str) {
    response
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_LANGUAGE, language::of(request).tag()));
}
