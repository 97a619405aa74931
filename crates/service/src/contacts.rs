//! Contacts: their erasure, and the log of who read them.

use chrono::{DateTime, Days, Utc};

use base::error::Error;
use base::id::{AccountId, ContactId};
use db::Db;
use db::locks::Locks;
use db::write::Change;
use domain::actor::Actor;

/// The number of contacts erased in one write, so that nobody waits long for it.
const ERASED_AT_ONCE: i64 = 200;

/// The days for which the log of reads is kept: three years, for which records of the handling of personal data are to be kept.
const READS_KEPT_DAYS: u64 = 3 * 366;

/// Erases a contact because somebody asked for it. Returns false if it was erased before. Needs the lock of the reference data: who
/// puts the same contact meanwhile finds it erased.
///
/// It is not a change of the data that figures are computed from, so it has no revision: every figure, receipt, chain and hash
/// stays as it is. Who erased it and when stands in the contact itself.
///
/// # Errors
/// The database's error.
pub fn erase(change: &mut Change<'_>, id: ContactId, now: DateTime<Utc>) -> Result<bool, Error> {
    change.for_reference()?;
    let by = change.actor().account();
    Ok(db::contacts::erase(change.connection, &[id], now, by)? > 0)
}

/// Erases some of the contacts that ended long enough ago, and forgets reads that are older than they are kept. Returns the number
/// of contacts erased.
///
/// # Errors
/// The database's error.
pub async fn erase_ended(db: &Db, actor: &Actor, after_days: u64, now: DateTime<Utc>) -> Result<usize, Error> {
    let today = now.date_naive();
    let (Some(ended), Some(read)) =
        (today.checked_sub_days(Days::new(after_days)), today.checked_sub_days(Days::new(READS_KEPT_DAYS)))
    else {
        return Ok(0);
    };
    let is_due = db.read(move |snapshot| {
        let due = db::contacts::ended_by(snapshot.connection, ended, 1)?;
        Ok(!due.is_empty() || db::contacts::has_reads(snapshot.connection, read)?)
    });
    if !is_due.await? {
        return Ok(0);
    }
    let work = move |change: &mut Change<'_>| {
        // Who is put again meanwhile is not erased.
        change.for_reference()?;
        db::contacts::prune_reads(change.connection, read)?;
        let due = db::contacts::ended_by(change.connection, ended, ERASED_AT_ONCE)?;
        Ok(db::contacts::erase(change.connection, &due, now, None)?)
    };
    Ok(db.write(actor.clone(), Locks::none().reference(), work).await?.value)
}

/// Notes that an account read contacts, each once a day.
///
/// # Errors
/// The database's error.
pub async fn note_reads(
    db: &Db,
    actor: Actor,
    account: AccountId,
    ids: Vec<ContactId>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let operation = actor.action.clone();
    let work = move |change: &mut Change<'_>| {
        db::contacts::note_reads(change.connection, &ids, account, &operation, now)?;
        Ok(())
    };
    db.write(actor, Locks::none(), work).await.map(drop)
}
