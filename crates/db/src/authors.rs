//! Who recorded what: rows of histories with their authors, and what people call those.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::schema::accounts;
use base::id::AccountId;
use domain::revision::Dated;

/// A row of a history with who brought it, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded<T> {
    /// The row.
    pub row: Dated<T>,
    /// The account that recorded it; `None` for a command of the program.
    pub author: Option<AccountId>,
    /// The reason of a correction, or of an end, where one was given.
    pub reason: Option<String>,
}

/// What people call the holders of some accounts.
pub fn names(
    connection: &mut AnyConnection,
    ids: impl IntoIterator<Item = AccountId>,
) -> QueryResult<BTreeMap<AccountId, String>> {
    let ids: BTreeSet<AccountId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(AccountId, String)> = accounts::table
        .filter(accounts::id.eq_any(ids))
        .select((accounts::id, accounts::display_name))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}
