//! Keys by which a client marks a request as a repeat of one whose answer it did not get.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::api::error::ApiError;
use base::error::Fault;
use text::messages::message;

/// The header.
const NAME: &str = "Idempotency-Key";

/// The content of `Idempotency-Key`; `None` without the header. It is as secret as the code or token that it comes with: a
/// client makes it at random and stores it before it sends the request.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get(NAME) else { return ready(Ok(Self(None))) };
        let is_key = |text: &&str| (16..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        ready(match value.to_str().ok().filter(is_key) {
            Some(text) => Ok(Self(Some(text.to_owned()))),
            None => {
                let fault = Fault::new(format!("/{NAME}"), "wrong_header", message!("idempotency-key-not-taken"));
                Err(ApiError::Malformed(vec![fault]))
            }
        })
    }
}
