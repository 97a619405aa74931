//! What whoever runs the service chose, as far as requests are answered by it. Where the values come from is not known
//! here.

use chrono::TimeDelta;
use ipnet::IpNet;

/// What whoever runs the service chose, as far as requests are answered by it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where clients reach the service, without a slash at its end; `None` where nobody said.
    pub public_url: Option<String>,
    /// The proxies whose word on a client's address is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they give it.
    pub forwarded_header: ForwardedHeader,
    /// How long an access token is good for.
    pub access_token_lifetime: TimeDelta,
    /// How long a refresh token is good for after its last use.
    pub refresh_token_lifetime: TimeDelta,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            trusted_proxies: Vec::new(),
            forwarded_header: ForwardedHeader::XForwardedFor,
            access_token_lifetime: TimeDelta::minutes(15),
            refresh_token_lifetime: TimeDelta::days(90),
        }
    }
}

/// The header in which proxies say whom a request is from. One of them, as a client may write the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}
