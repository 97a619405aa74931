//! The token request of a client: a form in the body.

use actix_web::http::header;
use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::refusal::OAuthRefusal;
use crate::api::body::collect;
use crate::api::error::ApiError;
use crate::api::unpack::{coding_of, unpack};

/// The most bytes of a form, after unpacking.
const FORM_LIMIT: usize = 16 * 1024;

/// A form that asks for a token.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"grant_type": "client_credentials", "scope": "catalogue:read counts:write"}))]
#[expect(dead_code, reason = "only its documentation is used")]
pub struct TokenRequest {
    /// Always `client_credentials`.
    #[schema(max_length = 100)]
    grant_type: String,
    /// The scopes of the token, separated by single blanks; all of the client's if left out.
    #[schema(max_length = 1000)]
    scope: Option<String>,
    /// The client's id, if it is not in the `Authorization` header.
    #[schema(max_length = 100)]
    client_id: Option<String>,
    /// The client's secret, if it is not in the `Authorization` header.
    #[schema(max_length = 100)]
    client_secret: Option<String>,
}

/// The known parameters. All others are ignored, and one without a value counts as left out.
#[derive(Default)]
pub struct Form {
    /// The grant.
    pub grant_type: Option<String>,
    /// The scopes.
    pub scope: Option<String>,
    /// The client's id.
    pub client_id: Option<String>,
    /// The client's secret.
    pub client_secret: Option<String>,
}

impl Form {
    /// Reads the form of a request.
    ///
    /// # Errors
    /// The refusal of a body that is not a form, is too large, or repeats a parameter.
    pub async fn of(request: &HttpRequest, payload: web::Payload) -> Result<Self, OAuthRefusal> {
        if !request.query_string().is_empty() {
            return Err(OAuthRefusal::Request(
                "Send the parameters in the body, not in the address: addresses are logged.",
            ));
        }
        let coding = coding_of(request)
            .filter(|_| is_form(request))
            .ok_or(OAuthRefusal::Request("Send a body of the media type application/x-www-form-urlencoded."))?;
        let unread = |error| match error {
            ApiError::TooLarge(_) => {
                OAuthRefusal::Request("The body is too large: send grant_type, scope and credentials only.")
            }
            _ => OAuthRefusal::Request("The body cannot be read to its end."),
        };
        let packed = collect(&mut payload.into_inner(), FORM_LIMIT, |_| Ok(())).await.map_err(unread)?;
        let bytes = unpack(coding, packed, FORM_LIMIT, |_| Ok(())).map_err(unread)?;
        Self::read(&bytes)
    }

    fn read(bytes: &[u8]) -> Result<Self, OAuthRefusal> {
        let pairs: Vec<(String, String)> = serde_html_form::from_bytes(bytes)
            .map_err(|_| OAuthRefusal::Request("The body is no form: send NAME=VALUE pairs with & between them."))?;
        let mut form = Self::default();
        for (name, value) in pairs {
            let place = match name.as_str() {
                "grant_type" => &mut form.grant_type,
                "scope" => &mut form.scope,
                "client_id" => &mut form.client_id,
                "client_secret" => &mut form.client_secret,
                _ => continue,
            };
            if value.is_empty() {
                continue;
            }
            if place.replace(value).is_some() {
                return Err(OAuthRefusal::Request("Send each parameter once."));
            }
        }
        Ok(form)
    }
}

fn is_form(request: &HttpRequest) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_programs_write_it() {
        let form = Form::read(
            b"grant_type=client_credentials&scope=stock%3Aread+counts:write&client_id=&resource=a&resource=b",
        );
        let form = form.ok().unwrap();
        assert_eq!(form.grant_type.as_deref(), Some("client_credentials"));
        assert_eq!(form.scope.as_deref(), Some("stock:read counts:write"));
        assert_eq!((form.client_id, form.client_secret), (None, None));
        assert_eq!(Form::read(b"").ok().unwrap().grant_type, None);
    }

    #[test]
    fn what_is_said_twice_is_refused() {
        for twice in [
            "grant_type=a&grant_type=a",
            "scope=a&scope=b",
            "client_id=a&client_id=b",
            "client_secret=a&client_secret=a",
        ] {
            assert_eq!(
                Form::read(twice.as_bytes()).err(),
                Some(OAuthRefusal::Request("Send each parameter once.")),
                "{twice}"
            );
        }
    }
}
