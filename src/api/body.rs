//! Reading bodies: JSON of a known shape, with every fault named by its place.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use validator::Validate;

use super::body_pace::is_too_slow;
use super::caller_limits;
use super::unpack::{coding_of, unpack, unreadable};
use crate::api::error::ApiError;
use base::content::Content;
use base::error::{Error, Fault};
use service::input_errors;
use text::messages::message;

/// The most bytes of a body, after unpacking. A count of 2,000 lines with lots takes about 300 kB.
pub const BODY_LIMIT: usize = 1_048_576;

/// The most bytes of the body of a sign-in, which strangers may send.
const SIGN_IN_LIMIT: usize = 16 * 1024;

/// A JSON body of a known shape, checked, together with what was sent.
#[derive(Debug)]
pub struct Body<T> {
    /// The values.
    pub value: T,
    /// The same as it was sent.
    pub content: Content,
}

/// A JSON body whose shape is looked at later: a repeat is found by its content, whatever shape is asked for today.
#[derive(Debug)]
pub struct RawBody(pub Content);

impl RawBody {
    /// The values, read and checked.
    ///
    /// # Errors
    /// `Invalid` with every fault: a wrong type, an unknown field, a length out of bounds.
    pub fn read<T: DeserializeOwned + Validate>(&self) -> Result<T, Error> {
        input_errors::read_json(&self.0.bytes)
    }
}

impl<T: DeserializeOwned + Validate> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let raw = RawBody::from_request(request, payload);
        Box::pin(async move {
            let raw = raw.await?;
            Ok(Self { value: raw.read()?, content: raw.0 })
        })
    }
}

impl FromRequest for RawBody {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let unread = UnreadBody::from_request(request, payload);
        Box::pin(async move { Content::of_json(unread.await?.0).map(RawBody).map_err(|error| not_json(&error)) })
    }
}

/// A JSON body of which only the outside is looked at: what stands inside of it is read part by part, and a part that
/// cannot be read holds up no other.
#[derive(Debug)]
pub struct UnreadBody(Vec<u8>);

impl UnreadBody {
    /// The values, read and checked.
    ///
    /// # Errors
    /// `Malformed` for what is no JSON; `Invalid` with every fault.
    pub fn read<T: DeserializeOwned + Validate>(&self) -> Result<T, ApiError> {
        serde_json::from_slice::<&RawValue>(&self.0).map_err(|error| not_json(&error))?;
        Ok(input_errors::read_json(&self.0)?)
    }
}

impl FromRequest for UnreadBody {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let coding = coding_of(request).filter(|_| is_json(request));
        let limit = if caller_limits::is_sign_in(request) { SIGN_IN_LIMIT } else { BODY_LIMIT };
        let mut payload = payload.take();
        Box::pin(async move {
            let coding = coding.ok_or(ApiError::UnsupportedMediaType(&["application/json"]))?;
            let packed = collect(&mut payload, limit, |_| Ok(())).await?;
            unpack(coding, packed, limit, |_| Ok(())).map(UnreadBody)
        })
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = value.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn not_json(error: &serde_json::Error) -> ApiError {
    if error.to_string().starts_with("number out of range") {
        let detail = message!("body-number-too-large", line = error.line(), column = error.column());
        return Error::invalid("", "out_of_range", detail).into();
    }
    ApiError::Malformed(vec![Fault::new(
        "",
        "bad_json",
        message!("body-not-json", line = error.line(), column = error.column()),
    )])
}

/// The failure of a body that did not come to its end.
fn unread(error: &PayloadError) -> ApiError {
    if is_too_slow(error) { ApiError::TooSlow } else { unreadable() }
}

/// Reads a body as it was sent, and no further than a limit; `grow` is told of each size before it is reached.
pub(super) async fn collect(
    payload: &mut Payload,
    limit: usize,
    mut grow: impl FnMut(usize) -> Result<(), Error>,
) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| unread(&error))?;
        let length = bytes.len() + chunk.len();
        if length > limit {
            return Err(ApiError::TooLarge(limit));
        }
        grow(length)?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
