//! Service lives as people write them in a ledger: `15年`, `36个月`, `3年6个月`. A text is read exactly or not at all.

use super::numerals;
use crate::folding::half_width;
use crate::limits::LONGEST_NUMBER;

/// The longest service life, in months.
const LONGEST: u32 = 1200;

/// The units of time in which a service life is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Years,
    Months,
}

impl Unit {
    const ALL: [(&str, Self); 7] = [
        ("年", Self::Years),
        ("years", Self::Years),
        ("year", Self::Years),
        ("个月", Self::Months),
        ("月", Self::Months),
        ("months", Self::Months),
        ("month", Self::Months),
    ];

    /// The unit of bare numbers below a header: `使用年限`, `寿命（年）`, `寿命（月）`. One in brackets holds before any other.
    fn of(header: &str) -> Option<Self> {
        let header = half_width(header);
        let said = |words: &str| {
            let found: Vec<Self> =
                Self::ALL.iter().filter(|(word, _)| words.contains(word)).map(|(_, unit)| *unit).collect();
            found.first().filter(|first| found.iter().all(|one| one == *first)).copied()
        };
        header.split_once('(').and_then(|(_, remark)| said(remark)).or_else(|| said(&header))
    }

    fn months(self, number: u32) -> Option<u32> {
        match self {
            Self::Years => number.checked_mul(12),
            Self::Months => Some(number),
        }
    }
}

/// The months of a service life. A bare number is one only where the header of its column says its unit.
pub fn service_life_months(words: &str, header: &str) -> Option<u32> {
    if words.len() > LONGEST_NUMBER {
        return None;
    }
    let folded = half_width(words).to_lowercase();
    let (first, rest) = number(folded.trim())?;
    let months = if rest.is_empty() {
        Unit::of(header)?.months(first)?
    } else {
        let (unit, rest) = unit(rest)?;
        let whole = unit.months(first)?;
        match (unit, rest) {
            (_, "") => whole,
            (Unit::Years, rest) => {
                let (more, rest) = number(rest.strip_prefix('零').unwrap_or(rest))?;
                let is_months = more < 12 && unit_alone(rest) == Some(Unit::Months);
                whole.checked_add(is_months.then_some(more)?)?
            }
            (Unit::Months, _) => return None,
        }
    };
    (1..=LONGEST).contains(&months).then_some(months)
}

/// The number at the beginning of a text, and the rest.
fn number(text: &str) -> Option<(u32, &str)> {
    let is_digit = |sign: char| sign.is_ascii_digit();
    let (number, rest) = if text.starts_with(is_digit) {
        let (digits, rest) = text.split_at(text.find(|sign| !is_digit(sign)).unwrap_or(text.len()));
        (digits.parse().ok()?, rest)
    } else {
        let (numeral, rest) = text.split_at(text.find(|sign| !numerals::is_numeral(sign)).unwrap_or(text.len()));
        (numerals::read(numeral)?, rest)
    };
    Some((number, rest.trim()))
}

/// The unit at the beginning of a text, and the rest.
fn unit(text: &str) -> Option<(Unit, &str)> {
    Unit::ALL.iter().find_map(|(word, unit)| Some((*unit, text.strip_prefix(word)?.trim())))
}

fn unit_alone(text: &str) -> Option<Unit> {
    unit(text).filter(|(_, rest)| rest.is_empty()).map(|(unit, _)| unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_life_is_read_exactly_or_not_at_all() {
        for (words, header, months) in [
            ("15年", "使用期限", Some(180)),
            (" 15 年 ", "", Some(180)),
            ("１５年", "", Some(180)),
            ("十五年", "", Some(180)),
            ("36个月", "使用年限", Some(36)),
            ("36月", "", Some(36)),
            ("3年6个月", "", Some(42)),
            ("3年零6个月", "", Some(42)),
            ("15", "使用年限", Some(180)),
            ("15", "使用寿命（年）", Some(180)),
            ("36", "使用年限（月）", Some(36)),
            ("36", "寿命(个月)", Some(36)),
            ("10 years", "", Some(120)),
            ("15", "使用寿命", None),
            ("15", "", None),
            ("长期", "使用年限", None),
            ("10-15年", "使用年限", None),
            ("10年以上", "使用年限", None),
            ("约10年", "使用年限", None),
            ("1.5年", "使用年限", None),
            ("3年18个月", "", None),
            ("6个月3年", "", None),
            ("3年6", "", None),
            ("0", "使用年限", None),
            ("101年", "", None),
            ("99999999999年", "", None),
            ("年", "使用年限", None),
            ("", "使用年限", None),
        ] {
            assert_eq!(service_life_months(words, header), months, "{words} below {header}");
        }
    }
}
