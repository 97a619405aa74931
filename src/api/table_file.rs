//! Tables as answers: written row by row into a file, from which they are sent ([`answer_files`](super::answer_files)).

use std::error::Error as StdError;
use std::io;

use actix_web::{HttpRequest, web};

use super::answer_files::{AnswerFile, AnswerFiles, NoRoom, Room, WrittenAnswer};
use super::format::Format;
use super::language;
use crate::api::state::AppState;
use base::error::Error;
use tables::{Output, PlainError, PlainFormat, PlainWriter, Printed, SHEET_ROWS};
use text::language::Language;
use text::messages::message;

/// A table that a request asks for.
pub struct NewTable {
    format: Format,
    is_marked: bool,
    files: AnswerFiles,
}

impl NewTable {
    /// The table of a request.
    ///
    /// # Errors
    /// `Internal` outside the service.
    pub fn of(request: &HttpRequest, format: Format) -> Result<Self, Error> {
        let state = request.app_data::<web::Data<AppState>>();
        let state = state.ok_or(Error::Internal("the service was built without its state", None))?;
        Ok(Self { format, is_marked: language::of(request) == Language::Chinese, files: state.files.clone() })
    }

    /// Begins it with the names of its columns.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn begin(self, headers: &[String]) -> Result<TableRows, Error> {
        self.begin_as(headers, None)
    }

    /// Begins it in the look of a table that people print, if one is given.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn begin_as(self, headers: &[String], printed: Option<&Printed>) -> Result<TableRows, Error> {
        let Self { format, is_marked, files } = self;
        let written = match format {
            Format::Xlsx => PlainFormat::Xlsx { folder: files.folder().to_owned() },
            Format::Csv | Format::Json => PlainFormat::Csv { is_marked },
        };
        let writer = match printed {
            Some(printed) => PlainWriter::printed(files.create(), &written, headers, printed),
            None => PlainWriter::new(files.create(), &written, headers),
        };
        let writer = writer.map_err(unwritten)?;
        Ok(TableRows { format, writer, unpacked: 0, room: files.room() })
    }
}

/// A table that is being written.
pub struct TableRows {
    format: Format,
    writer: PlainWriter<AnswerFile>,
    /// About the bytes of its rows until they are packed, and the room for them.
    unpacked: u64,
    room: Room,
}

impl TableRows {
    /// Adds a row.
    ///
    /// # Errors
    /// If it cannot be written; `Invalid` for a table that is too long, `Busy` where others take the room.
    pub fn add(&mut self, row: &[Output]) -> Result<(), Error> {
        let bytes = self.writer.write(row).map_err(unwritten)?;
        self.unpacked = self.unpacked.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        self.room.grow(self.unpacked).map_err(|error| unwritten(error.into()))
    }

    /// Ends it, perhaps with the position at which more follows.
    pub fn end(self, next_cursor: Option<String>) -> TableRead {
        TableRead { format: self.format, rows: self, next_cursor }
    }
}

/// A table all of whose rows are read.
pub struct TableRead {
    /// Its format.
    pub format: Format,
    rows: TableRows,
    /// The position at which more follows.
    pub next_cursor: Option<String>,
}

impl TableRead {
    /// Writes it to its end.
    ///
    /// # Errors
    /// As [`TableRows::add`].
    pub fn finish(self) -> Result<WrittenAnswer, Error> {
        let TableRows { writer, room, .. } = self.rows;
        let file = writer.finish().map_err(unwritten)?;
        drop(room);
        file.finish().map_err(|error| unwritten(error.into()))
    }
}

/// The failure of a request whose table cannot be written.
fn unwritten(error: PlainError) -> Error {
    match &error {
        PlainError::SheetFull => {
            let detail = message!("table-longer-than-a-sheet", rows = SHEET_ROWS);
            return Error::invalid("/format", "table_too_long", detail);
        }
        PlainError::Io(failed) => match no_room(failed) {
            Some(NoRoom::TooLong(most)) => {
                let detail = message!("table-too-long", most = most);
                return Error::invalid("/format", "table_too_long", detail);
            }
            Some(NoRoom::Taken) => return Error::Busy("other tables take the room on the disk"),
            None if matches!(failed.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
                // The database may lie on another disk, and take counts all the same.
                tracing::warn!(%error, "the disk of the tables is full");
                return Error::Busy("the disk of the tables is full");
            }
            None => {}
        },
        PlainError::Workbook(_) => {}
    }
    Error::internal("a table cannot be written", error)
}

/// The reason why there was no room, which writers wrap in errors of their own.
fn no_room(error: &io::Error) -> Option<NoRoom> {
    let mut cause: Option<&(dyn StdError + 'static)> = error.get_ref().map(|inner| inner as &(dyn StdError + 'static));
    while let Some(present) = cause {
        if let Some(found) = present.downcast_ref::<NoRoom>() {
            return Some(*found);
        }
        cause = match present.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => present.source(),
        };
    }
    None
}
