//! Recognizing a count that is sent again. Every way of submitting counts uses these functions, so that all give the same
//! answer.

use crate::id_reuse::id_reused;
use base::content::Content;
use base::error::Error;
use base::id::{AccountId, CommandId, CountId, OrganizationId};
use db::connection::AnyConnection;
use db::counts::Fixed;
use domain::account::Account;
use domain::quarantine::quarantine_id;
use text::messages::message;

/// The stored state of a count before it is written.
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

/// The count stored under an id, as far as the sender of content under that id may know it.
#[derive(Debug)]
pub enum SentBefore {
    /// None: the id is new.
    Never,
    /// The same count.
    Same(Fixed),
    /// Another count, or one that the sender may not know of; with the error to answer.
    Other(Error),
}

/// Looks an id up: a repeat is recognized by its content alone, because a client may resend an old body after the
/// required shape has changed. A command that a device pushed with the same id and content, and that an officer applied,
/// is the resulting count.
///
/// # Errors
/// `Conflict` as in [`sent_before`].
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

/// Finds the count stored under an id, and compares it with content that an account sends under that id.
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

/// Compares content with the count stored under its id. The count's sender and everybody who may see it learn that it is
/// the same; only those who may see it get its hash.
///
/// # Errors
/// `Conflict` if the content is another, or the sender may not know of the count.
pub(super) fn compare(stored: Fixed, sent: &Content, sender: AccountId, is_visible: bool) -> Result<Fixed, Error> {
    if stored.sha256 == sent.sha256 && may_know(&stored, sender, is_visible) {
        return Ok(stored);
    }
    Err(id_reused(stored.sha256, &sent.sha256, is_visible, message!("count-id-reused")))
}

/// True for the account that sent a count, and for accounts that may see it.
fn may_know(stored: &Fixed, account: AccountId, is_visible: bool) -> bool {
    is_visible || stored.account == account
}

fn is_visible(connection: &mut AnyConnection, account: &Account, stored: &Fixed) -> Result<bool, Error> {
    db::organizations::is_visible(connection, account.belongs, stored.organization)
}

/// The count that resulted when an officer applied a command with this id and content.
fn applied_from_quarantine(
    connection: &mut AnyConnection,
    id: CountId,
    content: &Content,
) -> Result<Option<CountId>, Error> {
    let found = db::quarantine::find_unnumbered(connection, quarantine_id(CommandId(id.0), &content.sha256))?;
    Ok(found.and_then(|(_, decided)| decided?.count_id))
}
