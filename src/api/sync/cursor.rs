//! Where a device is in what it fetches: an opaque text that any instance reads, also after a restart.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use base::error::Error;
use base::id::ChangeSetId;
use db::connection::AnyConnection;
use domain::account::Account;
use domain::revision::Revision;
use domain::scope::ScopeSet;
use text::messages::message;

/// The form of cursors and of what is sent: a device of another form starts over.
const FORM: u8 = 1;

/// A state that was sent, or is being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its revision.
    pub revision: Revision,
    /// The first half of that revision's change set, which after a restore is another one.
    pub change_set: u64,
    /// The instant whose day it is of.
    pub at: DateTime<Utc>,
}

impl Place {
    /// The state of a revision at an instant.
    pub fn new(revision: Revision, change_set: ChangeSetId, at: DateTime<Utc>) -> Self {
        Self { revision, change_set: mark(change_set), at }
    }

    /// True for the change set of its revision.
    pub fn is_of(&self, change_set: Option<ChangeSetId>) -> bool {
        change_set.is_some_and(|change_set| mark(change_set) == self.change_set)
    }
}

/// The half of a change set's id that is random.
fn mark(change_set: ChangeSetId) -> u64 {
    change_set.0.as_u64_pair().1
}

/// What a device has: a state, or a part of the way from one to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Whose rights it was given to.
    pub rights: u64,
    /// The state that the device has; `None` where it began with nothing.
    pub base: Option<Place>,
    /// The state that it is being sent, and how many of the changes it has.
    pub next: Option<(Place, u32)>,
    /// The last state that it pushed into since, which it was told of though it has not fetched it.
    pub pushed: Option<Place>,
}

impl Cursor {
    /// One that stands nowhere.
    pub fn starting_over(rights: u64) -> Self {
        let nowhere = Place { revision: Revision(0), change_set: 0, at: DateTime::UNIX_EPOCH };
        Self { rights, base: None, next: None, pushed: Some(nowhere) }
    }

    /// The text of it.
    pub fn write(&self) -> String {
        let mut bytes = vec![FORM];
        bytes.extend(self.rights.to_be_bytes());
        let next = self.next.map(|(place, _)| place);
        let flags = [(self.base, 1), (next, 2), (self.pushed, 4)];
        bytes.push(flags.iter().filter(|(place, _)| place.is_some()).map(|(_, flag)| flag).sum());
        for place in [self.base, next, self.pushed].into_iter().flatten() {
            bytes.extend(place.revision.0.to_be_bytes());
            bytes.extend(place.change_set.to_be_bytes());
            bytes.extend(place.at.timestamp().to_be_bytes());
        }
        if let Some((_, given)) = self.next {
            bytes.extend(given.to_be_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a text; `None` for one of another form, as an older or newer service gave out.
    ///
    /// # Errors
    /// `Invalid` for what no service gave out.
    pub fn read(text: &str) -> Result<Option<Self>, Error> {
        let unknown = || Error::invalid("/cursor", "cursor_unknown", message!("cursor-unknown"));
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| unknown())?;
        match bytes.first() {
            None => Err(unknown()),
            Some(form) if *form != FORM => Ok(None),
            Some(_) => Self::of_bytes(&bytes).map(Some).ok_or_else(unknown),
        }
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.get(1..)?;
        let rights = u64::from_be_bytes(take(&mut rest)?);
        let [flags] = take(&mut rest)?;
        let base = if flags & 1 == 1 { Some(place(&mut rest)?) } else { None };
        let next = if flags & 2 == 2 { Some(place(&mut rest)?) } else { None };
        let pushed = if flags & 4 == 4 { Some(place(&mut rest)?) } else { None };
        let next = match next {
            Some(next) => Some((next, u32::from_be_bytes(take(&mut rest)?))),
            None => None,
        };
        (rest.is_empty() && flags <= 7).then_some(Self { rights, base, next, pushed })
    }
}

fn place(rest: &mut &[u8]) -> Option<Place> {
    let revision = Revision(i64::from_be_bytes(take(rest)?));
    let change_set = u64::from_be_bytes(take(rest)?);
    let at = DateTime::from_timestamp(i64::from_be_bytes(take(rest)?), 0)?;
    Some(Place { revision, change_set, at })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*first)
}

/// True where the states that a cursor names are still there: none is, once the server was restored from before it.
pub fn stands(connection: &mut AnyConnection, cursor: &Cursor) -> Result<bool, Error> {
    let next = cursor.next.map(|(place, _)| place);
    for place in [cursor.base, next, cursor.pushed].into_iter().flatten() {
        if !place.is_of(db::revisions::change_set_of(connection, place.revision)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What tells the rights of an account from any others: who it is, what it may do and whose things it sees.
pub fn rights_of(account: &Account, scopes: Option<&ScopeSet>) -> u64 {
    let scopes = scopes.map(ToString::to_string).unwrap_or_default();
    let text = format!("{} {} {:?} {scopes}", account.id, account.role, account.belongs);
    let digest = Sha256::digest(text);
    digest.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn place_at(revision: i64) -> Place {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        Place::new(Revision(revision), ChangeSetId(Uuid::now_v7()), at)
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for base in [None, Some(place_at(7))] {
            for next in [None, Some((place_at(9), 1000))] {
                for pushed in [None, Some(place_at(8))] {
                    let cursor = Cursor { rights: 0xfeed, base, next, pushed };
                    assert_eq!(Cursor::read(&cursor.write()).unwrap(), Some(cursor));
                    assert!(cursor.write().len() < 120);
                }
            }
        }
    }

    #[test]
    fn what_nobody_gave_out_is_refused_and_another_form_starts_over() {
        let text = Cursor { rights: 1, base: Some(place_at(7)), next: None, pushed: None }.write();
        for wrong in ["", "!", "AQ", &text[1..], &text[..text.len() - 4], &format!("{text}AAAA")] {
            assert!(!matches!(Cursor::read(wrong), Ok(Some(_))), "{wrong}");
        }
        assert_eq!(Cursor::read(&format!("Ag{}", &text[2..])).unwrap(), None);
    }
}
