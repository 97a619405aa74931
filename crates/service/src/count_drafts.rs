//! Drafts of counts, saved by the account that counts.

use chrono::{DateTime, Utc};

use base::error::Error;
use base::id::{AccountId, CountId, DepotId};
use db::locks::{Key, Locks};
use db::write::Change;
use domain::change::{IfMatch, Precondition, PutOutcome};
use domain::count_draft::{CountDraft, CountDraftHeader, MOST};
use text::messages::message;

/// A draft as it is sent.
#[derive(Clone, Debug)]
pub struct NewDraft {
    /// The id that the count will have.
    pub id: CountId,
    /// The depot.
    pub depot: Option<DepotId>,
    /// The content, as JSON without blanks.
    pub content: Vec<u8>,
}

/// The locks of a change of an account's drafts: those of its commands, so that no draft is saved while its count is received.
pub fn locks_of(account: AccountId) -> Locks {
    Locks::none().keys([Key::sender(account)])
}

/// Saves a draft, and deletes some that have expired. The same content again changes nothing. Returns the draft as it is
/// stored, without its content.
///
/// # Errors
/// `Conflict` if the count was received, or the account has as many drafts as it may; `Unconditional` or `Changed` where the state
/// named is not that of the draft.
pub fn save(
    change: &mut Change<'_>,
    account: AccountId,
    new: NewDraft,
    precondition: &Precondition,
    now: DateTime<Utc>,
) -> Result<(CountDraftHeader, PutOutcome), Error> {
    let locked = change.for_key(Key::sender(account))?;
    db::count_drafts::prune(change.connection, now)?;
    if db::count_drafts::is_received(change.connection, new.id)? {
        return Err(Error::conflict("count_received", message!("count-received")));
    }
    let before = db::count_drafts::find(change.connection, account, new.id, now)?;
    if let Some(before) = &before
        && (&before.content, before.header.depot) == (&new.content, new.depot)
    {
        return Ok((before.header, PutOutcome::Repeated));
    }
    let before = before.map(|before| before.header);
    precondition.check(before.map(|before| before.version))?;
    if before.is_none() && db::count_drafts::number(change.connection, account, now)? >= MOST {
        return Err(Error::conflict("too_many_count_drafts", message!("count-drafts-too-many", most = MOST)));
    }
    let outcome = if before.is_some() { PutOutcome::Changed } else { PutOutcome::Created };
    let version = CountDraftHeader::next_version(before.as_ref(), now);
    let header = CountDraftHeader { id: new.id, depot: new.depot, bytes: new.content.len(), version, updated_at: now };
    let draft = CountDraft { header, content: new.content };
    db::count_drafts::save(change.connection, locked, account, &draft)?;
    Ok((header, outcome))
}

/// Deletes a draft. Returns false if there is none, whatever state is named.
///
/// # Errors
/// `Changed` if a state is named, and it is not that of the draft.
pub fn discard(
    change: &mut Change<'_>,
    account: AccountId,
    id: CountId,
    if_match: &IfMatch,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let locked = change.for_key(Key::sender(account))?;
    if *if_match != IfMatch::Missing
        && let Some(present) = db::count_drafts::find(change.connection, account, id, now)?
    {
        if_match.require(present.header.version)?;
    }
    Ok(db::count_drafts::forget(change.connection, locked, account, id)?)
}
