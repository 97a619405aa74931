//! The origin of a request: the client's own address, also behind proxies.

use std::collections::BTreeSet;
use std::future::{Ready, ready};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};

use crate::api::error::ApiError;
use crate::api::settings::{ForwardedHeader, Settings};
use crate::api::state::AppState;
use base::error::Error;

/// The address of the client; `None` where the connection has none, as in tests without a network.
///
/// The header of proxies is believed only as far as proxies that the settings name have written it: from its end back to
/// the first address that is none of theirs. What a client wrote into it is never taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub Option<IpAddr>);

impl ClientAddress {
    /// The client of a request on its way in.
    pub fn of(request: &ServiceRequest) -> Self {
        match request.app_data::<web::Data<AppState>>() {
            Some(state) => {
                if let Some(peer) = request.peer_addr() {
                    warn_of_untrusted(peer.ip().to_canonical(), request.headers(), &state.settings);
                }
                Self::read(request.peer_addr(), request.headers(), &state.settings)
            }
            None => Self(request.peer_addr().map(|peer| peer.ip().to_canonical())),
        }
    }

    fn read(peer: Option<SocketAddr>, headers: &HeaderMap, settings: &Settings) -> Self {
        let Some(peer) = peer else { return Self(None) };
        let mut client = peer.ip().to_canonical();
        let mut before = forwarded_for(headers, settings.forwarded_header).into_iter().rev();
        while settings.is_proxy(client) {
            // An entry that is no address is a name the proxy made up; the proxy is the last that is known.
            match before.next() {
                Some(Some(address)) => client = address,
                _ => break,
            }
        }
        Self(Some(client))
    }
}

impl FromRequest for ClientAddress {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>();
        ready(
            state
                .map(|state| Self::read(request.peer_addr(), request.headers(), &state.settings))
                .ok_or(Error::Internal("a request has no state", None).into()),
        )
    }
}

/// The addresses that were warned of, and how many at most.
static WARNED_OF: Mutex<BTreeSet<IpAddr>> = Mutex::new(BTreeSet::new());
const MOST_WARNINGS: usize = 16;

/// Warns, once for each address and a few in all, that somebody who is no trusted proxy says for whom a request is. If
/// it is the operator's proxy, all its clients count as one.
fn warn_of_untrusted(peer: IpAddr, headers: &HeaderMap, settings: &Settings) {
    let Some(name) = [header::X_FORWARDED_FOR, header::FORWARDED].into_iter().find(|name| headers.contains_key(name))
    else {
        return;
    };
    if settings.is_proxy(peer) {
        return;
    }
    let mut warned_of = WARNED_OF.lock().unwrap_or_else(PoisonError::into_inner);
    if warned_of.len() < MOST_WARNINGS && warned_of.insert(peer) {
        tracing::warn!(
            address = %peer,
            header = %name,
            "a forwarded header from an address that is not among the trusted proxies is ignored: if it is your proxy, \
             all its clients count as one until you name it in MUSTER_TRUSTED_PROXIES"
        );
    }
}

/// The addresses that proxies wrote down, the client's side first; `None` for an entry that is no address.
fn forwarded_for(headers: &HeaderMap, written_in: ForwardedHeader) -> Vec<Option<IpAddr>> {
    let name = match written_in {
        ForwardedHeader::XForwardedFor => header::X_FORWARDED_FOR,
        ForwardedHeader::Forwarded => header::FORWARDED,
    };
    let lines = headers.get_all(name).map(|value| value.to_str().unwrap_or("?"));
    match written_in {
        ForwardedHeader::XForwardedFor => lines.flat_map(|line| line.split(',')).map(address).collect(),
        ForwardedHeader::Forwarded => lines.flat_map(|line| line.split(',')).map(for_of_element).collect(),
    }
}

/// The `for` of one element of `Forwarded` (RFC 7239).
fn for_of_element(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("for") { address(value.trim().trim_matches('"')) } else { None }
    })
}

/// An address, perhaps with a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let ip = bare.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))?;
    Some(ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn client(peer: &str, header: ForwardedHeader, lines: &[(&'static str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let settings = Settings {
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::/64".parse().unwrap()],
            forwarded_header: header,
            ..Settings::default()
        };
        let peer: IpAddr = peer.parse().unwrap();
        ClientAddress::read(Some(SocketAddr::new(peer, 1)), &headers, &settings).0.unwrap().to_string()
    }

    #[test]
    fn proxies_are_believed_and_clients_are_not() {
        use ForwardedHeader::{Forwarded, XForwardedFor};
        for (peer, header, lines, expected) in [
            ("192.0.2.1", XForwardedFor, &[][..], "192.0.2.1"),
            ("192.0.2.1", XForwardedFor, &[("x-forwarded-for", "198.51.100.7")], "192.0.2.1"),
            ("10.0.0.1", XForwardedFor, &[], "10.0.0.1"),
            ("10.0.0.1", XForwardedFor, &[("x-forwarded-for", "198.51.100.7")], "198.51.100.7"),
            ("10.0.0.1", XForwardedFor, &[("x-forwarded-for", "127.0.0.1, 198.51.100.7, 10.0.0.2")], "198.51.100.7"),
            ("10.0.0.1", XForwardedFor, &[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "2.2.2.2")], "2.2.2.2"),
            ("10.0.0.1", XForwardedFor, &[("x-forwarded-for", "198.51.100.7, unknown")], "10.0.0.1"),
            ("10.0.0.1", XForwardedFor, &[("x-forwarded-for", "198.51.100.7:4711")], "198.51.100.7"),
            ("10.0.0.1", XForwardedFor, &[("forwarded", "for=198.51.100.7")], "10.0.0.1"),
            ("::ffff:10.0.0.1", XForwardedFor, &[("x-forwarded-for", "2001:db8:1::5")], "2001:db8:1::5"),
            ("10.0.0.1", Forwarded, &[("x-forwarded-for", "198.51.100.7")], "10.0.0.1"),
            (
                "10.0.0.1",
                Forwarded,
                &[("forwarded", r#"for=1.1.1.1, proto=https;For="[2001:db8:1::5]:80""#)],
                "2001:db8:1::5",
            ),
            ("10.0.0.1", Forwarded, &[("forwarded", "for=198.51.100.7, for=_hidden")], "10.0.0.1"),
        ] {
            assert_eq!(client(peer, header, lines), expected, "{peer} {lines:?}");
        }
    }
}
