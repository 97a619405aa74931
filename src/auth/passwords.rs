//! Passwords: argon2id, a few at a time, and as slow for an unknown account as for a known one.

use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;
use crate::turns::Turns;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// How many passwords are worked on at once: each takes 19 MiB and a core for some ten milliseconds, and a morning's
/// sign-ins must not stop counting.
const AT_ONCE: usize = 2;

/// How many may wait for their turn.
const MAY_WAIT: usize = 256;

/// How long they wait: longer than all before them take, shorter than people do.
const PATIENCE: Duration = Duration::from_secs(20);

/// Checks passwords; clones share the limits.
#[derive(Clone)]
pub struct Passwords {
    turns: Turns,
    /// The hash of a password nobody has, checked where there is no account.
    decoy: Arc<str>,
}

impl Passwords {
    /// A checker with limits of its own.
    pub fn new() -> Result<Self, Error> {
        Ok(Self {
            turns: Turns::new(AT_ONCE, MAY_WAIT, PATIENCE, "too many sign-ins are waiting"),
            decoy: hash(&uuid::Uuid::new_v4().to_string())?.into(),
        })
    }

    /// Whether a password is the one of a stored hash; `None` for an account that is not there takes as long.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, Error> {
        let turn = self.turns.take().await?;
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        let right = tokio::task::spawn_blocking(move || {
            // A client that goes away leaves the check running, which keeps its turn to the end.
            let _turn = turn;
            matches(&password, &stored)
        })
        .await
        .map_err(|error| Error::internal("a password check panicked", error))??;
        Ok(right && known)
    }
}

/// The argon2id hash of a password, with a salt of its own, as a PHC string.
pub fn hash(password: &str) -> Result<String, Error> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::internal("a password cannot be hashed", error))
}

fn matches(password: &str, stored: &str) -> Result<bool, Error> {
    let stored =
        PasswordHash::new(stored).map_err(|error| Error::internal("a stored password hash cannot be read", error))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
}
