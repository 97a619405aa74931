//! Number formats: whether a number is a date, and which digits its cell shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_xml::events::Event;

use super::xml::{Xml, attribute, number};
use crate::limits::TableFault;

/// The maximum number of number formats and of cell formats.
const FORMATS: usize = 100_000;

/// The maximum length of a number format; spreadsheet programs allow 255 characters.
const CODE: usize = 1_024;

/// The form in which a cell shows a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NumberFormat {
    /// The number itself, or a form that changes nothing about its digits.
    Plain,
    /// A date or a time.
    Date,
    /// Digits at fixed places with other characters between them, such as `000000` or `"K-"000`.
    Pattern(Arc<[Place]>),
    /// A power of ten with a number of decimals, such as `1.23E+10`.
    PowerOfTen(usize),
}

/// The most decimals of a power of ten: spreadsheet programs keep fifteen digits.
const DECIMALS: usize = 14;

/// A place of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A digit, or 0 if the number has none there.
    Zero,
    /// A digit, or nothing if the number has none there.
    Digit,
    /// A character that is always shown.
    Character(char),
}

/// The number formats of the cells of a workbook, by the number of their style.
#[derive(Default)]
pub(super) struct Styles {
    formats: Vec<NumberFormat>,
    by_style: Vec<u32>,
}

impl Styles {
    /// Reads the part.
    pub(super) fn read(mut xml: Xml<'_>) -> Result<Self, TableFault> {
        let mut styles = Self { formats: BUILT_IN.to_vec(), by_style: Vec::new() };
        let mut own = BTreeMap::<u32, u32>::new();
        let mut is_of_cells = false;
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "numFmt" if own.len() < FORMATS => {
                        let code = attribute(&tag, "formatCode").filter(|code| code.len() <= CODE);
                        if let Some((id, code)) = number(&tag, "numFmtId").zip(code) {
                            own.insert(id, styles.add(format_of(&code)));
                        }
                    }
                    "cellXfs" => is_of_cells = true,
                    "xf" if is_of_cells && styles.by_style.len() < FORMATS => {
                        let id = number(&tag, "numFmtId").unwrap_or(0);
                        styles.by_style.push(own.get(&id).copied().unwrap_or(built_in(id)));
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => is_of_cells = false,
                _ => {}
            }
        }
        Ok(styles)
    }

    fn add(&mut self, format: NumberFormat) -> u32 {
        let known = match format {
            NumberFormat::Plain => Some(0),
            NumberFormat::Date => Some(1),
            NumberFormat::Pattern(_) | NumberFormat::PowerOfTen(_) => None,
        };
        known.unwrap_or_else(|| {
            self.formats.push(format);
            u32::try_from(self.formats.len() - 1).unwrap_or(0)
        })
    }

    /// The format of a style.
    pub(super) fn format(&self, style: usize) -> &NumberFormat {
        let format = self.by_style.get(style).and_then(|number| self.formats.get(usize::try_from(*number).ok()?));
        format.unwrap_or(&NumberFormat::Plain)
    }
}

/// The formats that need no code in the file.
const BUILT_IN: [NumberFormat; 4] =
    [NumberFormat::Plain, NumberFormat::Date, NumberFormat::PowerOfTen(2), NumberFormat::PowerOfTen(1)];

/// The place among [`BUILT_IN`] of a format that has no code in the file (ECMA-376, 18.8.30, with those of East Asia).
fn built_in(id: u32) -> u32 {
    match id {
        14..=22 | 27..=36 | 45..=47 | 50..=58 => 1,
        11 => 2,
        48 => 3,
        _ => 0,
    }
}

/// The format of a code; only its part for positive numbers counts.
fn format_of(code: &str) -> NumberFormat {
    let mut places = Vec::new();
    // The parts for digits and signs are a pattern only if there is nothing of another form.
    let mut is_pattern = true;
    let mut decimals = None;
    let mut characters = code.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ';' => break,
            '"' => places.extend(characters.by_ref().take_while(|next| *next != '"').map(Place::Character)),
            '\\' => places.extend(characters.next().map(Place::Character)),
            '_' | '*' => _ = characters.next(),
            '[' => {
                let inside: String = characters.by_ref().take_while(|next| *next != ']').collect();
                if !inside.is_empty() && inside.chars().all(|next| matches!(next.to_ascii_lowercase(), 'h' | 'm' | 's'))
                {
                    return NumberFormat::Date;
                }
            }
            '0' => {
                places.push(Place::Zero);
                decimals = decimals.map(|decimals: usize| decimals + 1);
            }
            '#' => places.push(Place::Digit),
            'E' | 'e' if matches!(characters.peek(), Some('+' | '-')) => {
                return NumberFormat::PowerOfTen(decimals.unwrap_or(0).min(DECIMALS));
            }
            '.' => {
                is_pattern = false;
                decimals = Some(0);
            }
            '-' | ' ' | '(' | ')' | '+' | ':' => places.push(Place::Character(character)),
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return NumberFormat::Date,
            'G' | 'g' => return NumberFormat::Plain,
            _ => is_pattern = false,
        }
    }
    let zeros = places.iter().filter(|place| **place == Place::Zero).count();
    let has_signs = places.iter().any(|place| matches!(place, Place::Character(_)));
    let has_digits = places.iter().any(|place| !matches!(place, Place::Character(_)));
    if is_pattern && has_digits && (zeros > 1 || has_signs) {
        NumberFormat::Pattern(places.into())
    } else {
        NumberFormat::Plain
    }
}

/// A whole number as a pattern shows it; `None` for other numbers, which a pattern would round.
pub(super) fn shown(places: &[Place], number: &str) -> Option<String> {
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut digits = number.chars().rev().filter(|_| number != "0").peekable();
    let first = places.iter().position(|place| !matches!(place, Place::Character(_)))?;
    let mut shown = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate().rev() {
        match place {
            Place::Character(character) => shown.push(*character),
            Place::Zero => shown.push(digits.next().unwrap_or('0')),
            Place::Digit => shown.extend(digits.next()),
        }
        if at == first {
            shown.extend(digits.by_ref());
        }
    }
    Some(shown.iter().rev().collect::<String>().trim().to_owned())
}

/// A number as a power of ten.
pub(super) fn power_of_ten(decimals: usize, number: f64) -> String {
    let written = format!("{number:.decimals$e}");
    let Some((digits, power)) = written.split_once('e') else { return written };
    match power.strip_prefix('-') {
        Some(power) => format!("{digits}E-{power:0>2}"),
        None => format!("{digits}E+{power:0>2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_shown_as_its_format_says() {
        for (code, number, expected) in [
            ("000000", "7", Some("000007")),
            ("000000", "1234567", Some("1234567")),
            ("\"K-\"000", "7", Some("K-007")),
            ("000\\-0000", "5551234", Some("555-1234")),
            ("0\"套\"", "12", Some("12套")),
            ("00_);(00)", "5", Some("05")),
            ("00", "0", Some("00")),
            ("00", "1.5", None),
        ] {
            let NumberFormat::Pattern(places) = format_of(code) else { panic!("{code} is no pattern") };
            assert_eq!(shown(&places, number).as_deref(), expected, "{code} {number}");
        }
        for code in ["0", "General", "0.00", "#,##0", "0%", "@", "G/通用格式", "# ?/?"] {
            assert_eq!(format_of(code), NumberFormat::Plain, "{code}");
        }
        for (code, decimals) in [("0.00E+00", 2), ("0E+0", 0), ("##0.0E+0", 1), ("0.000E-00", 3)] {
            assert_eq!(format_of(code), NumberFormat::PowerOfTen(decimals), "{code}");
        }
        assert_eq!(power_of_ten(2, 12_345_678_905.0), "1.23E+10");
        assert_eq!(power_of_ten(0, 7.0), "7E+00");
        assert_eq!(power_of_ten(1, 0.0012), "1.2E-03");
        for code in ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]m/d/yyyy", "[h]:mm", "h:mm AM/PM", "[Red]d"] {
            assert_eq!(format_of(code), NumberFormat::Date, "{code}");
        }
    }
}
