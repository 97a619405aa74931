//! Days as people write them in a ledger: `2026.10.31`, `2026年10月`, `长期`. A text is read exactly or not at all.

use chrono::{Months, NaiveDate};

use super::quantity::is_dash;
use crate::folding::half_width;
use crate::limits::LONGEST_NUMBER;
use crate::row::read_day;

/// A day in a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerDay {
    /// A day; of an expiry that names a month, its last day.
    Day(NaiveDate),
    /// It never ends: `长期`, or a dash in the column of an end.
    NoEnd,
    /// It cannot be read as one day.
    Unread {
        /// The words of the cell.
        words: String,
        /// The reason.
        why: UnreadDay,
    },
}

/// The reason why a day is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum UnreadDay {
    /// It names a month, and the day may be any.
    Month,
    /// It names a year.
    Year,
    /// It names two days.
    Range,
    /// It is a span of time, such as `24个月`.
    Span,
    /// It can be read in two ways: a spreadsheet program writes `2026.10` as `2026.1` too.
    Ambiguous,
    /// It has a time of day.
    WithTime,
    /// The cell has a dash where a day that has passed is asked for.
    Dash,
    /// It is no day.
    NotADay,
}

/// The sort of day that a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayKind {
    /// The last day of something, which may have none.
    End,
    /// A day on which something was done.
    Past,
}

/// Words for an end that never comes.
const NO_END: [&str; 11] =
    ["长期", "永久", "长期有效", "永久有效", "无期限", "无限期", "无有效期", "不限", "不限期", "终身", "无限"];

/// Reads the text of a day.
pub(crate) fn read(text: &str, kind: DayKind) -> LedgerDay {
    let why = if text.len() > LONGEST_NUMBER {
        UnreadDay::NotADay
    } else {
        match exact(text, kind) {
            Ok(day) => return day,
            Err(why) => why,
        }
    };
    LedgerDay::Unread { words: text.to_owned(), why }
}

fn exact(text: &str, kind: DayKind) -> Result<LedgerDay, UnreadDay> {
    let folded = half_width(text);
    let folded = folded.trim();
    let folded = match kind {
        DayKind::End => {
            ["有效期至", "截至", "至"].iter().find_map(|word| folded.strip_prefix(word)).unwrap_or(folded).trim()
        }
        DayKind::Past => folded,
    };
    if let Some(day) = read_day(folded) {
        return Ok(LedgerDay::Day(day));
    }
    if is_dash(folded) {
        return if kind == DayKind::End { Ok(LedgerDay::NoEnd) } else { Err(UnreadDay::Dash) };
    }
    if kind == DayKind::End && NO_END.contains(&folded) {
        return Ok(LedgerDay::NoEnd);
    }
    if let Some(month) = month(folded) {
        let first = month?;
        return match kind {
            DayKind::End => Ok(LedgerDay::Day(last_of(first).ok_or(UnreadDay::NotADay)?)),
            DayKind::Past => Err(UnreadDay::Month),
        };
    }
    if is_year(folded.strip_suffix('年').unwrap_or(folded)) {
        return Err(UnreadDay::Year);
    }
    if years(folded) > 1 {
        return Err(UnreadDay::Range);
    }
    let is_span = ["年", "月", "天", "日"].iter().any(|unit| folded.ends_with(unit)) && years(folded) == 0;
    if is_span {
        return Err(UnreadDay::Span);
    }
    Err(if folded.contains(':') { UnreadDay::WithTime } else { UnreadDay::NotADay })
}

/// The first day of a month, where the text is one: `2026年10月`, `2026.10`, `2026-10`.
fn month(text: &str) -> Option<Result<NaiveDate, UnreadDay>> {
    let (year, month) = text.split_once(['年', '.', '-', '/'])?;
    let (year, month) = (year.trim(), month.trim());
    let digits = month.strip_suffix('月').unwrap_or(month).trim_end();
    let is_month = (1..=2).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_year(year) || !is_month {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(year.parse().ok()?, digits.parse().ok()?, 1)?;
    // As a number, 2026.10 loses its last digit.
    Some(if text.contains('.') && digits == "1" { Err(UnreadDay::Ambiguous) } else { Ok(day) })
}

/// True for a year of the last or of the next centuries.
pub(crate) fn is_year(text: &str) -> bool {
    text.len() == 4
        && (text.starts_with("19") || text.starts_with("20") || text.starts_with("21"))
        && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// The number of years that a text names.
fn years(text: &str) -> usize {
    text.split(|sign: char| !sign.is_ascii_digit()).filter(|digits| digits.get(..4).is_some_and(is_year)).count()
}

fn last_of(first: NaiveDate) -> Option<NaiveDate> {
    first.checked_add_months(Months::new(1))?.pred_opt()
}

/// The days that a heading names, such as `截至2026年10月31日`; at most a few.
pub(super) fn days_in(text: &str) -> Vec<NaiveDate> {
    const MOST: usize = 4;
    let folded = half_width(text);
    let mut days = Vec::new();
    let mut rest = folded.as_str();
    while let Some(at) = rest.find(|sign: char| sign.is_ascii_digit()) {
        let from = rest.get(at..).unwrap_or_default();
        let is_part = |sign: char| sign.is_ascii_digit() || matches!(sign, '年' | '月' | '.' | '-' | '/' | ' ');
        let end = from.find(|sign| !is_part(sign)).unwrap_or(from.len());
        let (part, after) = from.split_at(end);
        let (part, after) = match after.strip_prefix(['日', '号']) {
            Some(after) => (format!("{}日", part.trim_end()), after),
            None => (part.trim_end_matches(['.', '-', '/', ' ']).to_owned(), after),
        };
        if part.get(..4).is_some_and(is_year)
            && let Some(day) = read_day(&part)
            && days.len() < MOST
        {
            days.push(day);
        }
        rest = after;
    }
    days
}
