//! Ids that clients make: what is sent again under one must be what is stored under it.

use base::error::Error;
use text::messages::Message;

/// Requires that a body is the stored one, by their hashes. A caller who may not see what is stored learns only that the id
/// is taken.
///
/// # Errors
/// `Conflict` if it is another, or the caller may not see it.
pub(super) fn require_same(stored: String, sent: &str, is_visible: bool, detail: Message) -> Result<(), Error> {
    if is_visible && stored == sent { Ok(()) } else { Err(id_reused(stored, sent, is_visible, detail)) }
}

/// The failure of an id that was used before, with both hashes for those who may see what is stored.
pub(super) fn id_reused(stored: String, sent: &str, is_visible: bool, detail: Message) -> Error {
    Error::Conflict { code: "id_reused", detail, hashes: is_visible.then(|| (stored, sent.to_owned())) }
}
