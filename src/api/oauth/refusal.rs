//! Refusals in the form of RFC 6749, section 5.2.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use serde::Serialize;

use crate::api::middleware::IsRendered;
use text::language::Language;

/// The reason why no token is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuthRefusal {
    /// The request is malformed; the text says how to correct it.
    Request(&'static str),
    /// The caller is not an authenticated client.
    Client,
    /// Too many attempts failed; the seconds to wait.
    TooMany(u32),
    /// The grant type is not supported.
    GrantType,
    /// The scope is unknown, or the client does not have it.
    Scope,
}

/// A refusal in the form of RFC 6749.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "error": "invalid_client", "error_description": "The client or its secret is wrong, or the client was closed."
}))]
pub struct TokenRefusal {
    /// The error, as a stable code: `invalid_request`, `invalid_client`, `invalid_scope`, `unsupported_grant_type`,
    /// and, beyond the standard, `too_many_attempts`.
    #[schema(max_length = 64)]
    pub error: &'static str,
    /// The error in a sentence, with its correction. RFC 6749 allows ASCII only, so it is always in English.
    #[schema(max_length = 1000)]
    pub error_description: String,
}

impl OAuthRefusal {
    fn status(self) -> StatusCode {
        match self {
            Self::Request(_) | Self::GrantType | Self::Scope => StatusCode::BAD_REQUEST,
            Self::Client => StatusCode::UNAUTHORIZED,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    fn says(self) -> TokenRefusal {
        let (error, description) = match self {
            Self::Request(mend) => ("invalid_request", mend.to_owned()),
            Self::Client => {
                ("invalid_client", "The client or its secret is wrong, or the client was closed.".to_owned())
            }
            Self::TooMany(seconds) => {
                ("too_many_attempts", format!("Too many failed attempts: try again in {seconds} seconds."))
            }
            Self::GrantType => ("unsupported_grant_type", "Send grant_type=client_credentials.".to_owned()),
            Self::Scope => {
                let description = "The client has not all of these scopes: send some of its own, with one blank between \
                    each two, or no scope for all it has.";
                ("invalid_scope", description.to_owned())
            }
        };
        TokenRefusal { error, error_description: description }
    }

    /// The answer that carries it.
    pub fn into_response(self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status());
        response
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::PRAGMA, "no-cache"))
            .insert_header((header::CONTENT_LANGUAGE, Language::English.tag()));
        match self {
            Self::Client => {
                response.insert_header((header::WWW_AUTHENTICATE, r#"Basic realm="muster", charset="UTF-8""#));
            }
            Self::TooMany(seconds) => {
                response.insert_header((header::RETRY_AFTER, seconds));
            }
            Self::Request(_) | Self::GrantType | Self::Scope => {}
        }
        let mut response = response.json(self.says());
        response.extensions_mut().insert(IsRendered);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The characters that RFC 6749, section 5.2, allows.
    #[test]
    fn descriptions_have_the_letters_of_the_standard() {
        let all = [
            OAuthRefusal::Request("Send it."),
            OAuthRefusal::Client,
            OAuthRefusal::TooMany(7),
            OAuthRefusal::GrantType,
            OAuthRefusal::Scope,
        ];
        for refusal in all {
            let said = refusal.says().error_description;
            let allowed = |letter: char| matches!(letter, ' '..='!' | '#'..='[' | ']'..='~');
            assert!(said.chars().all(allowed) && said.ends_with('.'), "{said}");
        }
    }
}
