//! Checks of codes, names and starting days, common to all reference data.

use std::str::FromStr;

use chrono::{Datelike as _, NaiveDate};
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use base::error::Fault;
use text::messages::message;

/// The years in which something may begin to hold. Any other year is a typing error.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// The longest code, in characters.
const LONGEST_CODE: usize = 64;

/// True if a key in a path or a body is the thing's id or code.
pub fn names<Id: FromStr + PartialEq>(key: &str, id: Id, code: &str) -> bool {
    key == code || key.parse().is_ok_and(|named: Id| named == id)
}

/// Checks a new code. Codes appear in addresses and files and are read aloud, so they consist of plain letters and
/// digits with `-`, `_` and `.` between them, and are not UUIDs, which are ids.
pub fn code_fault(pointer: &str, code: &str, longest: usize) -> Option<Fault> {
    let is_plain = code.nfkc().eq(code.chars());
    let takes = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    let good = (1..=longest.min(LONGEST_CODE)).contains(&code.chars().count())
        && is_plain
        && code.starts_with(char::is_alphanumeric)
        && code.chars().all(takes)
        && code.parse::<Uuid>().is_err();
    (!good)
        .then(|| Fault::new(pointer, "code_not_taken", message!("version-code", longest = longest.min(LONGEST_CODE))))
}

/// Checks a new key of the fact dictionary. Rules refer to it, so it is an identifier.
pub fn key_fault(pointer: &str, key: &str) -> Option<Fault> {
    let good = (1..=LONGEST_CODE).contains(&key.len())
        && key.starts_with(|first: char| first.is_ascii_lowercase())
        && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    (!good).then(|| Fault::new(pointer, "key_not_taken", message!("version-key", longest = LONGEST_CODE)))
}

/// Finds texts that are blank, or have a blank at an end, each with its pointer. A blank at an end is invisible, and
/// tables do not preserve it.
pub fn blank_faults<'a>(texts: impl IntoIterator<Item = (&'static str, &'a str)>) -> Vec<Fault> {
    let fault = |(pointer, text): (&'static str, &'a str)| match text.trim() {
        "" => Some(Fault::new(pointer, "blank", message!("version-blank"))),
        trimmed if trimmed != text => Some(Fault::new(pointer, "blank_at_end", message!("version-blank-at-end"))),
        _ => None,
    };
    texts.into_iter().filter_map(fault).collect()
}

/// A text in English and in Chinese. One is enough: a blank one is the same as the other.
pub fn in_both(en: &str, zh: &str) -> (String, String) {
    let chosen = |own: &str, other: &str| if own.trim().is_empty() { other.to_owned() } else { own.to_owned() };
    (chosen(en, zh), chosen(zh, en))
}

/// Finds what is wrong with a text in English and in Chinese, each with its pointer: both blank, or a blank at an end.
pub fn faults_in_both((at_en, en): (&'static str, &str), (at_zh, zh): (&'static str, &str)) -> Vec<Fault> {
    if en.trim().is_empty() && zh.trim().is_empty() {
        let (en, zh) = (at_en.trim_start_matches('/'), at_zh.trim_start_matches('/'));
        return vec![Fault::new(at_zh, "missing_field", message!("version-text-needed", en = en, zh = zh))];
    }
    blank_faults([(at_en, en), (at_zh, zh)].into_iter().filter(|(_, text)| !text.trim().is_empty()))
}

/// Finds what is wrong with the names of a thing, as [`faults_in_both`].
pub fn name_faults(name_en: &str, name_zh: &str) -> Vec<Fault> {
    faults_in_both(("/name_en", name_en), ("/name_zh", name_zh))
}

/// Checks the day from which something is to hold.
pub fn day_fault(pointer: &str, day: NaiveDate) -> Option<Fault> {
    let (first, last) = (i64::from(*YEARS.start()), i64::from(*YEARS.end()));
    (!YEARS.contains(&day.year())).then(|| {
        // Passed as text, because a language may format a number with separators.
        let text = message!("version-day", first = first.to_string(), last = last.to_string());
        Fault::new(pointer, "out_of_range", text)
    })
}

/// Returns a value that never changes: the stored one, or the one sent for a new thing. It is a fault if the two
/// differ, or if there is neither.
pub fn fixed<T: PartialEq + Clone>(
    field: &'static str,
    sent: Option<&T>,
    stored: Option<&T>,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    match (sent, stored) {
        (Some(sent), Some(stored)) if sent != stored => {
            faults.push(Fault::new(format!("/{field}"), "never_changes", message!("version-fixed", field = field)));
            None
        }
        (None, None) => {
            faults.push(Fault::new(format!("/{field}"), "missing_field", message!("version-needed", field = field)));
            None
        }
        (_, Some(value)) | (Some(value), None) => Some(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_plain_words() {
        for good in ["T3", "HC-01", "150000", "L2010101", "personal_protection", "GB30077-2013", "库房1", "a.b"] {
            assert_eq!(code_fault("/code", good, 64), None, "{good}");
        }
        let uuid = "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11";
        for bad in ["", "-1", "a b", "a/b", "Ｔ３", "a\u{0}", "a\u{200b}", uuid, &"x".repeat(65)] {
            assert!(code_fault("/code", bad, 64).is_some(), "{bad}");
        }
        assert!(code_fault("/code", &"x".repeat(33), 32).is_some());
    }

    #[test]
    fn one_name_is_enough() {
        assert_eq!(in_both("", "绳"), ("绳".to_owned(), "绳".to_owned()));
        assert_eq!(in_both("Rope", " "), ("Rope".to_owned(), "Rope".to_owned()));
        assert_eq!(in_both("Rope", "绳"), ("Rope".to_owned(), "绳".to_owned()));
        let codes = |en, zh| name_faults(en, zh).iter().map(|fault| fault.code).collect::<Vec<_>>();
        assert_eq!(codes("", " "), ["missing_field"]);
        assert_eq!(codes("", "绳"), Vec::<&str>::new());
        assert_eq!(codes("Rope ", " 绳"), ["blank_at_end", "blank_at_end"]);
    }

    #[test]
    fn keys_are_words_of_a_program() {
        assert_eq!(key_fault("/key", "ambulances_a2"), None);
        for bad in ["", "A", "2a", "_a", "people on shift", "人数", &"x".repeat(65)] {
            assert!(key_fault("/key", bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn days_of_other_centuries_are_slips() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(day_fault("/valid_from", day("0226-01-01")).is_some());
        assert!(day_fault("/valid_from", day("2200-01-01")).is_some());
        assert_eq!(day_fault("/valid_from", day("1900-01-01")), None);
        assert_eq!(day_fault("/valid_from", day("2199-12-31")), None);
    }

    #[test]
    fn what_never_changes_may_be_left_out_of_a_change_only() {
        let mut faults = Vec::new();
        assert_eq!(fixed("unit", Some(&"kg"), Some(&"kg"), &mut faults), Some("kg"));
        assert_eq!(fixed("unit", None, Some(&"kg"), &mut faults), Some("kg"));
        assert_eq!(fixed("unit", Some(&"kg"), None, &mut faults), Some("kg"));
        assert!(faults.is_empty());
        assert_eq!(fixed("unit", Some(&"L"), Some(&"kg"), &mut faults), None);
        assert_eq!(fixed::<&str>("unit", None, None, &mut faults), None);
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["never_changes", "missing_field"]);
    }
}
