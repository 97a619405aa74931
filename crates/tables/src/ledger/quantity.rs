//! Quantities as people write them in a ledger: `3套`, `1,200`, `十二具`, `2箱×50双`. A text is read exactly or not at all.

use base::quantity::{OutOfRange, Quantity, QuantityError};

use super::{numerals, units};
use crate::folding::half_width;
use crate::limits::LONGEST_NUMBER;
use crate::value::read_quantity;

/// A quantity in a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerQuantity {
    /// It is read exactly.
    Read {
        /// The number of units; of packs, the units in all of them.
        quantity: Quantity,
        /// The unit written beside the number, in the same cell.
        unit: Option<String>,
        /// The packs, where the cell says how many units one holds.
        packs: Option<LedgerPacks>,
    },
    /// It cannot be read exactly, and somebody has to say what it means.
    Unread {
        /// The words of the cell; none in an empty one.
        words: String,
        /// The reason.
        why: UnreadQuantity,
    },
}

/// Packs of equal size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerPacks {
    /// The word for a pack, such as `箱`.
    pub pack: String,
    /// The number of packs.
    pub packs: Quantity,
    /// The number of units in one.
    pub size: Quantity,
}

/// The reason why a quantity is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum UnreadQuantity {
    /// The cell is empty.
    Blank,
    /// The cell has a dash, or says that there is nothing to say: `-`, `/`, `无`.
    Dash,
    /// It is no exact number: `若干`, `约20`, `10余`.
    Vague,
    /// It is more than one number: `3+2`, `3-5`, `3套2个`.
    Several,
    /// The word behind the number is not known as a unit.
    UnknownUnit,
    /// It can be read in two ways: `一` alone may be a dash, `2箱(50双)` may hold 50 each or in all.
    Ambiguous,
    /// The cell spans several rows, and nothing says how much of it belongs to each.
    Merged,
    /// The cell shows another number than it holds.
    ShownOtherwise,
    /// The cell holds a date or a time; a spreadsheet program may have made it of `3-5`.
    Day,
    /// The number is below zero.
    Negative,
    /// The number has more than three decimals.
    TooPrecise,
    /// The number is 10⁹ or more.
    TooLarge,
    /// It is no number.
    NotANumber,
}

/// The signs for a number of packs with their size.
const TIMES: [char; 5] = ['×', '*', 'x', 'X', '✕'];

/// Words of a number that is not exact.
const VAGUE: [&str; 16] =
    ["若干", "约", "余", "多", "几", "左右", "大概", "近", "以上", "以下", "不足", "超过", "半", "数", "适量", "≈"];

/// True for a cell that says that there is nothing to say.
pub(super) fn is_dash(text: &str) -> bool {
    let text = half_width(text);
    let mut signs = text.chars().filter(|sign| !sign.is_whitespace()).peekable();
    text.trim() == "无"
        || (signs.peek().is_some() && signs.all(|sign| matches!(sign, '-' | '—' | '–' | '―' | '─' | '/' | '\\' | '_')))
}

/// Reads the text of a quantity. `row_unit` is the unit of its row, which may be one that is not known otherwise.
pub(crate) fn read(text: &str, row_unit: Option<&str>) -> LedgerQuantity {
    let read = if text.len() > LONGEST_NUMBER { Err(UnreadQuantity::NotANumber) } else { exact(text, row_unit) };
    read.unwrap_or_else(|why| LedgerQuantity::Unread { words: text.to_owned(), why })
}

fn exact(text: &str, row_unit: Option<&str>) -> Result<LedgerQuantity, UnreadQuantity> {
    let folded = half_width(text);
    let folded = folded.trim();
    if folded.is_empty() {
        return Err(UnreadQuantity::Blank);
    }
    if is_dash(folded) {
        return Err(UnreadQuantity::Dash);
    }
    if folded == "一" {
        return Err(UnreadQuantity::Ambiguous);
    }
    if VAGUE.iter().any(|word| folded.contains(word)) {
        return Err(UnreadQuantity::Vague);
    }
    let (quantity, rest) = number(folded)?;
    let is_unit = |word: &str| units::is_unit(word) || row_unit.is_some_and(|unit| units::is_same(unit, word));
    let word = bracketed(rest).unwrap_or(rest);
    if word.is_empty() || is_unit(word) {
        let unit = (!word.is_empty()).then(|| word.to_owned());
        return Ok(LedgerQuantity::Read { quantity, unit, packs: None });
    }
    packed(quantity, rest, is_unit)
}

/// Reads the words behind the number of packs: `箱×50双`, `箱(每箱50双)`, `箱(50双/箱)`.
fn packed(packs: Quantity, rest: &str, is_unit: impl Fn(&str) -> bool) -> Result<LedgerQuantity, UnreadQuantity> {
    let other = if rest.contains(|sign: char| sign.is_ascii_digit() || matches!(sign, '+' | '-' | '~' | '/' | '、')) {
        UnreadQuantity::Several
    } else {
        UnreadQuantity::UnknownUnit
    };
    let (pack, size, is_each) = if let Some((pack, size)) = split_times(rest) {
        (pack, size, true)
    } else {
        let (pack, size) = rest.split_once('(').ok_or(other)?;
        let (pack, size) = (pack.trim(), size.strip_suffix(')').ok_or(other)?.trim());
        let each = size.strip_prefix('每').and_then(|each| each.strip_prefix(pack));
        let per = size.rsplit_once('/').filter(|(_, per)| units::is_same(per, pack)).map(|(size, _)| size);
        (pack, each.or(per).unwrap_or(size), each.or(per).is_some())
    };
    if !units::is_pack(pack) {
        return Err(other);
    }
    let (size, unit) = number(size.trim()).map_err(|_| other)?;
    if !unit.is_empty() && !is_unit(unit) {
        return Err(other);
    }
    if !is_each {
        return Err(UnreadQuantity::Ambiguous);
    }
    let quantity = packs.times(size).map_err(|error| match error {
        QuantityError::TooPrecise => UnreadQuantity::TooPrecise,
        _ => UnreadQuantity::TooLarge,
    })?;
    let unit = (!unit.is_empty()).then(|| unit.to_owned());
    Ok(LedgerQuantity::Read { quantity, unit, packs: Some(LedgerPacks { pack: pack.to_owned(), packs, size }) })
}

/// The words before and after the sign for a size; a letter is one only before a digit.
fn split_times(text: &str) -> Option<(&str, &str)> {
    text.char_indices().filter(|(_, sign)| TIMES.contains(sign)).find_map(|(at, sign)| {
        let (before, after) = (text.get(..at)?, text.get(at + sign.len_utf8()..)?);
        after.trim_start().starts_with(|next: char| next.is_ascii_digit()).then(|| (before.trim(), after))
    })
}

/// The text in brackets, where it is all there is.
fn bracketed(text: &str) -> Option<&str> {
    Some(text.strip_prefix('(')?.strip_suffix(')')?.trim())
}

/// The number at the beginning of a text, and the rest without the blanks around it.
fn number(text: &str) -> Result<(Quantity, &str), UnreadQuantity> {
    if let Some(rest) = text.strip_prefix('-') {
        return Err(if number(rest.trim_start()).is_ok() {
            UnreadQuantity::Negative
        } else {
            UnreadQuantity::NotANumber
        });
    }
    let is_digit = |sign: char| sign.is_ascii_digit() || matches!(sign, '.' | ',');
    if text.starts_with(|sign: char| sign.is_ascii_digit()) {
        let end = text.find(|sign| !is_digit(sign)).unwrap_or(text.len());
        let (digits, rest) = text.split_at(end);
        let digits = without_commas(digits).ok_or(UnreadQuantity::NotANumber)?;
        let quantity = read_quantity(&digits).map_err(|code| match code {
            "too_precise" => UnreadQuantity::TooPrecise,
            "too_large" => UnreadQuantity::TooLarge,
            _ => UnreadQuantity::NotANumber,
        })?;
        // `1.2万` and `3百`: the digits alone are another number.
        if rest.trim_start().starts_with(numerals::is_numeral) && !rest.trim_start().starts_with('两') {
            return Err(UnreadQuantity::NotANumber);
        }
        return Ok((quantity, rest.trim()));
    }
    let end = text.find(|sign| !numerals::is_numeral(sign)).unwrap_or(text.len());
    let (numeral, rest) = text.split_at(end);
    let whole = numerals::read(numeral).ok_or(UnreadQuantity::NotANumber)?;
    if rest.trim_start().starts_with(|sign: char| sign.is_ascii_digit() || matches!(sign, '.' | ',')) {
        return Err(UnreadQuantity::NotANumber);
    }
    let quantity = Quantity::from_thousandths(i64::from(whole) * 1_000);
    quantity.map(|quantity| (quantity, rest.trim())).map_err(|OutOfRange| UnreadQuantity::TooLarge)
}

/// The digits of a number without the commas between thousands; `None` if commas stand elsewhere.
fn without_commas(digits: &str) -> Option<String> {
    if !digits.contains(',') {
        return Some(digits.to_owned());
    }
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = whole.split(',');
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    let is_grouped = first && groups.all(|group| group.len() == 3) && !fraction.is_some_and(|rest| rest.contains(','));
    is_grouped.then(|| digits.replace(',', ""))
}
