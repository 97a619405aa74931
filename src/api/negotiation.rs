//! The form of an answer: what an operation offers, and which of that a request asks for (`Accept`, `Accept-Encoding`,
//! RFC 9110, 12.5).
//!
//! A form that is not offered is refused before the handler runs, so no change is made whose answer the client cannot read.

use std::collections::HashMap;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, Accept, AcceptEncoding, ContentEncoding, Encoding, Header as _, Quality,
};
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage, HttpRequest, web};
use utoipa::openapi::path::Operation;
use utoipa::openapi::{OpenApi, RefOr};

use super::path_items::{METHODS, operations};
use crate::api::error::ApiError;

/// The media type of JSON.
pub const JSON: &str = "application/json";

/// The media type of a table in text.
pub const CSV: &str = "text/csv";

/// The media type of a workbook.
pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The media types that each operation answers in, by method and pattern of its path.
#[derive(Debug, Default)]
pub struct Offers(HashMap<(&'static str, String), Offer>);

#[derive(Debug)]
struct Offer {
    media_types: Vec<String>,
    /// True where a parameter of the query may name the form, which counts for more than the header.
    has_format: bool,
}

impl Offers {
    /// The offers that the document makes.
    pub fn of(document: &OpenApi) -> Self {
        let mut offers = HashMap::new();
        for (path, item) in &document.paths.paths {
            for (method, operation) in operations(item) {
                offers.insert((method, path.clone()), Offer::of(operation));
            }
        }
        Self(offers)
    }
}

impl Offer {
    fn of(operation: &Operation) -> Self {
        let answers = operation.responses.responses.iter().filter(|(status, _)| status.starts_with('2'));
        let media_types = answers
            .filter_map(|(_, response)| match response {
                RefOr::T(response) => Some(response.content.keys().cloned()),
                RefOr::Ref(_) => None,
            })
            .flatten()
            .collect();
        let has_format = operation
            .parameters
            .iter()
            .flatten()
            .any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == "format"));
        Self { media_types, has_format }
    }

    fn refuses(&self, request: &ServiceRequest) -> bool {
        let is_named = self.has_format && request.query_string().split('&').any(|part| part.starts_with("format="));
        // An answer without a body is in every form.
        !is_named && !self.media_types.is_empty() && best_of(request, &self.media_types).is_none()
    }
}

/// Refuses what cannot be had in the form asked for.
pub async fn require_offered(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    let refusal = refusal_of(&request);
    match refusal {
        Some(error) => Err(error.into()),
        None => next.call(request).await,
    }
}

fn refusal_of(request: &ServiceRequest) -> Option<ApiError> {
    if !request.headers().contains_key(ACCEPT) {
        return None;
    }
    let offers = request.app_data::<web::Data<Offers>>()?;
    let method = METHODS.into_iter().find(|method| request.method().as_str() == *method)?;
    let offer = offers.0.get(&(method, request.match_pattern()?))?;
    offer.refuses(request).then(|| ApiError::NotAcceptable(offer.media_types.clone()))
}

/// The media type that a request likes best of those offered; of equal ones the one it names most exactly, then first, then
/// the one offered first. `None` where it takes none of them.
pub fn best_of<'o, T: AsRef<str>>(request: &impl HttpMessage, offered: &'o [T]) -> Option<&'o str> {
    if !request.headers().contains_key(ACCEPT) {
        return offered.first().map(AsRef::as_ref);
    }
    let is_blank = request.headers().get_all(ACCEPT).all(|value| value.as_bytes().trim_ascii().is_empty());
    let accept = Accept::parse(request).ok().filter(|accept| !accept.is_empty());
    let Some(accept) = accept else {
        // A header that names nothing asks for nothing; one that cannot be read asks for what nobody has.
        return offered.first().map(AsRef::as_ref).filter(|_| is_blank);
    };
    let mut best: Option<(Quality, u8, usize, &'o str)> = None;
    for media_type in offered {
        let media_type = media_type.as_ref();
        let ranges = accept.iter().enumerate().filter_map(|(place, range)| {
            Some((exactness(range.item.essence_str(), media_type)?, place, range.quality))
        });
        // The most exact range decides about a media type; of equal ones the first.
        let decisive = ranges.max_by_key(|(exactness, place, _)| (*exactness, usize::MAX - place));
        let Some((exactness, place, quality)) = decisive.filter(|(.., quality)| *quality > Quality::ZERO) else {
            continue;
        };
        let is_better = best.is_none_or(|(best_quality, best_exactness, best_place, _)| {
            (quality, exactness, usize::MAX - place) > (best_quality, best_exactness, usize::MAX - best_place)
        });
        if is_better {
            best = Some((quality, exactness, place, media_type));
        }
    }
    best.map(|(.., media_type)| media_type)
}

/// The coding that a request likes best of those offered, the first of equal ones (`Accept-Encoding`, RFC 9110, 12.5.3);
/// none where it names none.
pub fn coding_of(request: &HttpRequest, offered: &[ContentEncoding]) -> ContentEncoding {
    if !request.headers().contains_key(ACCEPT_ENCODING) {
        return ContentEncoding::Identity;
    }
    let encodings: Vec<Encoding> = offered.iter().map(|coding| Encoding::Known(*coding)).collect();
    let best = AcceptEncoding::parse(request).ok().and_then(|accepted| accepted.negotiate(encodings.iter()));
    match best {
        Some(Encoding::Known(coding)) => coding,
        _ => ContentEncoding::Identity,
    }
}

/// The exactness with which a range covers a media type; `None` where it does not.
fn exactness(range: &str, media_type: &str) -> Option<u8> {
    let (kind, _) = media_type.split_once('/')?;
    match range.split_once('/')? {
        _ if range.eq_ignore_ascii_case(media_type) => Some(2),
        (of, "*") if of.eq_ignore_ascii_case(kind) => Some(1),
        ("*", "*") => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_form_liked_best_is_chosen_and_none_where_none_is_taken() {
        let cases = [
            ("text/csv", Some(CSV)),
            ("TEXT/CSV; charset=utf-8", Some(CSV)),
            ("application/json, text/csv", Some(JSON)),
            ("text/csv, application/json", Some(CSV)),
            ("application/json;q=0.5, text/csv", Some(CSV)),
            ("text/csv;q=0.9, */*", Some(JSON)),
            ("*/*", Some(JSON)),
            ("application/*", Some(JSON)),
            ("text/*", Some(CSV)),
            ("*/*, application/json;q=0", Some(CSV)),
            ("text/html, */*;q=0.1", Some(JSON)),
            ("", Some(JSON)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("csv", None),
            ("application/xml, image/*", None),
        ];
        for (header, expected) in cases {
            let request = TestRequest::default().insert_header(("Accept", header)).to_http_request();
            assert_eq!(best_of(&request, &[JSON, CSV, WORKBOOK]), expected, "{header}");
        }
        assert_eq!(best_of(&TestRequest::default().to_http_request(), &[CSV, JSON]), Some(CSV));
    }
}
