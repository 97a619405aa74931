//! Reading of a data file, with errors that name the file and the place.

use serde::de::DeserializeOwned;

/// A data file: its name, as in `data/`, and its text.
pub(super) type File = (&'static str, &'static str);

/// The reason why a data file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("data/{file}, {place}: {problem}")]
pub struct ReferenceError {
    /// The file.
    pub file: &'static str,
    /// The place in it: a line, or the path to a value.
    pub place: String,
    /// The problem.
    pub problem: String,
}

impl ReferenceError {
    /// A problem at a place of a file.
    pub(super) fn new((file, _): File, place: impl Into<String>, problem: impl ToString) -> Self {
        Self { file, place: place.into(), problem: problem.to_string() }
    }
}

/// Reads a JSON file. An error names the path to the value, such as `rules[3].quantity`, and its line.
pub(super) fn json<T: DeserializeOwned>(file: File) -> Result<T, ReferenceError> {
    let mut reader = serde_json::Deserializer::from_str(file.1);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| ReferenceError::new(file, error.path().to_string(), error.into_inner()))?;
    reader.end().map_err(|error| ReferenceError::new(file, "after its end", error))?;
    Ok(value)
}

/// Reads a CSV file with a header; each row comes with its line number.
pub(super) fn csv<T: DeserializeOwned>(file: File) -> Result<Vec<(u64, T)>, ReferenceError> {
    let mut reader = ::csv::Reader::from_reader(file.1.as_bytes());
    let headers = reader.headers().map_err(|error| ReferenceError::new(file, "line 1", error))?.clone();
    reader
        .records()
        .map(|record| {
            let record = record.map_err(|error| ReferenceError::new(file, "some line", error))?;
            let line = record.position().map_or(0, ::csv::Position::line);
            let row = record.deserialize(Some(&headers));
            row.map(|row| (line, row)).map_err(|error| ReferenceError::new(file, format!("line {line}"), error))
        })
        .collect()
}
