//! Small languages for the rows of bands and of class tables.
//!
//! A band is `30-50: 15; 50-: 20`: from 30 up to but not including 50, and from 50 up. `-30` is below 30, `*` any number, and
//! `15~20` from 15 to 20. Of two facts the second follows `&`: `-100 & 3-: 2`. A class table is
//! `1: staff >= 1000; 2: always`: the class and its condition, the first that holds.

use super::clauses::{NotAClause, quoted, read_condition, write_condition};
use super::folding::half_width;
use super::value::read_quantity;
use base::quantity::Quantity;
use domain::condition::ClassRow;
use domain::rule::BandRow;

/// The separators of rows.
const SEPARATORS: [char; 3] = [';', '；', '\n'];

/// Reads the rows of a band.
///
/// # Errors
/// The row that is invalid.
pub(crate) fn read_bands(text: &str) -> Result<Vec<BandRow>, NotAClause> {
    let rows = parts(text).into_iter().map(|row| read_band(row).ok_or_else(|| NotAClause { at: row.to_owned() }));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    if rows.is_empty() { Err(NotAClause { at: String::new() }) } else { Ok(rows) }
}

fn read_band(row: &str) -> Option<BandRow> {
    let row = half_width(row).replace(['–', '—', '至'], "-");
    let (ranges, number) = row.split_once(':')?;
    let (first, second) = ranges.split_once('&').map_or((ranges, None), |(first, second)| (first, Some(second)));
    let (from, below) = read_range(first)?;
    let (and_from, and_below) = second.map_or(Some((None, None)), read_range)?;
    let (n, to) = number.split_once('~').map_or((number, None), |(n, to)| (n, Some(to)));
    let to = match to {
        Some(to) => Some(read_quantity(to).ok()?),
        None => None,
    };
    Some(BandRow { from, below, and_from, and_below, n: read_quantity(n).ok()?, to })
}

/// A range between two numbers, of which either may be missing.
fn read_range(text: &str) -> Option<(Option<Quantity>, Option<Quantity>)> {
    let text = text.trim();
    if text == "*" {
        return Some((None, None));
    }
    let end = |text: &str| match text.trim() {
        "" => Some(None),
        text => read_quantity(text).ok().map(Some),
    };
    let (from, below) = text.split_once('-')?;
    Some((end(from)?, end(below)?))
}

/// Writes the rows of a band; `None` where the language cannot say them.
pub(crate) fn write_bands(rows: &[BandRow]) -> Option<String> {
    let range = |from: Option<Quantity>, below: Option<Quantity>| match (from, below) {
        (None, None) => "*".to_owned(),
        (from, below) => {
            let end = |end: Option<Quantity>| end.map(|end| end.to_string()).unwrap_or_default();
            format!("{}-{}", end(from), end(below))
        }
    };
    let one = |row: &BandRow| {
        let BandRow { from, below, and_from, and_below, n, to } = row;
        let second = match (and_from, and_below) {
            (None, None) => String::new(),
            _ => format!(" & {}", range(*and_from, *and_below)),
        };
        let to = to.map(|to| format!("~{to}")).unwrap_or_default();
        format!("{}{second}: {n}{to}", range(*from, *below))
    };
    let text = rows.iter().map(one).collect::<Vec<_>>().join("; ");
    (read_bands(&text).as_deref() == Ok(rows)).then_some(text)
}

/// Reads the rows of a class table.
///
/// # Errors
/// The words at which a row becomes invalid.
pub(crate) fn read_classes(text: &str) -> Result<Vec<ClassRow>, NotAClause> {
    let mut rows = Vec::new();
    for row in parts(text) {
        let lost = || NotAClause { at: row.to_owned() };
        let (class, when) = class_and_condition(row).ok_or_else(lost)?;
        rows.push(ClassRow { class, when: read_condition(when)? });
    }
    if rows.is_empty() { Err(NotAClause { at: String::new() }) } else { Ok(rows) }
}

fn class_and_condition(row: &str) -> Option<(String, &str)> {
    let row = row.trim();
    let length = super::clauses::quoted_length(row).unwrap_or(0);
    let colon = row.get(length..)?.find([':', '：'])? + length;
    let class = super::clauses::unquoted(row.get(..colon)?.trim());
    let rest = row.get(colon..)?;
    let when = rest.strip_prefix([':', '：'])?;
    (!class.is_empty()).then_some((class, when))
}

/// Writes the rows of a class table; `None` where the language cannot say them.
pub(crate) fn write_classes(rows: &[ClassRow]) -> Option<String> {
    let one = |row: &ClassRow| format!("{}: {}", quoted(&row.class), write_condition(&row.when));
    let text = rows.iter().map(one).collect::<Vec<_>>().join("; ");
    (read_classes(&text).as_deref() == Ok(rows)).then_some(text)
}

/// The rows of a text: between separators that do not stand in double quotes.
fn parts(text: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let pieces = text.split(|sign: char| {
        is_quoted ^= sign == '"';
        !is_quoted && SEPARATORS.contains(&sign)
    });
    pieces.map(str::trim).filter(|row| !row.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_half_open() {
        let bands = read_bands("-30: 2；30-50：15~20; 50 - : 20.5").unwrap();
        let whole = |number: i16| Some(Quantity::whole(number));
        let ends: Vec<_> = bands.iter().map(|row| (row.from, row.below, row.to)).collect();
        assert_eq!(ends, [(None, whole(30), None), (whole(30), whole(50), whole(20)), (whole(50), None, None)]);
        assert_eq!(write_bands(&bands).as_deref(), Some("-30: 2; 30-50: 15~20; 50-: 20.5"));
        let two = read_bands("* & -5: 1\n10-20 & 5-: 2").unwrap();
        assert_eq!((two[0].from, two[0].and_below, two[1].and_from), (None, whole(5), whole(5)));
        assert_eq!(write_bands(&two).as_deref(), Some("* & -5: 1; 10-20 & 5-: 2"));
        for wrong in ["", "30: 2", "30-50", "30-50: ", "a-b: 1", "30-50: 2~", "1-2 & 3: 1"] {
            assert!(read_bands(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn classes_are_conditions_with_a_name() {
        let rows = read_classes("1: level = 1 and staff >= 1000; \"2; b\"：不是 toxic\n3: always").unwrap();
        let names: Vec<&str> = rows.iter().map(|row| row.class.as_str()).collect();
        assert_eq!(names, ["1", "2; b", "3"]);
        assert_eq!(
            write_classes(&rows).as_deref(),
            Some("1: level = 1 and staff >= 1000; \"2; b\": not toxic; 3: always")
        );
        for wrong in ["", "toxic", ": toxic", "1:", "1: and"] {
            assert!(read_classes(wrong).is_err(), "{wrong}");
        }
    }
}
