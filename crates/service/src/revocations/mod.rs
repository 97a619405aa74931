//! Revocations beside the keys: kept as soon as they are committed, and carried out again on a restored database before
//! anything else is done with it.

mod restored;

use auth::revocations::{Kept, KeptRevocation, Revocation, RevocationLog};
use base::error::Error;
use chrono::{DateTime, Utc};
use db::Db;
use db::locks::Locks;
use db::queue::Written;
use db::write::Change;
use domain::actor::Actor;

/// Makes a change at a time, and keeps the revocation that it says it made. It is kept by the thread that commits it, before
/// the caller is told, and whether or not the caller still waits. A failure to keep it is logged: the change was made all the
/// same, and only a restore would undo it.
///
/// # Errors
/// Same as [`Db::write`].
pub async fn write<T, F>(
    db: &Db,
    log: &RevocationLog,
    actor: Actor,
    locks: Locks,
    at: DateTime<Utc>,
    work: F,
) -> Result<T, Error>
where
    T: Send + 'static,
    F: FnMut(&mut Change<'_>) -> Result<(T, Option<Revocation>), Error> + Send + 'static,
{
    let log = log.clone();
    let keep = move |written: &Written<(T, Option<Revocation>)>| {
        if let (_, Some(revocation)) = &written.value {
            append(&log, &[KeptRevocation { at, recorded: written.recorded, revocation: revocation.clone() }]);
        }
    };
    Ok(db.write_then(actor, locks, work, keep).await?.value.0)
}

fn append(log: &RevocationLog, kept: &[KeptRevocation]) {
    if let Err(error) = log.append(kept) {
        tracing::error!(%error, folder = ?log.folder(), "not kept beside the keys: restoring an older backup undoes it");
    }
}

/// Carries out again the revocations kept beside the keys that the database does not have and has nothing later instead of.
/// Every command that writes does so first.
///
/// # Errors
/// If they cannot be read, or the database cannot be written.
pub async fn apply(db: &Db, log: &RevocationLog, command: &str) -> Result<(), Error> {
    // Usually the database has them all; then it need not be able to take a change at the moment.
    let (here, Kept { revocations: kept, unreadable }) = (log.clone(), log.read()?);
    if unreadable > 0 {
        tracing::warn!(
            lines = unreadable,
            folder = ?log.folder(),
            "revocations kept beside the keys cannot be read: they are not carried out, and stay in the file"
        );
    }
    if db.read(|snapshot| restored::missing(snapshot.connection, kept)).await?.is_empty() {
        return Ok(());
    }
    // Decided again under the lock: another instance may have carried them out, and changed something since.
    let work = move |change: &mut Change<'_>| {
        let locked = change.for_accounts()?;
        let missing = restored::missing(change.connection, here.read()?.revocations)?;
        missing.iter().try_for_each(|one| restored::carry_out(change, locked, one))?;
        Ok(missing)
    };
    let here = log.clone();
    // From now on the database has them, under this change set.
    let keep = move |written: &Written<Vec<KeptRevocation>>| {
        let Some(recorded) = written.recorded else { return };
        let again = |one: &KeptRevocation| KeptRevocation { recorded: Some(recorded), ..one.clone() };
        append(&here, &written.value.iter().map(again).collect::<Vec<_>>());
    };
    let applied = db.write_then(Actor::command(command), Locks::none().accounts(), work, keep).await?.value.len();
    tracing::warn!(applied, "the database was restored: revocations made since its backup were carried out again");
    Ok(())
}
