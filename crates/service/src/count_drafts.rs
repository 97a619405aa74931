//! Drafts of counts, saved by the account that counts.

use chrono::{DateTime, Utc};

use base::error::Error;
use base::id::AccountId;
use db::locks::{Key, Locks};
use db::write::Change;
use domain::change::{Precondition, PutOutcome};
use domain::count_draft::{CountDraft, MOST};
use text::messages::message;

/// The locks of a change of an account's drafts: those of its commands, so that no draft is saved while its count is received.
pub fn locks_of(account: AccountId) -> Locks {
    Locks::none().keys([Key::sender(account)])
}

/// Saves a draft, and deletes some that have expired. The same content again changes nothing. Returns the draft as it is
/// stored.
///
/// # Errors
/// `Conflict` if the count was received, or the account has as many drafts as it may; `Unconditional` or `Changed` where the state
/// named is not that of the draft.
pub fn save(
    change: &mut Change<'_>,
    account: AccountId,
    new: CountDraft,
    precondition: &Precondition,
    now: DateTime<Utc>,
) -> Result<(CountDraft, PutOutcome), Error> {
    let locked = change.for_key(Key::sender(account))?;
    db::count_drafts::prune(change.connection, now)?;
    if db::count_drafts::is_received(change.connection, new.id)? {
        return Err(Error::conflict("count_received", message!("count-received")));
    }
    let drafts = db::count_drafts::list(change.connection, account, now)?;
    let before = drafts.iter().find(|draft| draft.id == new.id);
    if let Some(before) = before.filter(|before| (&before.content, before.depot) == (&new.content, new.depot)) {
        return Ok((before.clone(), PutOutcome::Repeated));
    }
    precondition.check(before.map(|before| before.version))?;
    if before.is_none() && drafts.len() >= MOST {
        return Err(Error::conflict("too_many_count_drafts", message!("count-drafts-too-many", most = MOST)));
    }
    let outcome = if before.is_some() { PutOutcome::Changed } else { PutOutcome::Created };
    let version = CountDraft::next_version(before, now);
    let draft = CountDraft { version, updated_at: now, ..new };
    db::count_drafts::save(change.connection, locked, account, &draft)?;
    Ok((draft, outcome))
}
