//! Tables to be written.

use super::form::{Column, Form};
use super::forms::Cells;
use super::guidance::is_required;
use super::value::Output;

/// A table to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its form.
    pub form: Form,
    /// True for headers and sheet names in Chinese.
    pub chinese: bool,
    /// True for a table to be filled in: it marks the columns that every row must fill.
    pub is_template: bool,
    /// Its rows.
    pub rows: Vec<Cells>,
}

impl Sheet {
    /// The name of the sheet.
    pub fn name(&self) -> &'static str {
        if self.chinese { self.form.layout().zh } else { self.form.name() }
    }

    /// Its columns; a template has none for JSON, which nobody fills in.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static Column> {
        self.form.layout().columns.iter().filter(|column| !self.is_template || column.key != "document")
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = String> {
        self.columns().map(|column| {
            let name = if self.chinese { column.zh } else { column.key };
            let mark = if self.is_template && is_required(self.form, column.key) { "*" } else { "" };
            format!("{name}{mark}")
        })
    }

    /// The cells of a row in the order of the columns.
    pub(crate) fn ordered<'a>(&self, row: &'a Cells) -> impl Iterator<Item = &'a Output> {
        self.columns()
            .map(|column| row.iter().find(|(key, _)| *key == column.key).map_or(&Output::Empty, |(_, cell)| cell))
    }
}
