//! Devices: phones and browsers that somebody signed in with under a name.

use chrono::{DateTime, Utc};

use base::id::{AccountId, DeviceId, SessionId};

/// A device that somebody signed in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Whose it is.
    pub account: AccountId,
    /// The session that its sign-in began.
    pub session: SessionId,
    /// What it was called at sign-in.
    pub name: String,
    /// When it signed in.
    pub created_at: DateTime<Utc>,
    /// When it last signed in or refreshed its tokens.
    pub last_seen_at: DateTime<Utc>,
    /// Since when it may not be used any more, and why.
    pub withdrawn: Option<Withdrawal>,
}

/// The end of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// When.
    pub at: DateTime<Utc>,
    /// Why, in words.
    pub reason: String,
}
