//! The position of a device in its pulls: an opaque text that every instance reads, also after a restart.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::part::Part;
use base::error::Error;
use base::id::{ChangeSetId, OrganizationId};
use db::connection::AnyConnection;
use db::read::Snapshot;
use domain::revision::Revision;
use text::messages::message;

/// The form of cursors and of the changes sent. A device with a cursor of another form starts over.
const FORM: u8 = 1;

/// The flag of a cursor whose place is that in a part.
const BY_PARTS: u8 = 8;

/// A state to which a device is brought: a revision, and an instant that decides the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncPoint {
    /// The revision.
    pub revision: Revision,
    /// The random half of that revision's change set; after a restore the revision has another change set.
    pub change_set: u64,
    /// The instant.
    pub at: DateTime<Utc>,
}

impl SyncPoint {
    /// The state of a revision at an instant.
    pub fn new(revision: Revision, change_set: ChangeSetId, at: DateTime<Utc>) -> Self {
        Self { revision, change_set: random_half(change_set), at }
    }

    /// The present state.
    ///
    /// # Errors
    /// `Busy` before the first revision.
    pub fn present(snapshot: &mut Snapshot<'_>, now: DateTime<Utc>) -> Result<Self, Error> {
        let newest = snapshot.newest.map_or(Revision(0), |newest| newest.revision);
        let change_set = db::revisions::change_set_of(snapshot.connection, newest)?;
        let change_set = change_set.ok_or(Error::Busy("nothing is recorded yet"))?;
        Ok(Self::new(newest, change_set, now))
    }

    /// True if its revision still has the same change set.
    fn is_of(&self, change_set: Option<ChangeSetId>) -> bool {
        change_set.is_some_and(|change_set| random_half(change_set) == self.change_set)
    }
}

/// A place among the changes that lead from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The part that it is in.
    pub part: Part,
    /// Its number in that part.
    pub within: u32,
}

impl Place {
    /// The place of the first change.
    pub const START: Self = Self { part: Part::START, within: 0 };
}

/// The random half of a change set's id.
fn random_half(change_set: ChangeSetId) -> u64 {
    change_set.0.as_u64_pair().1
}

/// The state that a device has, or its position on the way from one state to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The fingerprint of the rights for which the cursor was issued ([`fingerprint`](super::rights::fingerprint)).
    pub rights: u64,
    /// The state that the device has; `None` if it began with nothing.
    pub base: Option<SyncPoint>,
    /// The state that the device is being sent, and the place of the first change that was not sent.
    pub next: Option<(SyncPoint, Place)>,
    /// The last state to which the device pushed and which it has not fetched yet.
    pub pushed: Option<SyncPoint>,
}

impl Cursor {
    /// A cursor that is never valid: the next pull starts over, even if the server is restored in the meantime.
    pub fn starting_over(rights: u64) -> Self {
        let nowhere = SyncPoint { revision: Revision(0), change_set: 0, at: DateTime::UNIX_EPOCH };
        Self { rights, base: None, next: None, pushed: Some(nowhere) }
    }

    /// Writes it as the text that a device keeps.
    pub fn write(&self) -> String {
        let mut bytes = vec![FORM];
        bytes.extend(self.rights.to_be_bytes());
        let next = self.next.map(|(point, _)| point);
        let flags = [(self.base, 1), (next, 2), (self.pushed, 4), (next, BY_PARTS)];
        bytes.push(flags.iter().filter(|(point, _)| point.is_some()).map(|(_, flag)| flag).sum());
        for point in [self.base, next, self.pushed].into_iter().flatten() {
            bytes.extend(point.revision.0.to_be_bytes());
            bytes.extend(point.change_set.to_be_bytes());
            bytes.extend(point.at.timestamp().to_be_bytes());
        }
        if let Some((_, Place { part: Part { phase, organization }, within })) = self.next {
            bytes.push(phase.into());
            bytes.extend(organization.0.into_bytes());
            bytes.extend(within.to_be_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a text; `None` for another form, from an older or newer service.
    ///
    /// # Errors
    /// `Invalid` for a text that no service wrote.
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
        let base = if flags & 1 == 1 { Some(read_point(&mut rest)?) } else { None };
        let next = if flags & 2 == 2 { Some(read_point(&mut rest)?) } else { None };
        let pushed = if flags & 4 == 4 { Some(read_point(&mut rest)?) } else { None };
        let next = match next {
            Some(next) if flags & BY_PARTS == BY_PARTS => Some((next, read_place(&mut rest)?)),
            // The number of all changes that an earlier service had sent, in another order: they are sent once more.
            Some(next) => {
                let _number: [u8; 4] = take(&mut rest)?;
                Some((next, Place::START))
            }
            None => None,
        };
        (rest.is_empty() && flags <= 15).then_some(Self { rights, base, next, pushed })
    }

    /// True if the states that it names still exist; false if the server was restored to a time before one of them.
    pub fn stands(&self, connection: &mut AnyConnection) -> Result<bool, Error> {
        let next = self.next.map(|(point, _)| point);
        for point in [self.base, next, self.pushed].into_iter().flatten() {
            if !point.is_of(db::revisions::change_set_of(connection, point.revision)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The cursor of a device after a push: the cursor that it sent, if still valid, with the state to which it pushed.
    /// An invalid cursor is answered with one that will never be valid.
    pub fn after_push(
        connection: &mut AnyConnection,
        rights: u64,
        sent: Option<&str>,
        revision: Revision,
        at: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let cursor = match sent {
            None => Self { rights, base: None, next: None, pushed: None },
            Some(text) => match Self::read(text) {
                // The pull checks whether the rights are still those for which the cursor was issued.
                Ok(Some(cursor)) if cursor.stands(connection)? => cursor,
                _ => return Ok(Self::starting_over(rights)),
            },
        };
        let change_set = db::revisions::change_set_of(connection, revision)?;
        let pushed = change_set.map(|change_set| SyncPoint::new(revision, change_set, at));
        Ok(Self { pushed, ..cursor })
    }
}

fn read_point(rest: &mut &[u8]) -> Option<SyncPoint> {
    let revision = Revision(i64::from_be_bytes(take(rest)?));
    let change_set = u64::from_be_bytes(take(rest)?);
    let at = DateTime::from_timestamp(i64::from_be_bytes(take(rest)?), 0)?;
    Some(SyncPoint { revision, change_set, at })
}

fn read_place(rest: &mut &[u8]) -> Option<Place> {
    let [phase] = take(rest)?;
    let organization = OrganizationId(Uuid::from_bytes(take(rest)?));
    let within = u32::from_be_bytes(take(rest)?);
    Some(Place { part: Part { phase: phase.try_into().ok()?, organization }, within })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*first)
}

#[cfg(test)]
mod tests {
    use super::super::part::Phase;
    use super::*;

    fn point_at(revision: i64) -> SyncPoint {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        SyncPoint::new(Revision(revision), ChangeSetId(Uuid::now_v7()), at)
    }

    fn place() -> Place {
        Place { part: Part { phase: Phase::Counted, organization: OrganizationId(Uuid::now_v7()) }, within: 1_000 }
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for base in [None, Some(point_at(7))] {
            for next in [None, Some((point_at(9), place()))] {
                for pushed in [None, Some(point_at(8))] {
                    let cursor = Cursor { rights: 0xfeed, base, next, pushed };
                    assert_eq!(Cursor::read(&cursor.write()).unwrap(), Some(cursor));
                    assert!(cursor.write().len() < 150);
                }
            }
        }
    }

    #[test]
    fn a_pull_that_an_earlier_service_began_starts_its_state_once_more() {
        let next = point_at(9);
        let cursor = Cursor { rights: 1, base: Some(point_at(7)), next: Some((next, Place::START)), pushed: None };
        let mut bytes = URL_SAFE_NO_PAD.decode(cursor.write()).unwrap();
        // The number of its changes has four bytes, and a place has 21.
        bytes[9] &= !BY_PARTS;
        let length = bytes.len();
        bytes.truncate(length - 21);
        bytes.extend(1_000_u32.to_be_bytes());
        assert_eq!(Cursor::read(&URL_SAFE_NO_PAD.encode(bytes)).unwrap(), Some(cursor));
    }

    #[test]
    fn what_nobody_gave_out_is_refused_and_another_form_starts_over() {
        let text = Cursor { rights: 1, base: Some(point_at(7)), next: None, pushed: None }.write();
        for wrong in ["", "!", "AQ", &text[1..], &text[..text.len() - 4], &format!("{text}AAAA")] {
            assert!(!matches!(Cursor::read(wrong), Ok(Some(_))), "{wrong}");
        }
        assert_eq!(Cursor::read(&format!("Ag{}", &text[2..])).unwrap(), None);
    }
}
