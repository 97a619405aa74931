//! Passwords: argon2id, a few at a time, and as slow for an unknown account as for a known one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use base::concurrency::{ConcurrencyLimit, Permit};
use base::error::Error;

/// How many passwords are worked on at once: each takes 19 MiB and a core for some ten milliseconds, and a morning's
/// sign-ins must not stop counting.
const AT_ONCE: usize = 2;

/// How many may wait for their turn.
const MAY_WAIT: usize = 256;

/// How long they wait: longer than all before them take, shorter than people do.
const PATIENCE: Duration = Duration::from_secs(20);

/// The memory of a hash in KiB: with [`ITERATIONS`] and [`LANES`] what OWASP's cheat sheet on storing passwords names
/// first for argon2id.
const MEMORY: u32 = 19 * 1024;
/// How often the memory is gone through.
const ITERATIONS: u32 = 2;
/// How many lanes the memory has.
const LANES: u32 = 1;

/// Checks passwords; clones share the limits.
#[derive(Clone)]
pub struct Passwords {
    limit: ConcurrencyLimit,
    /// The hash of a password nobody has, checked where there is none.
    decoy: Arc<str>,
    checked: Arc<AtomicU64>,
}

/// A turn at checking or hashing a password, which ends with the work.
pub struct PasswordPermit {
    turn: Permit,
    decoy: Arc<str>,
    checked: Arc<AtomicU64>,
}

/// What a check of a password told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Whether it is the right one.
    pub right: bool,
    /// For a right one whose stored hash was made in another way than hashes are now: a hash to store instead.
    pub rehashed: Option<String>,
}

impl Passwords {
    /// A checker with limits of its own.
    pub fn new() -> Result<Self, Error> {
        Ok(Self {
            limit: ConcurrencyLimit::new(AT_ONCE, MAY_WAIT, PATIENCE, "too many sign-ins are waiting"),
            decoy: hash(&uuid::Uuid::new_v4().to_string())?.into(),
            checked: Arc::default(),
        })
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// `Busy` where too many wait already, and where the turn did not come in time.
    pub async fn turn(&self) -> Result<PasswordPermit, Error> {
        let turn = self.limit.take().await?;
        Ok(PasswordPermit { turn, decoy: self.decoy.clone(), checked: self.checked.clone() })
    }

    /// Whether a password is the one of a stored hash; `None` for an account that is not there takes as long.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, Error> {
        Ok(self.turn().await?.verify(password, stored).await?.right)
    }

    /// The hash of a password, made in a turn.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        let PasswordPermit { turn, .. } = self.turn().await?;
        on_thread(move || {
            let _turn = turn;
            hash(&password)
        })
        .await
    }

    /// How many passwords were checked until now.
    pub fn checked(&self) -> u64 {
        self.checked.load(Ordering::SeqCst)
    }
}

impl PasswordPermit {
    /// Checks a password against a stored hash; `None` for an account that is not there, or has no password, takes as
    /// long and is never right.
    pub async fn verify(self, password: String, stored: Option<String>) -> Result<Checked, Error> {
        let Self { turn, decoy, checked } = self;
        on_thread(move || {
            // A client that goes away leaves the check running, which keeps its turn to the end.
            let _turn = turn;
            checked.fetch_add(1, Ordering::SeqCst);
            let right = matches(&password, stored.as_deref().unwrap_or(&decoy))?;
            match stored {
                Some(stored) if right && is_outdated(&stored)? => {
                    Ok(Checked { right, rehashed: Some(hash(&password)?) })
                }
                stored => Ok(Checked { right: right && stored.is_some(), rehashed: None }),
            }
        })
        .await
    }
}

async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::internal("the work on a password panicked", error))?
}

/// The argon2id hash of a password, with a salt of its own, as a PHC string.
pub fn hash(password: &str) -> Result<String, Error> {
    argon2()?
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::internal("a password cannot be hashed", error))
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY, ITERATIONS, LANES, None)
        .map_err(|error| Error::internal("passwords cannot be hashed with these parameters", error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn parse(stored: &str) -> Result<PasswordHash, Error> {
    PasswordHash::new(stored).map_err(|error| Error::internal("a stored password hash cannot be read", error))
}

/// By the parameters that the stored hash names, whatever is used now.
fn matches(password: &str, stored: &str) -> Result<bool, Error> {
    Ok(argon2()?.verify_password(password.as_bytes(), &parse(stored)?).is_ok())
}

/// True for a hash that is made in another way than hashes are now.
fn is_outdated(stored: &str) -> Result<bool, Error> {
    let stored = parse(stored)?;
    let params = Params::try_from(&stored)
        .map_err(|error| Error::internal("the parameters of a stored password hash cannot be read", error))?;
    let as_now = stored.algorithm.as_str() == Algorithm::Argon2id.as_str()
        && (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY, ITERATIONS, LANES);
    Ok(!as_now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "correct horse battery staple";

    fn weaker() -> String {
        let params = Params::new(8 * 1024, 1, 1, None).unwrap();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
    }

    #[tokio::test]
    async fn a_hash_of_other_parameters_is_made_anew_for_the_right_password_only() {
        let passwords = Passwords::new().unwrap();
        let check = async |password: &str, stored: String| {
            passwords.turn().await.unwrap().verify(password.to_owned(), Some(stored)).await.unwrap()
        };
        assert_eq!(check("wrong", weaker()).await, Checked::default());
        let found = check(PASSWORD, weaker()).await;
        assert!(found.right);
        let anew = found.rehashed.unwrap();
        assert!(anew.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{anew}");
        assert_eq!(check(PASSWORD, anew).await, Checked { right: true, rehashed: None });
    }

    #[tokio::test]
    async fn without_a_stored_hash_the_same_work_is_done_and_nothing_is_right() {
        let passwords = Passwords::new().unwrap();
        assert!(!passwords.verify(PASSWORD.to_owned(), None).await.unwrap());
        assert_eq!(passwords.checked(), 1);
        assert!(!is_outdated(&passwords.decoy).unwrap(), "the decoy takes as long as the others");
    }
}
