//! The address at which clients reach the service, for QR codes.
//!
//! It comes from the settings, or from the connection. A header of the request counts only if a trusted proxy passed it
//! on.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};

use super::connections::Connection;
use crate::api::settings::{ForwardedHeader, Settings};

/// The maximum length of a host with its port.
const LONGEST_HOST: usize = 255 + ":65535".len();

/// Returns the address, without a trailing slash.
pub fn of(request: &HttpRequest, settings: &Settings) -> String {
    if let Some(url) = &settings.public_url {
        return url.clone();
    }
    let proxied = request.peer_addr().is_some_and(|peer| settings.is_proxy(peer.ip()));
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host));
    let connection = request.conn_data::<Arc<Connection>>();
    let own = if connection.is_some_and(|connection| connection.is_tls) { "https" } else { "http" };
    match (host, connection.and_then(|connection| connection.local)) {
        (Some(host), _) if proxied => format!("{}://{host}", scheme(request.headers(), settings.forwarded_header)),
        (_, Some(local)) => format!("{own}://{}", SocketAddr::new(local.ip().to_canonical(), local.port())),
        (_, None) => format!("{own}://{}", request.app_config().host()),
    }
}

/// The scheme with which the nearest proxy was called.
fn scheme(headers: &HeaderMap, written_in: ForwardedHeader) -> &'static str {
    let name = match written_in {
        ForwardedHeader::XForwardedFor => header::X_FORWARDED_PROTO,
        ForwardedHeader::Forwarded => header::FORWARDED,
    };
    let line = headers.get_all(name).last().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let last = line.rsplit(',').next().unwrap_or_default();
    let said = match written_in {
        ForwardedHeader::XForwardedFor => Some(last),
        ForwardedHeader::Forwarded => last.split(';').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.trim().eq_ignore_ascii_case("proto").then(|| value.trim().trim_matches('"'))
        }),
    };
    if said.is_some_and(|said| said.trim().eq_ignore_ascii_case("https")) { "https" } else { "http" }
}

/// True for a domain, with or without a port: no address, and no name that only this machine or network knows.
pub fn is_domain(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name).trim_end_matches('.');
    let last = name.rsplit_once('.').map(|(_, last)| last).unwrap_or_default();
    is_host(host)
        && last.chars().any(|sign| sign.is_ascii_alphabetic())
        && !["localhost", "local", "lan", "internal", "home"].iter().any(|own| last.eq_ignore_ascii_case(own))
}

/// True for a host name or an address, with or without a port.
pub fn is_host(text: &str) -> bool {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !text.ends_with(']') => (name, Some(port)),
        _ => (text, None),
    };
    let is_name = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.chars().all(|sign| sign.is_ascii_alphanumeric() || "-._".contains(sign)),
    };
    text.len() <= LONGEST_HOST && is_name && port.is_none_or(|port| port.is_empty() || port.parse::<u16>().is_ok())
}

impl Settings {
    /// True for the address of a trusted proxy.
    pub fn is_proxy(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted_proxies.iter().any(|net| net.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_and_nothing_else() {
        for host in ["muster.example.org", "muster:8080", "192.0.2.1:80", "[2001:db8::1]", "[::1]:8080", "a_b", "h:"] {
            assert!(is_host(host), "{host}");
        }
        let long = format!("{}.example", "a".repeat(2_900));
        for host in ["", ":80", "javascript://x", "h/p", "h:99999", "h:x", "a b", "u@h", "[::1", "h\"", "旗.cn", &long]
        {
            assert!(!is_host(host), "{host}");
        }
    }

    #[test]
    fn a_domain_is_no_address_and_known_everywhere() {
        for host in ["muster.example.org", "muster.example.org:8443", "muster.example.org."] {
            assert!(is_domain(host), "{host}");
        }
        for host in [
            "localhost",
            "localhost:80",
            "m.localhost",
            "muster",
            "nas.local",
            "192.0.2.1",
            "192.0.2.1:8443",
            "[::1]:1",
            "",
        ] {
            assert!(!is_domain(host), "{host}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_says_what_the_service_is_called() {
        let settings = |header| Settings {
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            forwarded_header: header,
            ..Settings::default()
        };
        use ForwardedHeader::{Forwarded, XForwardedFor};
        for (peer, header, headers, expected) in [
            ("192.0.2.1", XForwardedFor, &[("host", "evil.example")][..], "http://localhost:8080"),
            ("192.0.2.1", XForwardedFor, &[("x-forwarded-host", "javascript://x")], "http://localhost:8080"),
            ("10.0.0.1", XForwardedFor, &[("host", "m.example")], "http://m.example"),
            ("10.0.0.1", XForwardedFor, &[("host", "m.example"), ("x-forwarded-proto", "https")], "https://m.example"),
            (
                "10.0.0.1",
                XForwardedFor,
                &[("host", "m.example"), ("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "javascript")],
                "http://m.example",
            ),
            (
                "10.0.0.1",
                Forwarded,
                &[("host", "m.example"), ("forwarded", "for=1.1.1.1;proto=https")],
                "https://m.example",
            ),
            ("10.0.0.1", Forwarded, &[("host", "m.example"), ("forwarded", "proto=https, for=x")], "http://m.example"),
        ] {
            let mut request = TestRequest::default().peer_addr(SocketAddr::new(peer.parse().unwrap(), 1));
            for (name, value) in headers {
                request = request.insert_header((*name, *value));
            }
            assert_eq!(of(&request.to_http_request(), &settings(header)), expected, "{peer} {headers:?}");
        }
    }
}
