//! The cells of a sheet, row by row: never laid out as a rectangle, so a stray cell in the last row costs nothing.

use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::layout::{Area, Layout};
use super::number::{as_shown, day_of};
use super::styles::{NumberFormat, Styles, power_of_ten, shown};
use super::xml::{Xml, attribute, is_set, number, push};
use crate::limits::{Budget, CELL_TEXT, COLUMNS, ROWS, TableFault};
use crate::line::{Line, Merged};
use crate::value::Value;

/// The parts of a workbook that its sheets share.
pub(super) struct Shared {
    pub strings: Vec<Value>,
    pub styles: Styles,
    /// True if days are counted from 1904.
    pub is_1904: bool,
}

/// The rows of a sheet.
pub(crate) struct Rows<'a> {
    xml: Xml<'a>,
    shared: &'a Shared,
    budget: &'a Budget,
    layout: Layout,
    /// Merged areas that began above or in the current row, with the value of their first cell.
    open: Vec<(Area, Value)>,
    /// The number of the current row, from 1.
    row: u32,
    is_over: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn of(xml: Xml<'a>, shared: &'a Shared, layout: Layout, budget: &'a Budget) -> Self {
        Self { xml, shared, budget, layout, open: Vec::new(), row: 0, is_over: false }
    }

    /// Reads the next row with something in it.
    fn row(&mut self) -> Result<Option<Line>, TableFault> {
        loop {
            let start = match self.xml.next()? {
                None => return Ok(None),
                Some(Event::End(tag)) if tag.local_name().as_ref() == "sheetData" => return Ok(None),
                Some(Event::Start(tag)) if tag.local_name().as_ref() == "row" => {
                    (number(&tag, "r"), is_set(&tag, "hidden"))
                }
                Some(_) => continue,
            };
            let (at, is_hidden) = start;
            let at = at.unwrap_or(self.row.saturating_add(1));
            if at <= self.row {
                return Err(TableFault::Broken(format!("row {at} follows row {}", self.row)));
            }
            self.row = at;
            self.budget.go_on()?;
            let mut cells = self.cells()?;
            if cells.is_empty() {
                continue;
            }
            if usize::try_from(at).unwrap_or(usize::MAX) > ROWS {
                return Err(TableFault::TableTooLarge);
            }
            self.fill(&mut cells)?;
            let mut merged: Vec<Merged> = self.open.iter().map(|(area, _)| area.merged()).collect();
            merged.sort_by_key(|area| area.first_column);
            merged.dedup_by_key(|area| area.first_column);
            return Ok(Some(Line { number: at.into(), cells, is_hidden, merged }));
        }
    }

    fn cells(&mut self) -> Result<Vec<Value>, TableFault> {
        let mut cells = Vec::new();
        let mut column = 0_usize;
        loop {
            let cell = match self.xml.next()? {
                Some(Event::End(tag)) if tag.local_name().as_ref() == "row" => return Ok(cells),
                Some(Event::Start(tag)) if tag.local_name().as_ref() == "c" => CellTag::of(&tag),
                Some(_) => continue,
                None => return Err(TableFault::Broken("a row has no end".to_owned())),
            };
            let place = cell.column.unwrap_or(column);
            column = place.saturating_add(1);
            let value = self.value(&cell)?;
            if !value.is_empty() {
                self.put(&mut cells, place, value)?;
            }
        }
    }

    /// Puts a value into a row. The cells in between count as well, because they take memory.
    fn put(&self, cells: &mut Vec<Value>, place: usize, value: Value) -> Result<(), TableFault> {
        if place >= COLUMNS {
            return Err(TableFault::TableTooLarge);
        }
        if cells.len() <= place {
            self.budget.take_cells(place + 1 - cells.len())?;
            cells.resize(place + 1, Value::Empty);
        }
        if let Some(cell) = cells.get_mut(place) {
            *cell = value;
        }
        Ok(())
    }

    /// Reads the content of a cell, up to its end.
    fn value(&mut self, cell: &CellTag) -> Result<Value, TableFault> {
        let (mut text, mut is_formula, mut is_value) = (String::new(), false, false);
        loop {
            let inner = match self.xml.next()? {
                Some(Event::End(tag)) if tag.local_name().as_ref() == "c" => break,
                Some(Event::Start(tag)) => match tag.local_name().as_ref() {
                    "f" => Inner::Formula,
                    "v" => Inner::Value,
                    "is" => Inner::Inline,
                    _ => continue,
                },
                Some(_) => continue,
                None => return Err(TableFault::Broken("a cell has no end".to_owned())),
            };
            match inner {
                Inner::Formula => is_formula = true,
                Inner::Value => {
                    is_value = true;
                    text.clear();
                    loop {
                        match self.xml.next()? {
                            Some(Event::End(_)) => break,
                            Some(event) if text.len() <= CELL_TEXT => push(&mut text, &event),
                            Some(_) => {}
                            None => return Err(TableFault::Broken("a value has no end".to_owned())),
                        }
                    }
                }
                Inner::Inline => {
                    is_value = true;
                    self.xml.text_of("is", "rPh", &mut text)?;
                }
            }
        }
        Ok(match (is_value, is_formula) {
            (true, _) if !text.is_empty() => self.typed(cell, &text)?,
            (_, true) if cell.kind != Kind::Text => Value::Uncalculated,
            _ => Value::Empty,
        })
    }

    fn typed(&self, cell: &CellTag, text: &str) -> Result<Value, TableFault> {
        let strings = &self.shared.strings;
        Ok(match cell.kind {
            Kind::Shared => {
                let value = text.trim().parse::<usize>().ok().and_then(|number| strings.get(number));
                value.cloned().ok_or_else(|| TableFault::Broken(format!("there is no shared text {text}")))?
            }
            Kind::Text => Value::from_text(&unescaped(text)),
            Kind::Flag => Value::Flag(matches!(text.trim(), "1" | "true")),
            Kind::Error => Value::Error(text.chars().take(20).collect::<String>().into()),
            Kind::Day => match text.get(..10).map(str::parse) {
                Some(Ok(day)) if text.len() == 10 || text.get(10..).is_some_and(is_midnight) => Value::Day(day),
                _ => Value::Time(text.chars().take(40).collect::<String>().into()),
            },
            Kind::Number => match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => self.number(number, cell.style),
                _ => Value::from_text(text),
            },
        })
    }

    fn number(&self, number: f64, style: usize) -> Value {
        let exact = || Arc::<str>::from(as_shown(number));
        match self.shared.styles.format(style) {
            NumberFormat::Date => day_of(number, self.shared.is_1904),
            NumberFormat::Plain => Value::Number(exact()),
            NumberFormat::PowerOfTen(decimals) => {
                Value::Formatted { number: exact(), shown: power_of_ten(*decimals, number).into() }
            }
            NumberFormat::Pattern(places) => {
                let number = exact();
                match shown(places, &number) {
                    Some(shown) if *shown != *number => Value::Formatted { number, shown: shown.into() },
                    _ => Value::Number(number),
                }
            }
        }
    }

    /// Copies a value written once for merged cells to each of them, in rows that have cells of their own.
    fn fill(&mut self, cells: &mut Vec<Value>) -> Result<(), TableFault> {
        let row = self.row - 1;
        self.open.retain(|(area, _)| area.last_row >= row);
        while let Some(area) = self.layout.next_merged(row) {
            // An area whose first row has no cells of its own covers nothing.
            if area.first_row == row
                && let Some(value) = cells.get(area.first_column).filter(|value| !value.is_empty())
            {
                self.open.push((area, value.clone()));
            }
        }
        // An area costs as much as a cell, even if it fills none.
        self.budget.take_cells(self.open.len())?;
        for (area, value) in std::mem::take(&mut self.open) {
            for column in area.first_column..=area.last_column.min(COLUMNS - 1) {
                if cells.get(column).is_none_or(Value::is_empty) {
                    self.put(cells, column, value.clone())?;
                }
            }
            self.open.push((area, value));
        }
        Ok(())
    }

    /// The hidden columns, which are left out.
    pub(crate) fn hidden_columns(&self) -> &[(usize, usize)] {
        &self.layout.hidden_columns
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Line, TableFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let row = self.row().transpose();
        self.is_over = !matches!(row, Some(Ok(_)));
        row
    }
}

/// The elements within a cell.
enum Inner {
    Formula,
    Value,
    Inline,
}

/// The kind of a cell's value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Text,
    Flag,
    Error,
    Day,
}

struct CellTag {
    column: Option<usize>,
    style: usize,
    kind: Kind,
}

impl CellTag {
    fn of(tag: &BytesStart<'_>) -> Self {
        let kind = match attribute(tag, "t").as_deref() {
            Some("s") => Kind::Shared,
            Some("str" | "inlineStr") => Kind::Text,
            Some("b") => Kind::Flag,
            Some("e") => Kind::Error,
            Some("d") => Kind::Day,
            _ => Kind::Number,
        };
        let style = number(tag, "s").and_then(|style| usize::try_from(style).ok()).unwrap_or(0);
        Self { column: attribute(tag, "r").and_then(|place| super::layout::column_of(&place)), style, kind }
    }
}

fn is_midnight(time: &str) -> bool {
    time.trim_start_matches('T').chars().all(|character| matches!(character, '0' | ':' | '.' | 'Z'))
}

/// Decodes the characters that a workbook writes as escapes, such as `_x000D_`.
pub(super) fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let character = from.get(2..7).and_then(|digits| digits.strip_suffix('_'));
        let character = character.and_then(|digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
        match character {
            Some(character) => {
                plain.push(character);
                rest = from.get(7..).unwrap_or_default();
            }
            None => {
                plain.push_str("_x");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    plain.into()
}
