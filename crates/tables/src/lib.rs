//! Tables that people keep: CSV and XLSX files read into typed rows, each with the place it came from, and written again.
//!
//! Bytes in, rows and faults out: nothing here knows what is stored. A fault names the file, the sheet, the row and the
//! column as the person sees them, and what was there. Nothing is guessed: a cell that cannot be read one way only is a
//! fault, and so is a column that nobody knows, since a mistyped header must not drop a column without a word.

pub mod choices;
pub mod clauses;
mod code;
mod csv;
mod decode;
pub mod fault;
mod folding;
pub mod form;
pub mod forms;
mod guidance;
mod header;
mod json;
mod limits;
mod line;
mod lines;
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
pub use read::{Input, Options, Tables, read};
pub use row::Placed;
pub use sheet::Sheet;
pub use value::{Output, Value};
pub use write::{CsvWriter, Encoding, Format, write_csv, write_xlsx};

#[cfg(test)]
mod tests;
