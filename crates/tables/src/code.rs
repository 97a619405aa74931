//! Codes as spreadsheet programs write them: with invisible characters, or changed into numbers.

use domain::barcode::{check_digit_is_right, has_gtin_form};

/// The number of digits of a number that a spreadsheet program keeps.
const KEPT_DIGITS: usize = 15;

/// True for characters of no width, and for direction marks.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The first invisible character of a code.
pub(crate) fn invisible_sign(code: &str) -> Option<char> {
    code.chars().find(|character| is_invisible(*character))
}

/// The visible characters of a code.
pub(crate) fn visible(code: &str) -> String {
    code.chars().filter(|character| !is_invisible(*character)).collect()
}

/// True for the digits of a number in a workbook of which the last ones were lost.
pub(crate) fn has_lost_digits(number: &str) -> bool {
    number.bytes().filter(u8::is_ascii_digit).count() > KEPT_DIGITS
}

/// True for a code that a spreadsheet program changed into a power of ten, such as `6.90123E+12`.
pub(crate) fn is_mangled(code: &str) -> bool {
    power_of_ten(code).is_some()
}

/// The digits of a number written as a power of ten, and the power: `6.90123E+12`.
fn power_of_ten(text: &str) -> Option<(String, usize)> {
    let (digits, power) = text.split_once(['e', 'E'])?;
    let power = power.strip_prefix('+').filter(|power| power.len() <= 3)?.parse().ok()?;
    let (first, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let is_written_so = first.len() == 1 && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_written_so.then(|| (format!("{first}{rest}"), power))
}

/// A barcode as read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Barcode {
    /// It is used as it is.
    Good(String),
    /// It was changed, and its check digit shows the original.
    Repaired(String),
    /// It was changed, and some digits are lost.
    Lost,
}

/// The character before a barcode that is to be read as it is, even if it looks like a changed one.
const AS_IT_IS: char = '\'';

/// Reads a barcode; `is_number` is true for a cell that a workbook stores as a number, without leading zeros.
pub(crate) fn barcode(text: &str, is_number: bool) -> Barcode {
    if let Some(rest) = text.strip_prefix(AS_IT_IS) {
        return Barcode::Good(rest.to_owned());
    }
    if let Some((digits, power)) = power_of_ten(text) {
        let zeros = (power + 1).checked_sub(digits.len()).filter(|_| power < 20);
        // All digits must be there: zeros at the end are digits that the program no longer showed.
        return match zeros {
            Some(0) if is_gtin(&digits) => Barcode::Repaired(digits),
            Some(0) => padded(&digits).map_or(Barcode::Lost, Barcode::Repaired),
            _ => Barcode::Lost,
        };
    }
    if let Some((digits, "" | "0" | "00")) = text.split_once('.').filter(|(digits, _)| is_digits(digits)) {
        let whole = Some(digits.to_owned()).filter(|digits| is_gtin(digits)).or_else(|| padded(digits));
        return whole.map_or(Barcode::Lost, Barcode::Repaired);
    }
    if is_digits(text) && !has_gtin_form(text) {
        return match padded(text) {
            Some(whole) => Barcode::Repaired(whole),
            None if is_number => Barcode::Lost,
            None => Barcode::Good(text.to_owned()),
        };
    }
    Barcode::Good(text.to_owned())
}

/// Returns a barcode in the form in which [`barcode`] reads it unchanged.
pub(crate) fn written(code: &str) -> String {
    if barcode(code, false) == Barcode::Good(code.to_owned()) { code.to_owned() } else { format!("{AS_IT_IS}{code}") }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_gtin(digits: &str) -> bool {
    has_gtin_form(digits) && check_digit_is_right(digits)
}

/// The GTIN that lost its leading zero. One that would have lost more may be a short code of one's own.
fn padded(digits: &str) -> Option<String> {
    Some(format!("0{digits}")).filter(|whole| is_gtin(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_barcode_is_mended_where_its_check_digit_proves_it() {
        let repaired = |code: &str| Barcode::Repaired(code.to_owned());
        let good = |code: &str| Barcode::Good(code.to_owned());
        for (text, expected) in [
            ("6901234567892", good("6901234567892")),
            ("6.901234567892E+12", repaired("6901234567892")),
            ("6.90123E+12", Barcode::Lost),
            ("6901234567892.0", repaired("6901234567892")),
            ("6901234567893.0", Barcode::Lost),
            ("12345678905", repaired("012345678905")),
            ("9638507", good("9638507")),
            ("1234565", repaired("01234565")),
            // Own codes that end in what would be a check digit.
            ("123457", good("123457")),
            ("1234567895", good("1234567895")),
            ("STORE-12", good("STORE-12")),
            ("'12345678905", good("12345678905")),
            // Its check digit is wrong, which the rule book reports.
            ("6901234567893", good("6901234567893")),
        ] {
            assert_eq!(barcode(text, false), expected, "{text}");
        }
        for number in ["12345678904", "123457", "1234567895"] {
            assert_eq!(barcode(number, true), Barcode::Lost, "{number}");
        }
        for code in ["12345678905", "6901234567892", "6.9E+12", "STORE", "'x", "1.0"] {
            assert_eq!(barcode(&written(code), false), good(code), "{code}");
        }
    }

    #[test]
    fn signs_that_nobody_sees_are_found() {
        for code in ["X\u{200b}1", "\u{202e}X1", "X1\u{feff}", "X\u{ad}1"] {
            assert!(invisible_sign(code).is_some());
            assert_eq!(visible(code), "X1");
        }
        assert_eq!(invisible_sign("L2010101-甲"), None);
        assert!(is_mangled("1.5E+10") && is_mangled("1E+05") && !is_mangled("1E5") && !is_mangled("E+5"));
        assert!(has_lost_digits("1234567890123456") && !has_lost_digits("123456789012345"));
    }
}
