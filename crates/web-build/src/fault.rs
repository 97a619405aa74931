//! A fault in a source file, with its place.

/// A fault in a source file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct Fault {
    /// The file, by its path in the folder of its kind.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The fault and how to correct it.
    pub what: String,
}

impl Fault {
    /// A fault at a byte of a text.
    pub fn at(file: &str, text: &str, byte: usize, what: impl Into<String>) -> Self {
        let before = text.as_bytes().iter().take(byte);
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        Self { file: file.to_owned(), line, what: what.into() }
    }

    /// A fault of a whole file.
    pub fn of(file: impl Into<String>, what: impl Into<String>) -> Self {
        Self { file: file.into(), line: 1, what: what.into() }
    }
}
