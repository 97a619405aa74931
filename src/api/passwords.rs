//! Passwords that are chosen, judged by the one rule.

use crate::api::state::AppState;
use base::error::Error;
use domain::password::{Known, SHORTEST, Weakness};
use text::messages::message;

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
