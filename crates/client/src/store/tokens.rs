//! The tokens of a phone's account. The present pair is kept until the next one replaces it.

use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::schema::tokens;
use crate::error::PhoneError;

/// The tokens, and the account they belong to.
#[derive(Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = tokens)]
pub struct Tokens {
    one: i32,
    /// The id of the account.
    pub account: String,
    /// The user name.
    pub username: String,
    /// The token for requests.
    pub access_token: String,
    /// The token that gets the next pair.
    pub refresh_token: String,
    /// The time they were received, in microseconds since 1970 by the phone's clock.
    pub obtained_at: i64,
    /// The lifetime of the access token from then, in seconds.
    pub expires_in: i64,
    /// The reason why the session ended, as the service's code.
    pub ended: Option<String>,
}

impl Tokens {
    /// Makes the tokens of an open session.
    pub fn new(
        account: String,
        username: String,
        access_token: String,
        refresh_token: String,
        obtained_at: i64,
        expires_in: i64,
    ) -> Self {
        Self { one: 1, account, username, access_token, refresh_token, obtained_at, expires_in, ended: None }
    }

    /// True if the access token may be valid: not expired, and not from the future, because the clock may have been
    /// set.
    pub fn are_fresh(&self, now: i64) -> bool {
        let age = now - self.obtained_at;
        (0..self.expires_in.saturating_mul(1_000_000)).contains(&age)
    }
}

/// Finds the tokens, if someone has signed in.
pub fn find(connection: &mut SqliteConnection) -> Result<Option<Tokens>, PhoneError> {
    Ok(tokens::table.find(1).first(connection).optional()?)
}

/// Stores the tokens of a new session, replacing those before.
pub fn put(connection: &mut SqliteConnection, new: &Tokens) -> Result<(), PhoneError> {
    diesel::replace_into(tokens::table).values(new).execute(connection)?;
    Ok(())
}

/// Replaces a pair by its successor, unless another process did so in the meantime.
pub fn replace(connection: &mut SqliteConnection, used: &Tokens, next: &Tokens) -> Result<(), PhoneError> {
    diesel::update(tokens::table.find(1).filter(tokens::refresh_token.eq(&used.refresh_token)))
        .set((
            tokens::access_token.eq(&next.access_token),
            tokens::refresh_token.eq(&next.refresh_token),
            tokens::obtained_at.eq(next.obtained_at),
            tokens::expires_in.eq(next.expires_in),
        ))
        .execute(connection)?;
    Ok(())
}

/// Notes that the session of these tokens has ended, unless another has begun in the meantime.
pub fn end(connection: &mut SqliteConnection, of: &Tokens, code: &str) -> Result<(), PhoneError> {
    diesel::update(tokens::table.find(1).filter(tokens::refresh_token.eq(&of.refresh_token)))
        .set(tokens::ended.eq(code))
        .execute(connection)?;
    Ok(())
}
