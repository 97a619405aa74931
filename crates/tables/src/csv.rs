//! CSV as people write it: separated by commas, semicolons or tabs, quoted where needed.
//!
//! This is a reader of our own because an unclosed quote must be reported with its line: a lenient reader takes the
//! rest of the file for one cell.

use super::value::Value;

/// The rows of a file with the line that each begins on.
pub(super) type Rows = Vec<(u64, Vec<Value>)>;

/// A misplaced quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuoteFault {
    /// Opened on this line and never closed.
    NotClosed(u64),
    /// Closed on this line, with more text before the next separator.
    Followed(u64),
}

/// The possible separators of cells.
pub(super) const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// The signs that make a spreadsheet program take text for a formula, and the quote that prevents it.
const FORMULA_SIGNS: [char; 9] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\''];

/// Escapes a text for a cell of a CSV file with a leading quote, so that no spreadsheet program runs it.
pub(super) fn defused(text: &str) -> String {
    if text.starts_with(FORMULA_SIGNS) { format!("'{text}") } else { text.to_owned() }
}

/// The reverse of [`defused`].
fn original(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA_SIGNS) => rest,
        _ => text,
    }
}

/// The separator declared on the first line, as Excel reads it: `sep=;`.
pub(super) fn said_separator(text: &str) -> Option<char> {
    let line = text.lines().next()?.trim_end_matches(['\r', ',', ';', '\t', '"']).trim_start_matches('"');
    let rest = text.lines().next()?.trim_start_matches('"').strip_prefix("sep=")?;
    (line.len() <= 5).then(|| rest.chars().next()).flatten()
}

/// Reads at most `most` rows. Empty rows are skipped, but their lines are counted.
pub(super) fn read(text: &str, separator: char, most: usize) -> Result<Rows, QuoteFault> {
    let mut reader = Reader { rows: Rows::new(), row: Vec::new(), cell: String::new(), line: 1, began: 1 };
    let mut characters = text.chars().peekable();
    let mut quoted: Option<u64> = None;
    let mut closed = false;
    while let Some(character) = characters.next() {
        if let Some(opened) = quoted {
            match character {
                '"' if characters.peek() == Some(&'"') => {
                    characters.next();
                    reader.cell.push('"');
                }
                '"' => (quoted, closed) = (None, true),
                _ => {
                    if character == '\n' {
                        reader.line += 1;
                    }
                    reader.cell.push(character);
                }
            }
            if characters.peek().is_none() && quoted.is_some() {
                return Err(QuoteFault::NotClosed(opened));
            }
            continue;
        }
        match character {
            _ if character == separator => {
                reader.end_cell();
                closed = false;
            }
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                reader.end_row();
                closed = false;
                if reader.rows.len() >= most {
                    return Ok(reader.rows);
                }
            }
            '"' if reader.cell.trim().is_empty() && !closed => {
                if characters.peek().is_none() {
                    return Err(QuoteFault::NotClosed(reader.line));
                }
                reader.cell.clear();
                quoted = Some(reader.line);
            }
            _ if closed && character != ' ' => return Err(QuoteFault::Followed(reader.line)),
            _ if closed => {}
            _ => reader.cell.push(character),
        }
    }
    reader.end_row();
    Ok(reader.rows)
}

struct Reader {
    rows: Rows,
    row: Vec<Value>,
    cell: String,
    /// The current line.
    line: u64,
    /// The line on which the row began.
    began: u64,
}

impl Reader {
    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        let value = match Value::from_text(&cell) {
            Value::Text(text) => Value::Text(original(&text).to_owned()),
            other => other,
        };
        self.row.push(value);
    }

    fn end_row(&mut self) {
        self.end_cell();
        let row = std::mem::take(&mut self.row);
        if row.iter().any(|value| !value.is_empty()) {
            self.rows.push((self.began, row));
        }
        self.line += 1;
        self.began = self.line;
    }
}
