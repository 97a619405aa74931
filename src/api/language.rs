//! The language of an answer.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{AcceptLanguage as Header, Header as _, LanguageTag, Preference, Quality};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use text::language::Language;

/// Returns the supported language that a request prefers (`Accept-Language`, RFC 9110, 12.5.4): of several with one
/// weight the first, and English if it names none.
pub fn of(request: &impl HttpMessage) -> Language {
    let mut best = (Quality::ZERO, Language::default());
    for preferred in Header::parse(request).map(|header| header.0).unwrap_or_default() {
        if let Some(language) = known(&preferred.item)
            && preferred.quality > best.0
        {
            best = (preferred.quality, language);
        }
    }
    best.1
}

fn known(preference: &Preference<LanguageTag>) -> Option<Language> {
    match preference.item().map(LanguageTag::primary_language) {
        Some(language) if language.eq_ignore_ascii_case("zh") => Some(Language::Chinese),
        Some(language) if language.eq_ignore_ascii_case("en") => Some(Language::English),
        None => Some(Language::English),
        Some(_) => None,
    }
}

/// The language that a request prefers, as an argument of a handler.
#[derive(Clone, Copy, Debug)]
pub struct AcceptLanguage(pub Language);

impl FromRequest for AcceptLanguage {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(of(request))))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_heaviest_known_language_is_chosen() {
        let cases = [
            ("zh-CN", Language::Chinese),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en;q=0.5, zh-Hans;q=0.6", Language::Chinese),
            ("en-GB, zh;q=0.9", Language::English),
            ("mn, ru;q=0.7", Language::English),
            ("mn, zh;q=0.1", Language::Chinese),
            ("zh;q=0, en;q=0.1", Language::English),
            ("*", Language::English),
            (";;;,=", Language::English),
        ];
        for (header, expected) in cases {
            let request = TestRequest::default().insert_header(("Accept-Language", header)).to_http_request();
            assert_eq!(of(&request), expected, "{header}");
        }
    }
}
