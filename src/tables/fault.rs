//! What is wrong in a file, and where.

use std::sync::Arc;

/// How many faults, and how many warnings, are told of one import; all of them are counted.
const TOLD: usize = 500;

/// A place in a file as the person who opens it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the file.
    pub file: Arc<str>,
    /// The sheet of a workbook.
    pub sheet: Option<Arc<str>>,
    /// The row of a sheet, or the line of a text file, from 1.
    pub line: Option<u64>,
    /// The column.
    pub column: Option<ColumnPlace>,
}

/// A column as the person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnPlace {
    /// Its letters in a workbook, such as `E`.
    pub letters: Option<String>,
    /// Its header.
    pub header: String,
}

impl Place {
    /// A whole file.
    pub fn file(file: &Arc<str>) -> Self {
        Self { file: Arc::clone(file), sheet: None, line: None, column: None }
    }

    /// The same with a line.
    pub fn at(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }
}

/// One thing wrong, or worth a look, in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What stands there.
    pub value: Option<String>,
    /// What is wrong, as a stable snake_case word; the words that people are told hang on it.
    pub code: &'static str,
    /// What those words name: a limit, what is accepted, and so on.
    pub arguments: Vec<(&'static str, String)>,
}

impl Fault {
    /// A fault at a place.
    pub fn new(place: Place, code: &'static str) -> Self {
        Self { place, value: None, code, arguments: Vec::new() }
    }

    /// The same with what its words name.
    pub fn with(mut self, name: &'static str, argument: impl ToString) -> Self {
        self.arguments.push((name, argument.to_string()));
        self
    }

    /// The same with what stands there.
    pub fn of(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }
}

/// Everything found: the first of them to be told, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What keeps the files from being taken.
    pub faults: Vec<Fault>,
    /// How many of those there are.
    pub fault_count: usize,
    /// What is taken all the same.
    pub warnings: Vec<Fault>,
    /// How many of those there are.
    pub warning_count: usize,
}

impl Findings {
    /// Adds a fault.
    pub fn fault(&mut self, fault: Fault) {
        self.fault_count += 1;
        if self.faults.len() < TOLD {
            self.faults.push(fault);
        }
    }

    /// Adds a warning.
    pub fn warn(&mut self, warning: Fault) {
        self.warning_count += 1;
        if self.warnings.len() < TOLD {
            self.warnings.push(warning);
        }
    }
}
