//! Client credentials in a token request, in the two ways of RFC 6749, section 2.3.1.

use actix_web::http::header::{self, HeaderMap};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use super::form::Form;
use super::refusal::OAuthRefusal;

/// The credentials of a client.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl Credentials {
    /// The credentials of a request, in the `Authorization` header or in the form, and not in both.
    ///
    /// # Errors
    /// The refusal if credentials are missing, unsupported, or given in both places.
    pub fn of(headers: &HeaderMap, form: &Form) -> Result<Self, OAuthRefusal> {
        match headers.get(header::AUTHORIZATION) {
            Some(value) => {
                let found = value.to_str().ok().and_then(Self::of_basic).ok_or(OAuthRefusal::Client)?;
                let is_other = form.client_id.as_ref().is_some_and(|id| *id != found.id);
                if form.client_secret.is_some() || is_other {
                    return Err(OAuthRefusal::Request(
                        "Send the credentials in the Authorization header or in the body, not in both.",
                    ));
                }
                Ok(found)
            }
            None => match (&form.client_id, &form.client_secret) {
                (Some(id), Some(secret)) => Ok(Self { id: id.clone(), secret: secret.clone() }),
                _ => Err(OAuthRefusal::Client),
            },
        }
    }

    /// The credentials of HTTP Basic, both parts form-encoded.
    fn of_basic(value: &str) -> Option<Self> {
        let (scheme, encoded) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (id, secret) = pair.split_once(':')?;
        Some(Self { id: decoded(id)?, secret: decoded(secret)? })
    }
}

fn decoded(part: &str) -> Option<String> {
    percent_decode_str(&part.replace('+', " ")).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_written_as_in_a_form() {
        let basic = |pair: &str| Credentials::of_basic(&format!("Basic {}", STANDARD.encode(pair)));
        for (pair, id, secret) in
            [("a:b", "a", "b"), ("a%3Ab:c%3Ad+e", "a:b", "c:d e"), ("a:b:c", "a", "b:c"), (":", "", "")]
        {
            let found = basic(pair).unwrap();
            assert_eq!((found.id.as_str(), found.secret.as_str()), (id, secret), "{pair}");
        }
        assert!(Credentials::of_basic(&format!("bAsIc {}", STANDARD.encode("a:b"))).is_some());
        assert!(basic("no colon").is_none() && basic("a:%FF").is_none());
        for value in ["", "Basic", "Basic ???", "Bearer YTpi"] {
            assert!(Credentials::of_basic(value).is_none(), "{value}");
        }
    }
}
