//! The files of long answers: without a name, gone with their last reader, and with the process.
//!
//! A table is written into one at full speed, from one snapshot, and sent from there. So it takes the same little memory
//! however long it is; a client that reads slowly holds a file, and no connection to the database; a failure before the end is
//! a problem like any other, since no byte is sent yet; and its length and its tag are known. What is short stays in memory.

use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::HttpResponseBuilder;
use actix_web::body::SizedStream;
use actix_web::web::Bytes;
use futures_util::stream::try_unfold;
use sha2::{Digest as _, Sha256};
use tempfile::{SpooledData, SpooledTempFile, spooled_tempfile_in};
use tokio::time::Instant;

/// The bytes of an answer that are kept in memory.
const IN_MEMORY: usize = 512 * 1024;

/// The bytes that are read from a file at once.
const PART: usize = 64 * 1024;

/// The bounds of the files of all answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileBounds {
    /// The most bytes of all files together.
    pub most: u64,
    /// The time for a client to take an answer from its file.
    pub sending: Duration,
}

impl Default for FileBounds {
    fn default() -> Self {
        Self { most: 4_096 * 1024 * 1024, sending: Duration::from_secs(3_600) }
    }
}

/// The folder of the files, with their bounds; clones share them.
#[derive(Clone, Debug)]
pub struct AnswerFiles {
    folder: Arc<Path>,
    bounds: FileBounds,
    taken: Arc<AtomicU64>,
}

impl AnswerFiles {
    /// Files in a folder, which must exist by the time of the first long answer.
    pub fn new(folder: impl Into<PathBuf>, bounds: FileBounds) -> Self {
        Self { folder: folder.into().into(), bounds, taken: Arc::default() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The bytes that all files take now.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Room for what an answer takes on the disk.
    pub fn room(&self) -> Room {
        Room { files: self.clone(), bytes: 0 }
    }

    /// A new file.
    pub fn create(&self) -> AnswerFile {
        let file = spooled_tempfile_in(IN_MEMORY, &self.folder);
        AnswerFile { file, digest: Sha256::new(), length: 0, room: self.room() }
    }
}

/// A reason why an answer has no room on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRoom {
    /// It alone takes more than all may.
    #[error("the answer takes more than {0} MB on the disk")]
    TooLong(i64),
    /// Others take it.
    #[error("other answers take the room on the disk")]
    Taken,
}

/// The room that an answer takes on the disk; returned when dropped.
#[derive(Debug)]
pub struct Room {
    files: AnswerFiles,
    bytes: u64,
}

impl Room {
    /// Takes room for so many bytes in all.
    ///
    /// # Errors
    /// [`NoRoom`], as an error of input and output.
    pub fn grow(&mut self, bytes: u64) -> io::Result<()> {
        let more = bytes.saturating_sub(self.bytes);
        let most = self.files.bounds.most;
        if bytes > most {
            let megabytes = i64::try_from(most / 1024 / 1024).unwrap_or(i64::MAX);
            return Err(io::Error::other(NoRoom::TooLong(megabytes)));
        }
        let with_more = |taken: u64| taken.checked_add(more).filter(|all| *all <= most);
        let grown = self.files.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, with_more);
        grown.map_err(|_| io::Error::other(NoRoom::Taken))?;
        self.bytes += more;
        Ok(())
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.files.taken.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// An answer that is being written.
pub struct AnswerFile {
    file: SpooledTempFile,
    digest: Sha256,
    length: u64,
    room: Room,
}

impl Write for AnswerFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.length.saturating_add(u64_of(bytes.len()));
        if length > u64_of(IN_MEMORY) {
            self.room.grow(length)?;
        }
        self.file.write_all(bytes)?;
        self.digest.update(bytes);
        self.length = length;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl AnswerFile {
    /// The answer, once all of it is written.
    ///
    /// # Errors
    /// If the file fails.
    pub fn finish(mut self) -> io::Result<WrittenAnswer> {
        self.file.seek(SeekFrom::Start(0))?;
        Ok(WrittenAnswer {
            sha256: self.digest.finalize().to_vec(),
            length: self.length,
            content: self.file.into_inner(),
            room: self.room,
        })
    }
}

/// An answer that is written, and can be sent.
pub struct WrittenAnswer {
    /// The SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    length: u64,
    content: SpooledData,
    room: Room,
}

impl WrittenAnswer {
    /// Sends it, part by part as the client takes them. A client that has not taken all of it in time is cut off.
    pub fn send(self, mut response: HttpResponseBuilder) -> HttpResponse {
        let Self { length, content, room, .. } = self;
        let file = match content {
            SpooledData::InMemory(bytes) => return response.body(bytes.into_inner()),
            SpooledData::OnDisk(file) => file,
        };
        let end = Instant::now() + room.files.bounds.sending;
        // The room is returned with the file.
        let parts = try_unfold((file, length, room), move |(file, left, room)| async move {
            if left == 0 {
                return Ok(None);
            }
            if Instant::now() > end {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "the answer is taken too slowly"));
            }
            let reading = tokio::task::spawn_blocking(move || read_part(file, left));
            let (file, bytes) = reading.await.map_err(io::Error::other)??;
            let left = left.saturating_sub(u64_of(bytes.len()));
            Ok(Some((bytes, (file, left, room))))
        });
        response.body(SizedStream::new(length, parts))
    }
}

fn read_part(mut file: std::fs::File, left: u64) -> io::Result<(std::fs::File, Bytes)> {
    let length = usize::try_from(left).unwrap_or(usize::MAX).min(PART);
    let mut part = vec![0; length];
    file.read_exact(&mut part)?;
    Ok((file, part.into()))
}

fn u64_of(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use actix_web::body::MessageBody as _;
    use futures_util::future::poll_fn;
    use std::pin::Pin;

    use super::*;

    fn bounded(most: u64, sending: Duration) -> (tempfile::TempDir, AnswerFiles) {
        let folder = tempfile::tempdir().unwrap();
        let files = AnswerFiles::new(folder.path(), FileBounds { most, sending });
        (folder, files)
    }

    fn written(files: &AnswerFiles, bytes: &[u8]) -> io::Result<WrittenAnswer> {
        let mut file = files.create();
        bytes.chunks(1_000).try_for_each(|some| file.write_all(some))?;
        file.finish()
    }

    fn long() -> Vec<u8> {
        (0..IN_MEMORY * 3 + 7).map(|number| u8::try_from(number % 251).unwrap()).collect()
    }

    #[tokio::test]
    async fn a_long_answer_lies_in_a_file_without_a_name_and_is_sent_whole() {
        let (folder, files) = bounded(10_000_000, Duration::from_secs(60));
        let bytes = long();
        let answer = written(&files, &bytes).unwrap();
        assert_eq!(answer.sha256, Sha256::digest(&bytes).to_vec());
        assert_eq!(files.taken(), u64_of(bytes.len()));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let body = answer.send(HttpResponse::Ok()).into_body();
        assert_eq!(body.size(), actix_web::body::BodySize::Sized(u64_of(bytes.len())));
        assert!(actix_web::body::to_bytes(body).await.unwrap() == bytes);
        assert_eq!(files.taken(), 0);
    }

    #[tokio::test]
    async fn a_short_answer_takes_no_room_on_the_disk() {
        let (_folder, files) = bounded(0, Duration::from_secs(60));
        let answer = written(&files, &[7; IN_MEMORY]).unwrap();
        assert_eq!(
            actix_web::body::to_bytes(answer.send(HttpResponse::Ok()).into_body()).await.unwrap().len(),
            IN_MEMORY
        );
    }

    #[tokio::test]
    async fn a_client_that_goes_away_or_takes_too_long_returns_the_room() {
        let (_folder, files) = bounded(10_000_000, Duration::ZERO);
        let mut body = written(&files, &long()).unwrap().send(HttpResponse::Ok()).into_body();
        tokio::time::sleep(Duration::from_millis(5)).await;
        let next = poll_fn(|context| Pin::new(&mut body).poll_next(context)).await;
        assert!(next.unwrap().is_err(), "it is late");
        drop(body);
        assert_eq!(files.taken(), 0);

        let (_folder, files) = bounded(10_000_000, Duration::from_secs(60));
        let mut body = written(&files, &long()).unwrap().send(HttpResponse::Ok()).into_body();
        let next = poll_fn(|context| Pin::new(&mut body).poll_next(context)).await;
        assert_eq!(next.unwrap().unwrap().len(), PART);
        assert!(files.taken() > 0);
        drop(body);
        assert_eq!(files.taken(), 0);
    }

    #[test]
    fn all_answers_together_have_a_bound() {
        let (_folder, files) = bounded(u64_of(long().len()) + 10, Duration::from_secs(60));
        let no_room = |error: io::Error| *error.get_ref().unwrap().downcast_ref::<NoRoom>().unwrap();
        let first = written(&files, &long()).unwrap();
        assert_eq!(no_room(written(&files, &long()).err().unwrap()), NoRoom::Taken);
        drop(first);
        assert!(written(&files, &long()).is_ok());
        let twice = [long(), long()].concat();
        assert!(matches!(no_room(written(&files, &twice).err().unwrap()), NoRoom::TooLong(_)));
        assert_eq!(files.taken(), 0);
    }
}
