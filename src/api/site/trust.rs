//! The page on which a phone comes to trust the demo's authority.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use text::language::Language;
use text::messages::{Message, message};

use super::{POLICY, files};
use crate::api::error::ApiError;
use crate::api::reply;
use crate::api::state::AppState;
use crate::html::escaped;

/// The path of the page.
pub const PAGE: &str = "/trust";

/// The path of the certificate.
pub const CERTIFICATE: &str = "/trust/authority.crt";

/// Answers with the certificate, in the form in which phones take it.
pub async fn find_certificate(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let der = state.settings.authority.clone().ok_or(ApiError::NoRoute)?;
    let tag = reply::tag_of(None, &der);
    let mut answer = reply::file(&request, "application/x-x509-ca-cert", tag, "no-cache", Bytes::from_owner(der));
    let named = HeaderValue::from_static("attachment; filename=\"muster-demo.crt\"");
    answer.headers_mut().insert(header::CONTENT_DISPOSITION, named);
    Ok(answer)
}

/// Answers with the page: the steps in both languages.
pub async fn show_page(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    if state.settings.authority.is_none() {
        return Err(ApiError::NoRoute);
    }
    let sheet = match state.settings.web_dir {
        Some(_) => Some("/assets/shared/style.css"),
        None => files::carried_name("/assets/shared/style.", ".css"),
    };
    let page = written(sheet);
    let tag = reply::tag_of(None, page.as_bytes());
    let mut answer = reply::file(&request, "text/html; charset=utf-8", tag, "no-cache", page);
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(answer)
}

fn written(sheet: Option<&str>) -> String {
    let sheet = sheet.map(|sheet| format!("<link rel=\"stylesheet\" href=\"{sheet}\">\n")).unwrap_or_default();
    let sections: String = [Language::Chinese, Language::English].into_iter().map(section).collect();
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Muster</title>\n{sheet}</head>\n\
         <body>\n<main>\n{sections}</main>\n</body>\n</html>\n"
    )
}

fn section(language: Language) -> String {
    let tag = language.tag();
    let say = |message: Message| escaped(&message.text(language));
    let steps = [
        message!("trust-step-apple"),
        message!("trust-step-android"),
        message!("trust-step-computer"),
        message!("trust-step-wechat"),
        message!("trust-step-remove"),
    ];
    let steps: String = steps.into_iter().map(|step| format!("<li>{}</li>\n", say(step))).collect();
    format!(
        "<section lang=\"{tag}\">\n<h1>{}</h1>\n<p>{}</p>\n<p><a href=\"{CERTIFICATE}\">{}</a></p>\n<ul>\n{steps}</ul>\n\
         <p><a href=\"/phone\">{}</a></p>\n</section>\n",
        say(message!("trust-title")),
        say(message!("trust-why")),
        say(message!("trust-certificate")),
        say(message!("trust-page")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_are_there_in_both_languages() {
        let page = written(Some("/assets/shared/style.css"));
        for part in ["lang=\"zh-CN\"", "lang=\"en\"", "/assets/shared/style.css", CERTIFICATE, "Safari"] {
            assert!(page.contains(part), "{part}");
        }
        assert_eq!(page.matches("<li>").count(), 10);
    }
}
