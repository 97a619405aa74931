//! Devices: phones and browsers that an account signed in with, by name.

use chrono::{DateTime, Utc};

use base::id::{AccountId, DeviceId, SessionId};

/// A device that an account signed in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// The account.
    pub account: AccountId,
    /// The session that began with its sign-in.
    pub session: SessionId,
    /// Its name at sign-in.
    pub name: String,
    /// The time of its sign-in.
    pub created_at: DateTime<Utc>,
    /// The time it last signed in or refreshed its tokens.
    pub last_seen_at: DateTime<Utc>,
    /// The time and reason of its withdrawal.
    pub withdrawn: Option<Withdrawal>,
}

/// The withdrawal of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The time.
    pub at: DateTime<Utc>,
    /// The reason, in words.
    pub reason: String,
}
