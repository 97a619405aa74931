//! Cells of the tables of figures: one header row; in English the names of fields and codes, for programs, in Chinese in
//! words, for people.

use std::marker::PhantomData;

use serde::Serialize;

use base::error::Error;
use domain::interval::Interval;
use domain::labels::{Labelled, unit_label};
use tables::Output;
use text::language::Language;
use text::messages::{Message, message};

/// A code as it appears in a table of the language.
pub fn word<C: Labelled + Copy>(code: C, language: Language) -> String {
    match language {
        Language::English => code.into().to_owned(),
        Language::Chinese => code.label().text(language),
    }
}

/// A unit as it appears in a table of the language.
pub fn unit(unit: &str, language: Language) -> String {
    match language {
        Language::English => unit.to_owned(),
        Language::Chinese => unit_label(unit).text(language),
    }
}

/// A word with the details that are there.
pub fn named(word: String, details: &[&str], language: Language) -> String {
    let details: Vec<&str> = details.iter().copied().filter(|detail| !detail.is_empty()).collect();
    match (details.is_empty(), language) {
        (true, _) => word,
        (false, Language::English) => format!("{word} {}", details.join(" ")),
        (false, Language::Chinese) => format!("{word}（{}）", details.join(" ")),
    }
}

/// Several things in one cell.
pub fn joined(parts: impl IntoIterator<Item = String>, language: Language) -> String {
    parts.into_iter().collect::<Vec<_>>().join(language.choose("; ", "；"))
}

/// The upper end of an interval; a word if it has none.
pub fn upper(interval: Interval, language: Language) -> String {
    interval.max.map_or_else(|| message!("cell-unbounded").text(language), |max| max.to_string())
}

/// The columns of a table of rows of a kind, of which it has those whose names are wanted.
#[derive(Debug)]
pub struct Columns<Row> {
    wanted: Vec<bool>,
    headers: Vec<String>,
    of: PhantomData<fn(Row)>,
}

impl<Row: Default + Serialize> Columns<Row> {
    /// The columns in a language.
    pub fn new(language: Language, is_wanted: impl Fn(&str) -> bool) -> Result<Self, Error> {
        let names = fields(&Row::default(), true)?;
        let wanted: Vec<bool> = names.iter().map(is_wanted).collect();
        let header = |(name, _)| Message::new(format!("column-{name}")).text(language);
        let headers = names.iter().zip(&wanted).filter(|(_, is_wanted)| **is_wanted).map(header).collect();
        Ok(Self { wanted, headers, of: PhantomData })
    }

    /// Their names.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The cells of a row.
    pub fn cells(&self, row: &Row) -> Result<Vec<Output>, Error> {
        let record = fields(row, false)?;
        let cells = record.iter().zip(&self.wanted).filter(|(_, is_wanted)| **is_wanted);
        Ok(cells.map(|(cell, _)| Output::from(cell)).collect())
    }
}

/// The fields of a row as texts, or their names.
fn fields<T: Serialize>(row: &T, names: bool) -> Result<csv::StringRecord, Error> {
    let failed = |error: csv::Error| Error::internal("a table cannot be written", error);
    let mut writer = csv::WriterBuilder::new().has_headers(names).from_writer(Vec::new());
    writer.serialize(row).map_err(failed)?;
    let line = writer.into_inner().map_err(|error| Error::internal("a table cannot be written", error.into_error()))?;
    let mut record = csv::StringRecord::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_slice());
    reader.read_record(&mut record).map_err(failed)?;
    Ok(record)
}
