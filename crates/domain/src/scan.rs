//! Scans: the text of a barcode scanner, read as a barcode with its lot, days and serial number.
//!
//! A scanner may put a symbology identifier before the text (`]C1`), separate elements by FNC1, sent as GS (0x1D), and end
//! with CR or LF. Element strings are those of the GS1 General Specifications, with and without brackets.

use chrono::{Datelike as _, Months, NaiveDate};
use validator::ValidationError;

use super::barcode;
use base::error::Fault;
use text::messages::message;

/// The group separator, which scanners send for FNC1.
const SEPARATOR: char = '\u{1d}';

/// The largest number of characters in a scan.
pub const LONGEST: usize = 256;

/// A scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// The barcode in canonical form: a GTIN of 14 digits, or another code; empty if the elements contain none.
    pub barcode: String,
    /// The lot number (10).
    pub lot: Option<String>,
    /// The expiry day (17).
    pub expires_on: Option<NaiveDate>,
    /// The production day (11).
    pub made_on: Option<NaiveDate>,
    /// The serial number (21).
    pub serial: Option<String>,
}

/// Refuses control characters that no scanner sends.
///
/// # Errors
/// For any but GS, CR, LF and tab.
pub fn is_scan(text: &str) -> Result<(), ValidationError> {
    let unwanted = |c: char| c.is_control() && !matches!(c, SEPARATOR | '\r' | '\n' | '\t');
    if text.contains(unwanted) { Err(ValidationError::new("control_character")) } else { Ok(()) }
}

/// The reasons why a scan cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanFault {
    /// The text is empty, or contains characters that no scanner sends.
    Unreadable,
    /// The check digit of the GTIN is wrong.
    CheckDigit(String),
    /// An element is too short or too long, or has a character that is not allowed in it.
    Element(String),
    /// An element contains a day that does not exist.
    Day(String),
}

impl ScanFault {
    /// The fault of an input field that contains a scan.
    pub fn at(self, pointer: &str) -> Fault {
        match self {
            Self::Unreadable => Fault::new(pointer, "unreadable", message!("scan-unreadable")),
            Self::CheckDigit(gtin) => {
                Fault::new(pointer, "check_digit", message!("item-barcode-check-digit", barcode = gtin))
            }
            Self::Element(element) => {
                Fault::new(pointer, "broken_element", message!("scan-element", element = element))
            }
            Self::Day(day) => Fault::new(pointer, "not_a_day", message!("scan-day", day = day)),
        }
    }
}

impl Scan {
    /// Reads a scan. The century of two-digit years is chosen by the present day.
    ///
    /// # Errors
    /// The fault, so that nobody gets a wrong item or lot instead.
    pub fn read(sent: &str, today: NaiveDate) -> Result<Self, ScanFault> {
        let (text, is_gs1) = bare(sent);
        if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(|c| c.is_control() && c != SEPARATOR) {
            return Err(ScanFault::Unreadable);
        }
        if text.starts_with('(') {
            return Self::of(bracketed(text)?, today);
        }
        if is_gs1 || text.contains(SEPARATOR) {
            return Self::of(elements(text)?, today);
        }
        let code = barcode::normal(text);
        // Without an identifier, only a text that begins with a GTIN is read as elements; if it does not fit, it is
        // another code.
        if code.starts_with("01")
            && code.get(2..16).is_some_and(is_number)
            && let Ok(found) = elements(&code)
        {
            return Self::of(found, today);
        }
        Self::of_code(&code)
    }

    /// A scan that consists of a code only.
    fn of_code(code: &str) -> Result<Self, ScanFault> {
        if barcode::has_gtin_form(code) && !barcode::check_digit_is_right(code) {
            return Err(ScanFault::CheckDigit(code.to_owned()));
        }
        Ok(Self { barcode: barcode::canonical(code), ..Self::default() })
    }

    fn of(elements: Vec<(String, String)>, today: NaiveDate) -> Result<Self, ScanFault> {
        let mut scan = Self::default();
        for (identifier, value) in elements {
            match identifier.as_str() {
                "01" => scan.barcode = Self::of_code(&value)?.barcode,
                "10" => scan.lot = Some(value),
                "21" => scan.serial = Some(value),
                "11" => scan.made_on = Some(day(&value, today)?),
                "17" => scan.expires_on = Some(day(&value, today)?),
                _ => {}
            }
        }
        Ok(scan)
    }
}

/// The text without line end and symbology identifier, and true if the identifier names a GS1 symbol.
fn bare(sent: &str) -> (&str, bool) {
    let text = sent.trim_matches(|c: char| c.is_whitespace() && c != SEPARATOR);
    let symbol = text.strip_prefix(']').and_then(|rest| Some((rest.get(..2)?, rest.get(2..)?)));
    let (text, is_gs1) = match symbol {
        Some((symbol, rest)) if symbol.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            (rest, matches!(symbol, "C1" | "d2" | "e0" | "J1" | "Q3"))
        }
        _ => (text, false),
    };
    let is_led = text.starts_with(SEPARATOR);
    (text.trim_matches(SEPARATOR), is_gs1 || is_led)
}

/// The elements of a text such as `(01)06901234567892(10)B2209`. A bracket inside a value stays part of it.
fn bracketed(text: &str) -> Result<Vec<(String, String)>, ScanFault> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let broken = || ScanFault::Element(rest.to_owned());
        let (identifier, value) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or_else(broken)?;
        let identifier = barcode::normal(identifier);
        if !is_number(&identifier) || identifier_length(&identifier) != Some(identifier.len()) {
            return Err(broken());
        }
        let next = value.match_indices('(').find(|(at, _)| value.get(*at..).is_some_and(begins_element));
        let (value, after) = value.split_at_checked(next.map_or(value.len(), |(at, _)| at)).ok_or_else(broken)?;
        found.push(checked(&identifier, value.trim_matches(SEPARATOR))?);
        rest = after;
    }
    Ok(found)
}

/// True if a bracket begins the next element, with a known identifier.
fn begins_element(text: &str) -> bool {
    let inside = text.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    inside
        .is_some_and(|(identifier, _)| is_number(identifier) && identifier_length(identifier) == Some(identifier.len()))
}

/// The elements of a text without brackets: those of fixed length follow each other directly, others end at a separator.
fn elements(text: &str) -> Result<Vec<(String, String)>, ScanFault> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(SEPARATOR);
    while !rest.is_empty() {
        let broken = || ScanFault::Element(rest.to_owned());
        let length = identifier_length(rest).ok_or_else(broken)?;
        let (identifier, value) = rest.split_at_checked(length).ok_or_else(broken)?;
        if !is_number(identifier) {
            return Err(broken());
        }
        let ends = value.find(SEPARATOR).unwrap_or(value.len());
        let length = fixed_length(identifier).unwrap_or(ends);
        if length > ends {
            return Err(broken());
        }
        let (value, after) = value.split_at_checked(length).ok_or_else(broken)?;
        found.push(checked(identifier, value)?);
        rest = after.trim_start_matches(SEPARATOR);
    }
    Ok(found)
}

/// The number of digits of the application identifier that a text begins with.
fn identifier_length(text: &str) -> Option<usize> {
    Some(match text.get(..2)? {
        "00" | "01" | "02" | "03" | "04" | "10" | "11" | "12" | "13" | "15" | "16" | "17" | "20" | "21" | "22"
        | "30" | "37" => 2,
        "23" | "24" | "25" | "40" | "41" | "42" | "71" => 3,
        "31" | "32" | "33" | "34" | "35" | "36" | "39" | "43" | "70" | "72" | "80" | "81" | "82" => 4,
        first if first.starts_with('9') && is_number(first) => 2,
        _ => return None,
    })
}

/// The length of the value of an identifier that needs no separator after it (GS1 General Specifications, 7.8.5).
fn fixed_length(identifier: &str) -> Option<usize> {
    Some(match identifier.get(..2)? {
        "00" => 18,
        "01" | "02" | "03" => 14,
        "04" => 16,
        "11" | "12" | "13" | "15" | "16" | "17" | "31" | "32" | "33" | "34" | "35" | "36" => 6,
        "20" => 2,
        "41" => 13,
        _ => return None,
    })
}

/// Checks that the value of an element has a possible length, and consists of digits if it must.
fn checked(identifier: &str, value: &str) -> Result<(String, String), ScanFault> {
    let value = barcode::normal(value);
    let length = value.chars().count();
    let fits = match fixed_length(identifier) {
        Some(fixed) => length == fixed && is_number(&value),
        None if matches!(identifier, "10" | "21") => (1..=20).contains(&length),
        None => (1..=90).contains(&length),
    };
    if fits { Ok((identifier.to_owned(), value)) } else { Err(ScanFault::Element(format!("({identifier}){value}"))) }
}

/// A day of six digits, YYMMDD. Day 00 is the month's last. The century is the one in which the year is less than 50
/// years from today (GS1 General Specifications, 7.12).
fn day(value: &str, today: NaiveDate) -> Result<NaiveDate, ScanFault> {
    let fault = || ScanFault::Day(value.to_owned());
    let part = |at: std::ops::Range<usize>| value.get(at).and_then(|digits| digits.parse::<u32>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0..2), part(2..4), part(4..6)) else { return Err(fault()) };
    let year = i32::try_from(year).map_err(|_| fault())?;
    let century = today.year() - today.year().rem_euclid(100);
    let year = match year - today.year().rem_euclid(100) {
        51.. => century - 100 + year,
        ..-49 => century + 100 + year,
        _ => century + year,
    };
    if day > 0 {
        return NaiveDate::from_ymd_opt(year, month, day).ok_or_else(fault);
    }
    let first = NaiveDate::from_ymd_opt(year, month, 1).ok_or_else(fault)?;
    first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).ok_or_else(fault)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::day;

    fn read(sent: &str) -> Result<Scan, ScanFault> {
        Scan::read(sent, day("2026-11-23"))
    }

    const GTIN: &str = "06901234567892";

    #[test]
    fn what_scanners_send_is_read_alike() {
        let lot = || Scan {
            barcode: GTIN.to_owned(),
            lot: Some("B2209".to_owned()),
            expires_on: Some(day("2027-09-30")),
            ..Scan::default()
        };
        for sent in [
            "(01)06901234567892(17)270930(10)B2209",
            "(01)06901234567892(10)B2209(17)270930",
            "(01)06901234567892(10)B2209(17)270900",
            "]C101069012345678921727093010B2209",
            "]d201069012345678921727093010B2209\r\n",
            "]Q30106901234567892\u{1d}1727093010B2209\u{1d}\r",
            "]d2010690123456789210B2209\u{1d}17270930",
            "\u{1d}010690123456789210B2209\u{1d}17270930\n",
            "010690123456789210B2209\u{1d}17270930",
            "010690123456789217270930 10B2209".replace(' ', "").as_str(),
            "]C1(01)06901234567892(17)270930(10)B2209",
            "０１０６９０１２３４５６７８９２１７２７０９３０１０Ｂ２２０９",
        ] {
            assert_eq!(read(sent), Ok(lot()), "{sent:?}");
        }
        for sent in
            ["6901234567892", "]E06901234567892\r\n", " 6901234567892\t", "06901234567892", "]C1010690123456789 2"]
        {
            let sent = sent.replace("9 2", "92");
            assert_eq!(read(&sent), Ok(Scan { barcode: GTIN.to_owned(), ..Scan::default() }), "{sent:?}");
        }
        let whole = read("(01)06901234567892(11)260131(17)280131(10)L(2)/x(21)S-1(30)12(3103)001250").unwrap();
        assert_eq!((whole.made_on, whole.expires_on), (Some(day("2026-01-31")), Some(day("2028-01-31"))));
        assert_eq!((whole.lot.as_deref(), whole.serial.as_deref()), (Some("L(2)/x"), Some("S-1")));
        assert_eq!(read("STORE-12\r\n").unwrap().barcode, "STORE-12");
        assert_eq!(read("]C0STORE-12").unwrap().barcode, "STORE-12");
        assert_eq!(read("]C110B2209").unwrap(), Scan { lot: Some("B2209".to_owned()), ..Scan::default() });
        // It begins like elements but does not fit, so it is another code.
        assert_eq!(read("0106901234567892XYZ").unwrap().barcode, "0106901234567892XYZ");
    }

    #[test]
    fn what_cannot_be_right_is_told() {
        let element = |text: &str| ScanFault::Element(text.to_owned());
        for (sent, fault) in [
            ("", ScanFault::Unreadable),
            ("\r\n", ScanFault::Unreadable),
            ("ab\u{0}c", ScanFault::Unreadable),
            ("6901234567893", ScanFault::CheckDigit("6901234567893".to_owned())),
            ("(01)06901234567893(10)B", ScanFault::CheckDigit("06901234567893".to_owned())),
            ("]C10106901234567893", ScanFault::CheckDigit("06901234567893".to_owned())),
            ("(01)6901234567892", element("(01)6901234567892")),
            ("(01)06901234567892(17)271345", ScanFault::Day("271345".to_owned())),
            ("]C101069012345", element("01069012345")),
            ("]C1010690123456789217279", element("17279")),
            ("(01)06901234567892(10)", element("(10)")),
            ("(10)123456789012345678901", element("(10)123456789012345678901")),
            ("(ab)1", element("(ab)1")),
            ("]C199", element("(99)")),
        ] {
            assert_eq!(read(sent), Err(fault), "{sent:?}");
        }
        assert_eq!(read(&"9".repeat(LONGEST + 1)), Err(ScanFault::Unreadable));
    }

    #[test]
    fn the_century_is_the_one_that_is_near() {
        for (digits, expected) in [("000131", "2000-01-31"), ("760101", "2076-01-01"), ("770101", "1977-01-01")] {
            let scan = read(&format!("(17){digits}")).unwrap();
            assert_eq!(scan.expires_on, Some(day(expected)), "{digits}");
        }
        assert_eq!(read("(17)280200").unwrap().expires_on, Some(day("2028-02-29")));
    }
}
