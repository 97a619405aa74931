//! The demo: a made-up banner with accounts and a history of counts, put into an empty database.
//!
//! A room beside [`service`](crate::service): it adds what the reference data say through [`db`], and its
//! counts through the same functions as the API does. No request comes here.

mod accounts;
mod history;
mod seed;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::SecondsFormat;

use auth::receipts::ReceiptKeys;
use base::clock::Clock;
use base::error::Error;
use base::id::CountId;
use db::Db;
use db::connection::AnyConnection;
use db::locks::{Key, Locks};
use domain::actor::Actor;
use domain::organization::Organization;
use domain::revision::Revision;
use reference::{Banner, Reference};

pub use accounts::BUREAU_USERNAMES;

/// The organization of the example.
const EXAMPLE_ORGANIZATION: &str = "T3";
/// The depot of the example.
const EXAMPLE_DEPOT: &str = "T3-D1";
/// The item of the example, of which the organization is short.
const EXAMPLE_ITEM: &str = "L2010101";
/// How many the example counts: more than the history does, and still too few.
const EXAMPLE_QUANTITY: i64 = history::EXAMPLE_COUNTED + 3;

/// What a database holds, as far as the demo cares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Nothing yet.
    Nothing,
    /// The demo, and perhaps what was added to it since.
    Demo,
    /// Something else, which the demo must not touch.
    SomethingElse,
}

/// Why a database could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// It holds other data, or too little of the demo.
    #[error("the database holds something other than the demo: nothing was changed; name another with --database")]
    NotTheDemo,
    /// The data that the binary carries cannot be read.
    #[error(transparent)]
    Reference(#[from] reference::ReferenceError),
    /// Something else failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Puts the demo into an empty database, or adds what a start that was cut short left out; a complete demo stays as it
/// is. Afterwards every account of the demo has the password.
///
/// The reference data and the accounts are one change and the history another, so that full counts can name the
/// revision of the catalogue they speak of. Each is there wholly or not at all.
pub async fn prepare(db: &Db, clock: &Clock, password: &str, receipts: Arc<ReceiptKeys>) -> Result<(), DemoError> {
    let (reference, banner) = (Reference::load()?, Banner::load()?);
    let codes: Vec<String> = banner.organizations.iter().map(|organization| organization.code.clone()).collect();
    // One hash for all: they share the password, which is printed; a hash each would take seconds and hide nothing.
    let hash = auth::passwords::hash(password)?;
    let now = clock.now();
    let held = db
        .write(actor(), Locks::none().reference().accounts(), {
            let hash = hash.clone();
            move |change| {
                let held = holds(change.connection, &codes)?;
                if held == Holds::Nothing {
                    seed::insert(change, &reference, &banner, &hash, now)?;
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
    db.write(actor(), locks, move |change| history::insert(change, &receipts, &organizations, now)).await?;
    Ok(())
}

/// Gives all accounts the password, unless they have it: what did not change needs no write.
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
    db.write(actor(), Locks::none().accounts(), move |change| {
        Ok(db::accounts::set_all_passwords(change.connection, &hash)?)
    })
    .await?;
    Ok(())
}

/// A count that can be sent as it stands, and whose it is: it changes a shortage that can be read before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The user name of the quartermaster who sends it.
    pub username: String,
    /// The code of the organization.
    pub organization: &'static str,
    /// The code of the item.
    pub item: &'static str,
    /// An id that no count has yet.
    pub id: CountId,
    /// What is sent, as JSON.
    pub body: String,
}

/// A count made now, for whoever wants to try the API.
///
/// # Errors
/// `NotFound` where the database does not hold the demo.
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

/// Whoever puts the demo in.
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
