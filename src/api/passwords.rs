//! Passwords of those who are signed in: checked once more, and chosen by the one rule.

use crate::api::state::AppState;
use base::error::Error;
use db::locks::Locks;
use domain::account::Account;
use domain::actor::Actor;
use domain::password::{Known, SHORTEST, Weakness};
use service::attempts::{self, Parties};
use text::messages::message;

/// Checks the current password of a signed-in holder, and returns its stored hash; `None` for an account without one. The
/// attempt stays counted as a failure until it is taken back where the change is made.
///
/// # Errors
/// `Invalid` if it is missing or wrong; `TooMany` after several wrong ones.
pub async fn check_current(
    state: &AppState,
    actor: &Actor,
    account: &Account,
    parties: &Parties,
    current: Option<String>,
) -> Result<Option<String>, Error> {
    let stored = state.db.read({
        let (parties, id, now) = (parties.clone(), account.id, state.clock.now());
        move |snapshot| {
            attempts::require_free(snapshot.connection, &parties, now)?;
            Ok(db::accounts::password_hash(snapshot.connection, id)?)
        }
    });
    let Some(stored) = stored.await? else { return Ok(None) };
    let missing = || Error::invalid("/current", "missing_field", message!("current-password-missing"));
    let current = current.ok_or_else(missing)?;
    let turn = state.passwords.turn().await?;
    let counted = state.db.write(actor.clone(), Locks::none().keys(parties.keys()), {
        let (parties, now) = (parties.clone(), state.clock.now());
        move |change| attempts::begin(change, &parties, now)
    });
    counted.await?;
    if !turn.verify(current, Some(stored.clone())).await?.right {
        return Err(Error::invalid("/current", "password_wrong", message!("current-password-wrong")));
    }
    Ok(Some(stored))
}

/// The hash of a password that an account may choose.
///
/// # Errors
/// `Invalid`, at the field given, if it may not.
pub async fn choose_password(state: &AppState, password: String, known: Known, pointer: &str) -> Result<String, Error> {
    let (code, detail) = match state.passwords.choose(password, known).await? {
        Ok(hash) => return Ok(hash),
        Err(Weakness::TooShort) => ("password_too_short", message!("password-too-short", least = SHORTEST)),
        Err(Weakness::Guessable) => ("password_guessable", message!("password-guessable")),
        Err(Weakness::LikeUsername) => ("password_like_username", message!("password-like-username")),
    };
    Err(Error::invalid(pointer, code, detail))
}
