//! Failures as RFC 9457 problems. One table gives the status of each kind.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use crate::api::error::{ApiError, NotReady, NotShared};
use base::error::{Error, Fault, StorageFailure};
use domain::quarantine::{CommandRefusal, RefusalKind, RefusedFault};
use text::language::Language;
use text::messages::{Message, message};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// The seconds after which a request to a busy service may be repeated.
const RETRY_AFTER_SECONDS: u32 = 2;

/// The seconds after which a request may be repeated if an operator has to repair the service first.
const MENDED_AFTER_SECONDS: u32 = 30;

/// A failure in the form of RFC 9457.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "type": "urn:muster:problem:values_not_taken", "title": "Validation failed", "status": 422,
    "detail": "Some values are not valid: see the errors.", "code": "values_not_taken",
    "request_id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11",
    "errors": [{ "pointer": "/lines/3/quantity", "code": "negative", "detail": "The number must not be negative." }]
}))]
pub struct Problem {
    /// Names the kind of failure: `urn:muster:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(max_length = 100)]
    pub kind: String,
    /// The kind of problem in words, in the caller's language.
    #[schema(max_length = 100)]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The problem at hand, in a sentence of the same language.
    #[schema(max_length = 1000)]
    pub detail: String,
    /// The kind of failure, as a stable snake_case word.
    #[schema(max_length = 64)]
    pub code: String,
    /// The id of the request, as in the logs.
    #[schema(max_length = 64)]
    pub request_id: String,
    /// The faults, for bad input.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub errors: Vec<FieldProblem>,
    /// SHA-256 of the stored content, if the id was already used for other content.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(min_length = 64, max_length = 64)]
    pub stored_sha256: Option<String>,
    /// SHA-256 of the content sent, if the id was already used for other content.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(min_length = 64, max_length = 64)]
    pub sent_sha256: Option<String>,
}

/// One thing wrong with what was sent.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// A JSON pointer into the body, or `/name` of a query or path parameter.
    #[schema(max_length = 256, example = "/lines/3/quantity")]
    pub pointer: String,
    /// The kind of fault, as a stable snake_case word.
    #[schema(max_length = 64, example = "negative")]
    pub code: String,
    /// One sentence saying what is wrong and how to correct it.
    #[schema(max_length = 1000, example = "The number must not be negative.")]
    pub detail: String,
}

impl FieldProblem {
    /// A fault, in a language.
    pub fn of(fault: &Fault, language: Language) -> Self {
        Self { pointer: fault.pointer.clone(), code: fault.code.to_owned(), detail: fault.detail.text(language) }
    }
}

/// The status and the code of each kind of failure.
fn status_and_code(error: &ApiError) -> (StatusCode, &'static str) {
    match error {
        ApiError::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed"),
        ApiError::NoRoute => (StatusCode::NOT_FOUND, "no_such_path"),
        ApiError::MethodNotAllowed { .. } => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
        ApiError::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        ApiError::TooSlow => (StatusCode::REQUEST_TIMEOUT, "body_too_slow"),
        ApiError::NotAcceptable(_) => (StatusCode::NOT_ACCEPTABLE, "not_acceptable"),
        ApiError::UnsupportedMediaType(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
        ApiError::Service(error) => match error {
            Error::Unauthenticated { code, .. } => (StatusCode::UNAUTHORIZED, code),
            Error::Forbidden { code, .. } => (StatusCode::FORBIDDEN, code),
            Error::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            Error::Conflict { code, .. } => (StatusCode::CONFLICT, code),
            Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "values_not_taken"),
            Error::Changed(_) => (StatusCode::PRECONDITION_FAILED, "changed_meanwhile"),
            Error::Unconditional(_) => (StatusCode::PRECONDITION_REQUIRED, "if_match_missing"),
            Error::TooMany { code, .. } => (StatusCode::TOO_MANY_REQUESTS, code),
            Error::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Error::Storage(failure, _) => match code_of_storage(*failure) {
                Some(code) => (StatusCode::SERVICE_UNAVAILABLE, code),
                None => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            },
            Error::Internal(..) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        },
        ApiError::NotShared(NotShared::Origin) => (StatusCode::FORBIDDEN, "origin_not_allowed"),
        ApiError::NotShared(NotShared::Request) => (StatusCode::FORBIDDEN, "preflight_not_allowed"),
        ApiError::NotReady(NotReady::Schema) => (StatusCode::SERVICE_UNAVAILABLE, "schema_differs"),
        ApiError::NotReady(NotReady::Clock) => (StatusCode::SERVICE_UNAVAILABLE, "clock_behind"),
    }
}

/// The code of a failure of the storage that passes by itself or that an operator must repair; `None` for all others.
fn code_of_storage(failure: StorageFailure) -> Option<&'static str> {
    Some(match failure {
        StorageFailure::Disconnected => "database_unreachable",
        StorageFailure::TimedOut => "database_timeout",
        StorageFailure::Full => "database_full",
        StorageFailure::ReadOnly => "database_read_only",
        StorageFailure::Failing => "database_failing",
        StorageFailure::KeyMissing => "key_missing",
        StorageFailure::Collision | StorageFailure::Undone | StorageFailure::Other => return None,
    })
}

/// The seconds after which the same request may be sent again.
fn retry_after(error: Option<&ApiError>) -> u32 {
    match error {
        Some(ApiError::Service(Error::TooMany { retry_after, .. })) => *retry_after,
        Some(
            ApiError::NotReady(_)
            | ApiError::Service(Error::Storage(
                StorageFailure::Full | StorageFailure::ReadOnly | StorageFailure::Failing | StorageFailure::KeyMissing,
                _,
            )),
        ) => MENDED_AFTER_SECONDS,
        _ => RETRY_AFTER_SECONDS,
    }
}

/// The sentence about a failure. If no client can correct it, the sentence does not mention the cause.
fn detail_of(error: &ApiError) -> Message {
    match error {
        ApiError::Malformed(_) => message!("problem-malformed"),
        ApiError::UnsupportedMediaType(types) => {
            message!("problem-media-type", types = types.iter().map(ToString::to_string).collect::<Vec<_>>())
        }
        ApiError::NotAcceptable(types) => message!("problem-not-acceptable", types = types.clone()),
        ApiError::TooLarge(bytes) => message!("problem-too-large", bytes = *bytes),
        ApiError::TooSlow => message!("problem-too-slow"),
        ApiError::NoRoute => message!("problem-no-route"),
        ApiError::MethodNotAllowed { .. } => message!("problem-method"),
        ApiError::Service(error) => match error {
            Error::Invalid(_) => message!("problem-invalid"),
            Error::NotFound(thing) => message!("problem-not-found", thing = word_for(thing)),
            Error::Conflict { detail, .. }
            | Error::Forbidden { detail, .. }
            | Error::Unauthenticated { detail, .. }
            | Error::TooMany { detail, .. }
            | Error::Changed(detail)
            | Error::Unconditional(detail) => detail.clone(),
            Error::Busy(_) => message!("problem-busy"),
            Error::Storage(StorageFailure::Disconnected, _) => message!("problem-unreachable"),
            Error::Storage(StorageFailure::TimedOut, _) => message!("problem-database-timeout"),
            Error::Storage(StorageFailure::Full, _) => message!("problem-database-full"),
            Error::Storage(StorageFailure::ReadOnly, _) => message!("problem-database-read-only"),
            Error::Storage(StorageFailure::Failing, _) => message!("problem-database-failing"),
            Error::Storage(StorageFailure::KeyMissing, _) => message!("problem-key-missing"),
            Error::Storage(StorageFailure::Collision | StorageFailure::Undone | StorageFailure::Other, _)
            | Error::Internal(..) => message!("problem-internal"),
        },
        ApiError::NotShared(NotShared::Origin) => message!("problem-origin"),
        ApiError::NotShared(NotShared::Request) => message!("problem-preflight"),
        ApiError::NotReady(NotReady::Schema) => message!("problem-schema-differs"),
        ApiError::NotReady(NotReady::Clock) => message!("problem-clock-behind"),
    }
}

/// The word for a thing that was not found, from its name in the code.
fn word_for(thing: &str) -> Message {
    let word = Message::new(format!("thing-{}", thing.replace([' ', '_'], "-")));
    // A test ensures that the message files have every such word.
    if word.find(Language::English).is_some() { word } else { message!("thing-other") }
}

impl Problem {
    /// The problem of a failure, in a language.
    pub fn of(error: &ApiError, language: Language, request_id: String) -> Self {
        let (status, code) = status_and_code(error);
        let detail = detail_of(error).text(language);
        let (stored, sent) = match error {
            ApiError::Service(Error::Conflict { hashes: Some((stored, sent)), .. }) => {
                (Some(stored.clone()), Some(sent.clone()))
            }
            _ => (None, None),
        };
        let faults: &[Fault] = match error {
            ApiError::Malformed(faults) | ApiError::Service(Error::Invalid(faults)) => faults,
            _ => &[],
        };
        Self {
            errors: faults.iter().map(|fault| FieldProblem::of(fault, language)).collect(),
            stored_sha256: stored,
            sent_sha256: sent,
            ..Self::plain(status, code, detail, language, request_id)
        }
    }

    /// The problem of a quarantined command, as reported to its sender.
    pub fn of_refusal(refusal: &CommandRefusal, language: Language, request_id: String) -> Self {
        let status = match refusal.kind {
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::Unauthenticated => StatusCode::UNAUTHORIZED,
            RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
            RefusalKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let (stored_sha256, sent_sha256) = refusal.hashes.clone().unzip();
        let field = |fault: &RefusedFault| FieldProblem {
            pointer: fault.pointer.clone(),
            code: fault.code.clone(),
            detail: fault.detail.text(language).to_owned(),
        };
        let detail = refusal.detail.text(language).to_owned();
        Self {
            errors: refusal.faults.iter().map(field).collect(),
            stored_sha256,
            sent_sha256,
            ..Self::plain(status, &refusal.code, detail, language, request_id)
        }
    }

    /// A problem that consists of a status only.
    pub fn of_status(status: StatusCode, language: Language, request_id: String) -> Self {
        let code = status.canonical_reason().unwrap_or("failure").to_lowercase().replace([' ', '-'], "_");
        Self::plain(status, &code, message!("problem-not-served").text(language), language, request_id)
    }

    fn plain(status: StatusCode, code: &str, detail: String, language: Language, request_id: String) -> Self {
        let title = Message::new(format!("title-{code}")).find(language);
        // The web framework answers some failures by itself, whose codes are not listed.
        let title = title.unwrap_or_else(|| message!("title-other").text(language));
        Self {
            kind: format!("urn:muster:problem:{code}"),
            title,
            status: status.as_u16(),
            detail,
            code: code.to_owned(),
            request_id,
            errors: Vec::new(),
            stored_sha256: None,
            sent_sha256: None,
        }
    }

    /// The answer that carries it, with the headers its status asks for.
    pub fn into_response(self, error: Option<&ApiError>) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        match error {
            Some(ApiError::Service(Error::Unauthenticated { .. })) => {
                response.insert_header((header::WWW_AUTHENTICATE, r#"Bearer realm="muster""#));
            }
            Some(ApiError::MethodNotAllowed { allow }) => {
                response.insert_header((header::ALLOW, allow.as_str()));
            }
            _ => {}
        }
        if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
            response.insert_header((header::RETRY_AFTER, retry_after(error)));
        }
        response.insert_header((header::CONTENT_TYPE, MEDIA_TYPE)).json(self)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        status_and_code(self).0
    }

    /// A placeholder: the middleware renders the problem, as only it knows the request.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The problems that an operation which reads input may answer with.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "only its documentation is used")]
pub enum Problems {
    /// The bytes could not be read as what the operation takes.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// Not signed in, or no longer.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// Signed in, but not allowed to do this.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// The thing does not exist, or the caller may not see it.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// Well-formed, but with values that are not valid.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many requests are under way; send the same again after `Retry-After` seconds.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

/// The problem of a public read to which a token was sent.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "only its documentation is used")]
pub enum TokenProblem {
    /// A token was sent, which need not be, and it is refused.
    #[response(status = 401, content_type = "application/problem+json")]
    TokenRefused(Problem),
}

/// The problems that an operation without a sign-in may answer with.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "only its documentation is used")]
pub enum PublicProblems {
    /// The bytes could not be read as what the operation takes.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// A token was sent, which need not be, and it is refused.
    #[response(status = 401, content_type = "application/problem+json")]
    TokenRefused(Problem),
    /// The thing does not exist, or the service does not offer this path.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// Well-formed, but with values that are not valid.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many requests are under way; send the same again after `Retry-After` seconds.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

/// Further problems that an operation which reads a body may answer with.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "only its documentation is used")]
pub enum BodyProblems {
    /// The body arrived too slowly; send the same again.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(Problem),
    /// More bytes than allowed, after unpacking: 1 MiB, or 16 MiB for a file, or 16 KiB for a sign-in.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The operation does not read this media type.
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(Problem),
}

/// A further problem that an operation with delayed attempts may answer with.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "only its documentation is used")]
pub enum TooManyProblem {
    /// Tried too often; send the same again after `Retry-After` seconds.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
}
