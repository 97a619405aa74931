//! The room for files that are imported: those that wait for their turn take memory too, so it is shared and bounded.

use tokio::sync::{Semaphore, SemaphorePermit};

use base::error::Error;

/// The size of a part of the room in bytes.
const PART: usize = 1024 * 1024;

/// The parts of the room of this process: four files of the greatest size, or many small ones. While a file is unpacked it
/// takes room for both.
static PARTS: Semaphore = Semaphore::const_new(64);

/// The room that a file takes; given back when dropped.
#[derive(Debug, Default)]
pub(super) struct Room(Vec<SemaphorePermit<'static>>);

impl Room {
    /// Takes room for a file of so many bytes.
    ///
    /// # Errors
    /// `Busy` where other files take it.
    pub(super) fn grow(&mut self, bytes: usize) -> Result<(), Error> {
        while self.0.len() * PART < bytes {
            let part = PARTS.try_acquire().map_err(|_| Error::Busy("the files being imported take too much memory"))?;
            self.0.push(part);
        }
        Ok(())
    }

    /// Gives back what a file of so many bytes does not take.
    pub(super) fn shrink(&mut self, bytes: usize) {
        self.0.truncate(bytes.div_ceil(PART));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_share_a_bounded_room() {
        let mut rooms: Vec<Room> = (0..4).map(|_| Room::default()).collect();
        assert!(rooms.iter_mut().all(|room| room.grow(16 * PART).is_ok()));
        assert!(matches!(Room::default().grow(1), Err(Error::Busy(_))));
        rooms.pop();
        let mut room = Room::default();
        assert!(room.grow(16 * PART).is_ok());
        room.shrink(PART + 1);
        assert_eq!(room.0.len(), 2);
        assert!(Room::default().grow(14 * PART).is_ok());
    }
}
