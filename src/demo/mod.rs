//! The demo: a fictitious banner with accounts and a history of counts, written to an empty database.
//!
//! It uses [`db`] to add the reference data, and [`service`] to submit counts just as the API does. No
//! request comes here.

mod accounts;
mod banners;
mod history;
mod seed;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::SecondsFormat;

use auth::receipts::ReceiptKeys;
use base::clock::Clock;
use base::error::Error;
use base::id::CountId;
use db::Db;
use db::connection::AnyConnection;
use db::locks::{Key, Locks};
use domain::account::Role;
use domain::actor::Actor;
use domain::organization::Organization;
use domain::revision::Revision;
use reference::{Banner, Reference};

pub use accounts::BUREAU_USERNAMES;
pub use banners::{Counts, Generated, Step, generate};

/// The organization of the example.
const EXAMPLE_ORGANIZATION: &str = "T3";
/// The depot of the example.
const EXAMPLE_DEPOT: &str = "T3-D1";
/// The item of the example; the organization is short of it.
const EXAMPLE_ITEM: &str = "L2010101";
/// The quantity of the example: more than in the history, and still too little.
const EXAMPLE_QUANTITY: i16 = history::EXAMPLE_COUNTED + 3;

/// The content of a database, from the demo's point of view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Nothing yet.
    Nothing,
    /// The demo, perhaps with later additions.
    Demo,
    /// Other data, which the demo must not touch.
    SomethingElse,
}

/// The reasons why a database could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// It holds other data, or only part of the demo.
    #[error("the database holds something other than the demo: nothing was changed; name another with --database-url")]
    NotTheDemo,
    /// It holds anything.
    #[error("the database is not empty, and nothing was changed: name another with --database-url")]
    NotEmpty,
    /// The embedded data cannot be read.
    #[error(transparent)]
    Reference(#[from] reference::ReferenceError),
    /// Something else failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Writes the demo to an empty database, or completes one whose first start was interrupted; a complete demo is left
/// unchanged. Afterwards every demo account has the password.
///
/// The reference data with the accounts are one change, and the history is another, so that full counts can name the
/// revision of their catalogue. Each is written completely or not at all.
pub async fn prepare(db: &Db, clock: &Clock, password: &str, receipts: Arc<ReceiptKeys>) -> Result<(), DemoError> {
    let (reference, banner) = (Reference::load()?, Banner::load()?);
    let codes: Vec<String> = banner.organizations.iter().map(|organization| organization.code.clone()).collect();
    // One hash for all accounts: they share a printed password, and separate hashes would take seconds and protect
    // nothing.
    let hash = auth::passwords::hash(password)?;
    let now = clock.now();
    let held = db
        .write_long(actor(), Locks::none().reference().accounts(), {
            let hash = hash.clone();
            move |change| {
                let held = holds(change.connection, &codes)?;
                if held == Holds::Nothing {
                    seed::insert_reference(change, &reference)?;
                    let setting = seed::Setting { since: seed::banner_day(), prefix: "", password_hash: &hash, now };
                    seed::insert_banner(change, &banner, &mut BTreeMap::new(), setting)?;
                }
                Ok(held)
            }
        })
        .await?
        .value;
    match held {
        Holds::SomethingElse => return Err(DemoError::NotTheDemo),
        Holds::Demo => reset_password(db, password, hash).await?,
        Holds::Nothing => {}
    }
    let (organizations, accounts) =
        db.read(|snapshot| Ok((organizations(snapshot.connection)?, db::accounts::list(snapshot.connection)?))).await?;
    let locks = Locks::organizations(organizations.iter().map(|organization| organization.id))
        .keys(accounts.iter().map(|record| Key::sender(record.account.id)));
    db.write_long(actor(), locks, move |change| history::insert(change, &receipts, &organizations, now)).await?;
    Ok(())
}

/// Gives all accounts the password, unless they have it: without a difference, nothing is written.
async fn reset_password(db: &Db, password: &str, hash: String) -> Result<(), Error> {
    let stored = db
        .read(|snapshot| {
            let admin = db::accounts::find_by_username(snapshot.connection, accounts::ADMIN)?;
            Ok(admin.and_then(|(_, hash)| hash))
        })
        .await?;
    if auth::passwords::Passwords::new()?.verify(password.to_owned(), stored).await? {
        return Ok(());
    }
    db.write_long(actor(), Locks::none().accounts(), move |change| {
        Ok(db::accounts::set_all_passwords(change.connection, &hash)?)
    })
    .await?;
    Ok(())
}

/// A count ready to be sent, with its sender: it changes a shortage that can be read before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The user name of the quartermaster who sends it.
    pub username: String,
    /// The code of the organization.
    pub organization: &'static str,
    /// The code of the item.
    pub item: &'static str,
    /// A new id.
    pub id: CountId,
    /// The body, as JSON.
    pub body: String,
}

/// Makes a count at the present time, for anyone who wants to try the API.
///
/// # Errors
/// `NotFound` if the database does not hold the demo.
pub async fn example(db: &Db, clock: &Clock) -> Result<Example, Error> {
    let depots = db
        .read(|snapshot| {
            let mut owners = organizations(snapshot.connection)?;
            owners.retain(|organization| organization.code == EXAMPLE_ORGANIZATION);
            let owners: Vec<_> = owners.into_iter().map(|organization| organization.id).collect();
            db::depots::list(snapshot.connection, &owners, Revision::LATEST)
        })
        .await?;
    let depot = depots.iter().find(|depot| depot.code == EXAMPLE_DEPOT).ok_or(Error::NotFound("depot"))?;
    Ok(Example {
        username: EXAMPLE_ORGANIZATION.to_lowercase(),
        organization: EXAMPLE_ORGANIZATION,
        item: EXAMPLE_ITEM,
        id: CountId::new(),
        body: format!(
            r#"{{"depot_id":"{}","scope":"listed","counted_at":"{}","lines":[{{"item":"{EXAMPLE_ITEM}","quantity":{EXAMPLE_QUANTITY}}}]}}"#,
            depot.id,
            clock.now().to_rfc3339_opts(SecondsFormat::Secs, true),
        ),
    })
}

/// The user names and roles of a few accounts, one for each way of using the demo.
pub fn accounts_to_try() -> Vec<(String, Role)> {
    accounts::to_try(EXAMPLE_ORGANIZATION)
}

/// The actor who adds the demo.
fn actor() -> Actor {
    Actor::command("muster demo")
}

fn organizations(connection: &mut AnyConnection) -> Result<Vec<Organization>, Error> {
    db::organizations::list(connection, Revision::LATEST)
}

fn holds(connection: &mut AnyConnection, codes: &[String]) -> Result<Holds, Error> {
    if db::revisions::newest(connection)?.is_none() {
        let accounts = db::accounts::find_by_username(connection, accounts::ADMIN)?;
        return Ok(if accounts.is_none() { Holds::Nothing } else { Holds::SomethingElse });
    }
    let stored = organizations(connection)?;
    let all_there = codes.iter().all(|code| stored.iter().any(|organization| organization.code == *code));
    Ok(if all_there { Holds::Demo } else { Holds::SomethingElse })
}
