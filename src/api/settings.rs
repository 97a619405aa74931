//! The operator's settings that affect the answers to requests. This module does not know their sources.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use ipnet::IpNet;
use serde::Serialize;

use super::answer_files::FileBounds;
use super::origin::Origin;
use domain::account::Role;
use domain::quota::Quotas;
use domain::session::Lifetimes;

/// The least pace of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyPace {
    /// The time for each 1,000 bytes, or for the rest if less is left.
    pub stall: Duration,
    /// The time for the whole body.
    pub whole: Duration,
}

impl Default for BodyPace {
    fn default() -> Self {
        Self { stall: Duration::from_secs(60), whole: Duration::from_secs(1_800) }
    }
}

/// The accounts of a demo, of which everybody who tries it may choose one.
#[derive(Clone, Debug)]
pub struct DemoAccounts {
    /// Some of them: one for each way of using it.
    pub accounts: Vec<DemoAccount>,
    /// The password of all.
    pub password: String,
}

/// An account of a demo.
#[derive(Clone, Debug, Serialize)]
pub struct DemoAccount {
    /// Its user name.
    pub username: String,
    /// Its role.
    pub role: Role,
}

/// The operator's settings that affect the answers to requests.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address at which clients reach the service, without a trailing slash; `None` if not set.
    pub public_url: Option<String>,
    /// The proxies trusted to state a client's address.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they state it.
    pub forwarded_header: ForwardedHeader,
    /// The lifetime of an access token.
    pub access_token_lifetime: TimeDelta,
    /// The lifetime of a refresh token after its last use.
    pub refresh_token_lifetime: TimeDelta,
    /// The minimum pace at which the body of a request must arrive.
    pub body_pace: BodyPace,
    /// The bounds of the files of long answers.
    pub answer_files: FileBounds,
    /// True if the page that shows the API's document is served.
    pub docs: bool,
    /// The lifetime of a session after its sign-in.
    pub session_lifetime: TimeDelta,
    /// True if the bureau's people must have a second factor.
    pub require_second_factor: bool,
    /// True if standards and the catalogue are served to everybody.
    pub open_data: bool,
    /// The days after which a contact is erased by itself, counted from its end day.
    pub personal_data_days: u64,
    /// The origins whose pages may call the service from a browser.
    pub cors_origins: Vec<Origin>,
    /// The quotas of requests; none by default, as for tests.
    pub quotas: Quotas,
    /// The certificate in DER of the authority that callers are asked to trust; only the demo has one.
    pub authority: Option<Arc<[u8]>>,
    /// The accounts that the board's sign-in page offers to try; only the demo has them.
    pub demo: Option<Arc<DemoAccounts>>,
    /// The folder of the pages' sources, while developing them; otherwise the pages are those that the binary carries.
    pub web_dir: Option<PathBuf>,
}

impl Settings {
    /// The lifetimes of sessions.
    pub fn session_lifetimes(&self) -> Lifetimes {
        Lifetimes { idle: self.refresh_token_lifetime, total: self.session_lifetime }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            trusted_proxies: Vec::new(),
            forwarded_header: ForwardedHeader::XForwardedFor,
            access_token_lifetime: TimeDelta::minutes(15),
            refresh_token_lifetime: TimeDelta::days(90),
            body_pace: BodyPace::default(),
            answer_files: FileBounds::default(),
            docs: true,
            session_lifetime: TimeDelta::days(365),
            require_second_factor: false,
            open_data: false,
            personal_data_days: 180,
            cors_origins: Vec::new(),
            quotas: Quotas::default(),
            authority: None,
            demo: None,
            web_dir: None,
        }
    }
}

/// The header in which proxies state the address of a client. Only one is read, because a client may write the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}
