//! Knowing a count that is sent again. Every way in which counts come asks here, so that all give the same answer.

use crate::id_reuse::id_reused;
use base::content::Content;
use base::error::Error;
use base::id::{AccountId, CommandId, CountId, OrganizationId};
use db::connection::AnyConnection;
use db::counts::Fixed;
use domain::account::Account;
use domain::quarantine::quarantine_id;
use text::messages::message;

/// The state of a count before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It was stored before.
    Stored {
        /// Its organization.
        owner: OrganizationId,
        /// The count; its id differs from the command's if an officer applied it after the id was taken.
        count: CountId,
    },
    /// Its id is new.
    New,
}

/// The count stored under an id, as the sender of some content under that id may know it.
#[derive(Debug)]
pub enum SentBefore {
    /// None: the id is new.
    Never,
    /// The very count that is sent.
    Same(Fixed),
    /// Another count, or one that the sender may not know of; with the failure to answer.
    Other(Error),
}

/// Looks an id up: a repeat is found by its content alone, as a client resends an old body after the shape that is asked
/// for has changed. A command that a device pushed with the same id and content, and that an officer made a count of, is
/// that count.
///
/// # Errors
/// `Conflict` as [`sent_before`] tells it.
pub fn look_up(
    connection: &mut AnyConnection,
    sender: &Account,
    id: CountId,
    content: &Content,
) -> Result<Known, Error> {
    if let Some(count) = applied_from_quarantine(connection, id, content)?
        && let Some(stored) = db::counts::fixed(connection, &[count])?.pop()
        && may_know(&stored, sender.id, is_visible(connection, sender, &stored)?)
    {
        return Ok(Known::Stored { owner: stored.organization, count });
    }
    match sent_before(connection, sender, id, content)? {
        SentBefore::Never => Ok(Known::New),
        SentBefore::Same(stored) => Ok(Known::Stored { owner: stored.organization, count: stored.id }),
        SentBefore::Other(failure) => Err(failure),
    }
}

/// Finds the count stored under an id, and tells whether some content that an account sends under that id is that count.
pub fn sent_before(
    connection: &mut AnyConnection,
    sender: &Account,
    id: CountId,
    content: &Content,
) -> Result<SentBefore, Error> {
    let Some(stored) = db::counts::fixed(connection, &[id])?.pop() else { return Ok(SentBefore::Never) };
    let is_visible = is_visible(connection, sender, &stored)?;
    Ok(compare(stored, content, sender.id, is_visible).map_or_else(SentBefore::Other, SentBefore::Same))
}

/// Compares content with the count stored under its id. The count's own sender and everybody who may see it learn that it
/// is the same; its hash is told only to those who may see it.
///
/// # Errors
/// `Conflict` if the content is another, or the sender may not know of the count.
pub(super) fn compare(stored: Fixed, sent: &Content, sender: AccountId, is_visible: bool) -> Result<Fixed, Error> {
    if stored.sha256 == sent.sha256 && may_know(&stored, sender, is_visible) {
        return Ok(stored);
    }
    Err(id_reused(stored.sha256, &sent.sha256, is_visible, message!("count-id-reused")))
}

/// True for the account that sent a count, and for those who may see it.
fn may_know(stored: &Fixed, account: AccountId, is_visible: bool) -> bool {
    is_visible || stored.account == account
}

fn is_visible(connection: &mut AnyConnection, account: &Account, stored: &Fixed) -> Result<bool, Error> {
    db::organizations::is_visible(connection, account.belongs, stored.organization)
}

/// The count that an officer made of a command with an id and content.
fn applied_from_quarantine(
    connection: &mut AnyConnection,
    id: CountId,
    content: &Content,
) -> Result<Option<CountId>, Error> {
    let found = db::quarantine::find_unnumbered(connection, quarantine_id(CommandId(id.0), &content.sha256))?;
    Ok(found.and_then(|(_, decided)| decided?.count_id))
}
