//! Ids that clients generate: content sent again under an id must be the content stored under it.

use base::error::Error;
use text::messages::Message;

/// Requires that a body is the stored one, by their hashes. A caller who may not see the stored content learns only that
/// the id is taken.
///
/// # Errors
/// `Conflict` if the content differs, or the caller may not see it.
pub(super) fn require_same(stored: String, sent: &str, is_visible: bool, detail: Message) -> Result<(), Error> {
    if is_visible && stored == sent { Ok(()) } else { Err(id_reused(stored, sent, is_visible, detail)) }
}

/// The error of an id that was used before, with both hashes for callers who may see the stored content.
pub(super) fn id_reused(stored: String, sent: &str, is_visible: bool, detail: Message) -> Error {
    Error::Conflict { code: "id_reused", detail, hashes: is_visible.then(|| (stored, sent.to_owned())) }
}
