//! Passwords: argon2id, a few at a time, and as slow for an unknown account as for a known one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use base::error::Error;
use base::fair_limit::{FairLimit, FairPermit};
use base::holding::run_blocking;
use domain::password::{Known, Weakness};

/// The number of passwords hashed at once. Each takes 19 MiB and a core for some ten milliseconds, and the sign-ins of
/// a morning must not hold up counting.
const AT_ONCE: usize = 2;

/// The number of passwords that may wait.
const MAY_WAIT: usize = 256;

/// The longest wait: longer than all passwords ahead can take, shorter than people are willing to wait.
const PATIENCE: Duration = Duration::from_secs(60);

/// The memory of a hash in KiB. With [`ITERATIONS`] and [`LANES`] it is the first recommendation for argon2id in
/// OWASP's password storage cheat sheet.
const MEMORY: u32 = 19 * 1024;
/// The number of passes over the memory.
const ITERATIONS: u32 = 2;
/// The number of lanes of the memory.
const LANES: u32 = 1;

/// Checks passwords; clones share the limits.
#[derive(Clone)]
pub struct Passwords {
    limit: FairLimit<()>,
    /// The hash of an unguessable password, checked if the account has none.
    decoy: Arc<str>,
    checked: Arc<AtomicU64>,
}

/// A permit to check or hash one password, given back when the work ends.
pub struct PasswordPermit {
    turn: FairPermit<()>,
    decoy: Arc<str>,
    checked: Arc<AtomicU64>,
}

/// The outcome of a password check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// True if the password is right.
    pub right: bool,
    /// A new hash to store, if the password is right and its stored hash has outdated parameters.
    pub rehashed: Option<String>,
}

impl Passwords {
    /// A checker with its own limits.
    pub fn new() -> Result<Self, Error> {
        Ok(Self {
            limit: FairLimit::of_all(AT_ONCE, MAY_WAIT, PATIENCE, "too many sign-ins are waiting"),
            decoy: hash(&uuid::Uuid::new_v4().to_string())?.into(),
            checked: Arc::default(),
        })
    }

    /// Waits for a permit.
    ///
    /// # Errors
    /// `Busy` if too many wait already, or if no permit was free in time.
    pub async fn turn(&self) -> Result<PasswordPermit, Error> {
        let turn = self.limit.take(()).await?;
        Ok(PasswordPermit { turn, decoy: self.decoy.clone(), checked: self.checked.clone() })
    }

    /// Checks a password against a stored hash; `None`, for an unknown account, takes as long.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, Error> {
        Ok(self.turn().await?.verify(password, stored).await?.right)
    }

    /// Judges a new password and hashes it, after waiting for a permit.
    pub async fn choose(&self, password: String, known: Known) -> Result<Result<String, Weakness>, Error> {
        let PasswordPermit { turn, .. } = self.turn().await?;
        on_thread(move || {
            let _turn = turn;
            choose(&password, &known)
        })
        .await
    }

    /// The number of passwords checked so far.
    pub fn checked(&self) -> u64 {
        self.checked.load(Ordering::SeqCst)
    }
}

impl PasswordPermit {
    /// Checks a password against a stored hash. `None`, for an account that does not exist or has no password, takes as
    /// long and is never right.
    pub async fn verify(self, password: String, stored: Option<String>) -> Result<Checked, Error> {
        let Self { turn, decoy, checked } = self;
        on_thread(move || {
            // If the client goes away, the check keeps running, and holds its permit until it ends.
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
    run_blocking(work).await.map_err(|error| Error::internal("the work on a password panicked", error))?
}

/// The hash of a password that the holder of an account chooses, or the reason why it may not be chosen.
pub fn choose(password: &str, known: &Known) -> Result<Result<String, Weakness>, Error> {
    match domain::password::check(password, known) {
        Ok(()) => hash(password).map(Ok),
        Err(weakness) => Ok(Err(weakness)),
    }
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

/// Checks a password with the parameters that the stored hash names, even if they are outdated.
fn matches(password: &str, stored: &str) -> Result<bool, Error> {
    Ok(argon2()?.verify_password(password.as_bytes(), &parse(stored)?).is_ok())
}

/// True if the hash has other parameters than new hashes.
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
