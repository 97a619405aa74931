//! The bounds of one import, used up while files are read and before memory is allocated: no size that a file claims is
//! trusted.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use tokio_util::sync::CancellationToken;

use crate::form::Form;

/// The maximum size of a file in bytes.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The maximum size of one of the project's own JSON files in bytes: its values take many times the memory of its text.
pub(crate) const MOST_JSON_BYTES: usize = 2 * 1024 * 1024;

/// The maximum number of columns of a table.
pub(crate) const COLUMNS: usize = 1_024;

/// The maximum number of rows of a table, and the highest row number.
pub(crate) const ROWS: usize = 100_000;

/// The maximum number of cells of all tables, including those that merged cells cover.
pub(crate) const CELLS: usize = 2_000_000;

/// The maximum number of rows of all tables that become entries; in facts every filled cell is an entry.
pub(crate) const ENTRIES: usize = 50_000;

/// The maximum length of a number or day, in bytes.
pub(crate) const LONGEST_NUMBER: usize = 100;

/// The maximum number of entries of a form. The entries of some forms are each compared with all others.
pub(crate) fn most_entries(form: Form) -> usize {
    match form {
        Form::Dictionary | Form::Standards => 2_000,
        Form::Regions | Form::ItemClasses => 5_000,
        Form::Rules | Form::Adoptions => 10_000,
        Form::Targets | Form::ItemAnswers => 20_000,
        Form::Items | Form::Organizations | Form::Facts | Form::Depots | Form::Ledger | Form::Counts => ENTRIES,
    }
}

/// The maximum size of the text of all entries in bytes.
pub(crate) const TEXT: usize = 12 * 1024 * 1024;

/// The maximum size of the text of one cell in bytes; a spreadsheet program allows 32,767 characters.
pub(crate) const CELL_TEXT: usize = 128 * 1024;

/// The maximum number of bytes of a workbook that are unpacked.
pub(crate) const UNPACKED: u64 = 256 * 1024 * 1024;

/// The maximum memory for a byte of a condition or a JSON document, as a multiple of it.
pub(crate) const PARSED: usize = 16;

/// The cause why reading ends early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TableFault {
    /// Nobody waits for the result any more.
    Stopped,
    /// The workbook is broken, or is not a workbook.
    Broken(String),
    /// The workbook is protected by a password.
    Encrypted,
    /// The workbook unpacks to more than [`UNPACKED`] bytes, or has more parts than any program writes.
    Bomb,
    /// A table has more than [`ROWS`], [`COLUMNS`] or [`CELLS`].
    TableTooLarge,
    /// All tables together have more entries than the given number, or more than [`TEXT`].
    ImportTooLarge(usize),
    /// A quote opened on this line and never closed.
    QuoteNotClosed(u64),
    /// A quote closed on this line, with more text before the next separator.
    QuoteFollowed(u64),
}

/// The bounds that are left.
pub(crate) struct Budget {
    cells: Cell<usize>,
    entries: Cell<usize>,
    of_form: RefCell<BTreeMap<Form, usize>>,
    text: Cell<usize>,
    unpacked: Cell<u64>,
    stop: CancellationToken,
}

impl Budget {
    /// The full bounds; the work ends once `stop` is cancelled.
    pub(crate) fn new(stop: CancellationToken) -> Self {
        Self {
            cells: Cell::new(CELLS),
            entries: Cell::new(ENTRIES),
            of_form: RefCell::default(),
            text: Cell::new(TEXT),
            unpacked: Cell::new(UNPACKED),
            stop,
        }
    }

    /// Checks that somebody still waits for the result.
    pub(crate) fn go_on(&self) -> Result<(), TableFault> {
        if self.stop.is_cancelled() { Err(TableFault::Stopped) } else { Ok(()) }
    }

    /// Uses up cells.
    pub(crate) fn take_cells(&self, number: usize) -> Result<(), TableFault> {
        self.go_on()?;
        take(&self.cells, number).ok_or(TableFault::TableTooLarge)
    }

    /// Uses up entries of a form.
    pub(crate) fn take_entries(&self, form: Form, number: usize) -> Result<(), TableFault> {
        take(&self.entries, number).ok_or(TableFault::ImportTooLarge(ENTRIES))?;
        let mut of_form = self.of_form.borrow_mut();
        let taken = of_form.entry(form).or_default();
        *taken += number;
        if *taken > most_entries(form) { Err(TableFault::ImportTooLarge(most_entries(form))) } else { Ok(()) }
    }

    /// Uses up the bytes of a text that is kept; `false` if there are none left.
    pub(crate) fn take_text(&self, bytes: usize) -> bool {
        let is_left = take(&self.text, bytes).is_some();
        if !is_left {
            self.text.set(0);
        }
        is_left
    }

    /// True if there is something left for texts.
    pub(crate) fn has_text(&self) -> bool {
        self.text.get() > 0
    }

    /// Uses up bytes that were unpacked; `false` if there are none left.
    pub(crate) fn take_unpacked(&self, bytes: usize) -> bool {
        let left = self.unpacked.get().checked_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
        self.unpacked.set(left.unwrap_or(0));
        left.is_some()
    }
}

fn take(left: &Cell<usize>, number: usize) -> Option<()> {
    left.set(left.get().checked_sub(number)?);
    Some(())
}
