//! What the sign-in page of the board must know before anybody is signed in: whether there is an account yet, and the accounts
//! of a demo.

use actix_web::http::Version;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use crate::api::client_address::ClientAddress;
use crate::api::error::ApiError;
use crate::api::negotiation::JSON;
use crate::api::reply;
use crate::api::settings::{DemoAccount, DemoAccounts};
use crate::api::state::AppState;
use base::error::Error;

/// Its path.
pub const PATH: &str = "/board/entry.json";

/// The headers of proxies, beside those that begin with [`FORWARDED`]: a request with one may come from anywhere.
const OF_PROXIES: [&str; 9] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-original-host",
    "true-client-ip",
    "cf-connecting-ip",
    "fastly-client-ip",
];

/// How the other headers of proxies begin.
const FORWARDED: &str = "x-forwarded-";

/// The ways in.
#[derive(Serialize)]
struct Entry<'a> {
    /// True while there is no account: the code that the service printed makes the first.
    is_new: bool,
    /// The accounts of a demo; `null` in a service.
    demo: Option<Offer<'a>>,
}

/// The accounts of a demo.
#[derive(Serialize)]
struct Offer<'a> {
    accounts: &'a [DemoAccount],
    /// Their password, only for a browser on the machine of the demo: others on its network need what it printed.
    password: Option<&'a str>,
}

impl<'a> Offer<'a> {
    fn of(demo: &'a DemoAccounts, is_here: bool) -> Self {
        Self { accounts: &demo.accounts, password: is_here.then_some(demo.password.as_str()) }
    }
}

/// Answers with the ways in.
pub async fn find(
    request: HttpRequest,
    state: web::Data<AppState>,
    address: ClientAddress,
) -> Result<HttpResponse, ApiError> {
    let is_new = state.db.read(|snapshot| Ok(db::setup_codes::are_needed(snapshot.connection)?)).await?;
    // Not where the operator made it public, nor by HTTP/1.0: no browser speaks it, but proxies that add no header do.
    let is_private = state.settings.public_url.is_none() && state.settings.trusted_proxies.is_empty();
    let is_here = is_private
        && request.version() != Version::HTTP_10
        && is_on_this_machine(address, request.headers(), request.uri().host());
    let demo = state.settings.demo.as_deref().map(|demo| Offer::of(demo, is_here));
    let caching = if demo.is_some() && is_here { "no-store" } else { "private, no-cache" };
    let body = serde_json::to_vec(&Entry { is_new, demo });
    let body = body.map_err(|error| Error::internal("the ways in cannot be written", error))?;
    let tag = reply::tag_of(None, &body);
    Ok(reply::file(&request, JSON, tag, caching, body))
}

/// True for a browser on this machine that also calls it so: a page of another name that leads here learns nothing.
fn is_on_this_machine(address: ClientAddress, headers: &HeaderMap, authority: Option<&str>) -> bool {
    let named = headers.get(header::HOST).and_then(|value| value.to_str().ok()).or(authority);
    address.0.is_some_and(|address| address.is_loopback())
        && !headers.keys().any(|name| is_of_proxies(name.as_str()))
        && named.is_some_and(is_name_of_this_machine)
}

fn is_of_proxies(header: &str) -> bool {
    header.starts_with(FORWARDED) || OF_PROXIES.contains(&header)
}

fn is_name_of_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|sign| sign.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn only_a_browser_on_the_machine_is_told_the_password() {
        for (address, host, of_proxy, is_here) in [
            ("127.0.0.1", "127.0.0.1:8080", None, true),
            ("::1", "[::1]:8080", None, true),
            ("127.0.0.1", "localhost", None, true),
            ("192.168.1.7", "127.0.0.1:8080", None, false),
            ("127.0.0.1", "127.0.0.1:8080", Some(header::X_FORWARDED_FOR), false),
            ("127.0.0.1", "127.0.0.1:8080", Some(header::HeaderName::from_static("x-forwarded-proto")), false),
            ("127.0.0.1", "127.0.0.1:8080", Some(header::HeaderName::from_static("x-real-ip")), false),
            ("127.0.0.1", "demo.example.org:8080", None, false),
            ("127.0.0.1", "127.0.0.1.example.org", None, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
            let said = format!("{address} {host} {of_proxy:?}");
            if let Some(name) = of_proxy {
                headers.insert(name, HeaderValue::from_static("127.0.0.1"));
            }
            let address = ClientAddress(Some(address.parse().unwrap()));
            assert_eq!(is_on_this_machine(address, &headers, None), is_here, "{said}");
        }
        assert!(!is_on_this_machine(ClientAddress(None), &HeaderMap::new(), None));
    }
}
