//! The tokens of the one account of a phone. The pair before stays until the next is stored, in its place.

use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::schema::tokens;
use crate::error::PhoneError;

/// The tokens, and whose they are.
#[derive(Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = tokens)]
pub struct Tokens {
    one: i32,
    /// The id of the account.
    pub account: String,
    /// The name it signs in with.
    pub username: String,
    /// What every request carries.
    pub access_token: String,
    /// What the next pair is had for.
    pub refresh_token: String,
    /// When they came, in microseconds since 1970 by the phone's clock.
    pub obtained_at: i64,
    /// For how many seconds from then the access token is good.
    pub expires_in: i64,
    /// Why the session has ended, as the service's code.
    pub ended: Option<String>,
}

impl Tokens {
    /// The tokens of a session that is open.
    pub fn new(
        (account, username): (String, String),
        (access_token, refresh_token): (String, String),
        (obtained_at, expires_in): (i64, i64),
    ) -> Self {
        Self { one: 1, account, username, access_token, refresh_token, obtained_at, expires_in, ended: None }
    }

    /// Whether the access token is worth trying: not over, and not from the future, as the clock may have been set.
    pub fn are_fresh(&self, now: i64) -> bool {
        let age = now - self.obtained_at;
        (0..self.expires_in.saturating_mul(1_000_000)).contains(&age)
    }
}

/// The tokens, where somebody signed in.
pub fn find(connection: &mut SqliteConnection) -> Result<Option<Tokens>, PhoneError> {
    Ok(tokens::table.find(1).first(connection).optional()?)
}

/// Puts the tokens of a new session in the place of those before.
pub fn put(connection: &mut SqliteConnection, new: &Tokens) -> Result<(), PhoneError> {
    diesel::replace_into(tokens::table).values(new).execute(connection)?;
    Ok(())
}

/// Puts the next pair in the place of the one it was had for, unless another process did meanwhile.
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

/// Notes that the session of these tokens has ended, unless another was begun meanwhile.
pub fn end(connection: &mut SqliteConnection, of: &Tokens, code: &str) -> Result<(), PhoneError> {
    diesel::update(tokens::table.find(1).filter(tokens::refresh_token.eq(&of.refresh_token)))
        .set(tokens::ended.eq(code))
        .execute(connection)?;
    Ok(())
}
