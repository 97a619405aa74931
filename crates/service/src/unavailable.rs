//! Limits on asking which codes and user names are taken. The answers are counted in the write that would have taken the
//! code, under a lock of the account, so that parallel requests cannot outrun the count.

use chrono::{DateTime, Utc};

use base::error::Error;
use base::id::AccountId;
use db::connection::AnyConnection;
use db::locks::Key;
use db::unavailable;
use db::write::Change;
use domain::actor::Actor;
use domain::unavailable::{Answered, WINDOW};
use text::messages::message;

/// The locks of a write that may find a code taken: none for the operator, who can read the database anyway.
pub fn keys(actor: &Actor) -> Option<Key> {
    actor.account().map(Key::unavailable_answers)
}

/// The number of answers that an account may still get.
///
/// # Errors
/// `TooMany` if none is left, whatever the request.
pub fn require_left(
    connection: &mut AnyConnection,
    account: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<i64, Error> {
    let Some(account) = account else { return Ok(i64::MAX) };
    let answered = answered(connection, account, now)?;
    match answered.wait(now) {
        None => Ok(answered.left()),
        Some(retry_after) => Err(Error::TooMany {
            code: "too_many_unavailable",
            detail: message!("too-many-unavailable", seconds = retry_after),
            retry_after,
        }),
    }
}

/// Counts answers for the author of a change, which must hold the author's key.
///
/// # Errors
/// `TooMany` if none is left.
pub fn count(change: &mut Change<'_>, answers: i64, now: DateTime<Utc>) -> Result<(), Error> {
    let author = change.actor().account();
    require_left(change.connection, author, now)?;
    let Some(account) = author.filter(|_| answers > 0) else { return Ok(()) };
    let locked = change.for_key(Key::unavailable_answers(account))?;
    unavailable::prune(change.connection, now - WINDOW)?;
    let answered = answered(change.connection, account, now)?.and(answers);
    Ok(unavailable::save(change.connection, locked, account, answered)?)
}

fn answered(connection: &mut AnyConnection, account: AccountId, now: DateTime<Utc>) -> Result<Answered, Error> {
    let found = unavailable::find(connection, account)?;
    Ok(found.unwrap_or_else(|| Answered::none(now)).at(now))
}
