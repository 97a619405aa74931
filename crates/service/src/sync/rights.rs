//! The rights of a device: the types of changes that it is sent, and whether the commands that it pushes are carried out or
//! only kept for an officer.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use super::key::ChangeType;
use crate::sessions;
use auth::tokens::Claims;
use base::error::Error;
use base::id::SessionId;
use db::sessions::SessionState;
use domain::account::Account;
use domain::scope::{Scope, ScopeSet};
use domain::session::Lifetimes;
use text::messages::message;

/// The age of a token above which nobody may deposit with it.
const OLDEST_TOKEN: TimeDelta = TimeDelta::days(400);

/// The account for which a device pulls.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The account.
    pub account: Account,
    /// The scopes of a client; `None` for people, who are not held to any.
    pub scopes: Option<ScopeSet>,
}

impl Reader {
    /// True for the types of changes that the reader is sent: a client is sent those that its scopes name.
    pub(super) fn may_know(&self, kind: ChangeType) -> bool {
        let scope = match kind {
            ChangeType::Organization | ChangeType::ItemClass | ChangeType::Item | ChangeType::Depot => {
                Scope::CatalogueRead
            }
            ChangeType::Requirements | ChangeType::Assessments => Scope::ShortagesRead,
            ChangeType::Stock => Scope::StockRead,
            ChangeType::Quarantine => Scope::CountsWrite,
        };
        self.scopes.as_ref().is_none_or(|scopes| scopes.contains(scope))
    }
}

/// A fingerprint of the account, its role, its organization or region, and its scopes. A cursor that carries another one
/// starts over.
pub fn fingerprint(account: &Account, scopes: Option<&ScopeSet>) -> u64 {
    let scopes = scopes.map(ToString::to_string).unwrap_or_default();
    let text = format!("{} {} {:?} {scopes}", account.id, account.role, account.belongs);
    let digest = Sha256::digest(text);
    digest.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

/// The holder of a genuine token that pushes; the token may be over.
#[derive(Clone, Debug)]
pub struct Pusher {
    /// The account.
    pub account: Account,
    /// The scopes of a client; `None` for people.
    pub scopes: Option<ScopeSet>,
    /// The session of the token; `None` where a restore removed it.
    pub session: Option<SessionId>,
    admission: Admission,
}

/// The use of a token for a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Admission {
    /// It signs in.
    SignedIn,
    /// It would sign in once it is refreshed.
    Expired,
    /// It only deposits: no refresh helps. The code says why.
    DepositOnly(&'static str),
}

impl Pusher {
    /// The holder of a token whose session is there, with the scopes that are left to a client.
    ///
    /// # Errors
    /// `Unauthenticated` for a token that is too old to deposit with.
    pub fn with_session(
        claims: &Claims,
        found: SessionState,
        scopes: Option<ScopeSet>,
        lifetimes: &Lifetimes,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let is_over = claims.exp <= now.timestamp();
        let lapse = lifetimes.lapse(found.opened_at, found.last_used_at, now);
        let admission = if found.account.closed {
            Admission::DepositOnly("account_closed")
        } else if found.ended || (is_over && lapse.is_some()) {
            Admission::DepositOnly("session_ended")
        } else if is_over {
            Admission::Expired
        } else {
            Admission::SignedIn
        };
        require_young(claims, admission, now)?;
        Ok(Self { account: found.account, scopes, session: Some(claims.sid), admission })
    }

    /// The holder of a token whose session is not there: it was opened after the moment to which the server was restored.
    ///
    /// # Errors
    /// `Unauthenticated` for a token that is too old to deposit with.
    pub fn without_session(claims: &Claims, account: Account, now: DateTime<Utc>) -> Result<Self, Error> {
        let admission = Admission::DepositOnly(if account.closed { "account_closed" } else { "session_ended" });
        require_young(claims, admission, now)?;
        Ok(Self { account, scopes: None, session: None, admission })
    }

    /// True where the token signs its holder in, so that more than a deposit is taken.
    pub fn is_signed_in(&self) -> bool {
        self.admission == Admission::SignedIn
    }

    /// The sender of a push; `deposit` where the device asks to deposit with an expired token that it cannot refresh.
    ///
    /// # Errors
    /// `Unauthenticated` for an expired token without `deposit`: refresh it and send the same again.
    pub fn into_sender(self, deposit: bool) -> Result<Sender, Error> {
        let Self { account, scopes, session, admission } = self;
        let deposit_reason = match admission {
            Admission::SignedIn => None,
            Admission::Expired if deposit => Some("token_expired"),
            Admission::Expired => {
                return Err(Error::Unauthenticated { code: "token_expired", detail: message!("token-expired") });
            }
            Admission::DepositOnly(code) => Some(code),
        };
        Ok(Sender { account, scopes, session, deposit_reason })
    }
}

/// Refuses to deposit with a token that is too old.
fn require_young(claims: &Claims, admission: Admission, now: DateTime<Utc>) -> Result<(), Error> {
    let age = now.timestamp().saturating_sub(claims.iat);
    if admission == Admission::SignedIn || age <= OLDEST_TOKEN.num_seconds() { Ok(()) } else { Err(sessions::ended()) }
}

/// The sender of a push.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The account.
    pub account: Account,
    /// The scopes of a client; `None` for people.
    pub scopes: Option<ScopeSet>,
    /// The session of the token; `None` where a restore removed it.
    pub session: Option<SessionId>,
    /// For a sender who is not signed in, whose commands are only kept for an officer: the reason, as a code of
    /// [`Error::Unauthenticated`].
    pub deposit_reason: Option<&'static str>,
}
