//! Tables that people keep: CSV and XLSX files read into typed rows, each with the place it came from, and written again.
//!
//! Bytes go in, rows and faults come out: this crate knows nothing of stored data. A fault names the file, the sheet, the
//! row and the column as the person sees them, and the value found there. Nothing is guessed: a cell that can be read in
//! two ways is a fault, and so is an unknown column, because a mistyped header must not silently drop a column.

mod bands;
pub mod choices;
mod clauses;
mod code;
mod count_time;
mod csv;
mod decode;
pub mod fault;
mod folding;
pub mod form;
pub mod forms;
mod guidance;
mod header;
mod json;
pub mod ledger;
mod limits;
mod line;
mod lines;
mod parts;
mod plain;
mod read;
mod row;
mod sheet;
pub mod template;
mod value;
mod write;
mod xlsx;

pub use decode::EncodingCertainty;
pub use folding::plain;
pub use limits::MOST_BYTES;
pub use lines::Lines;
pub use plain::{PlainError, PlainFormat, PlainWriter, Printed, SHEET_ROWS};
pub use read::{Input, Options, Tables, read};
pub use row::Placed;
pub use sheet::Sheet;
pub use value::{Output, Value};
pub use write::{CsvWriter, Encoding, Format, write_csv, write_xlsx};

#[cfg(test)]
mod count_tests;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;
