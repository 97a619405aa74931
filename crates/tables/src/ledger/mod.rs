//! Ledgers as people keep them (应急物资台账): titles, labels, sections, sums and signatures around the rows, several tables
//! in one sheet, headers of two rows, merged cells, quantities and days in words.
//!
//! Every row of a sheet that is not empty becomes a line of the ledger, or a warning that repeats it (a heading, labels, a
//! sum, a footer, a repeated header, an empty numbered row), or a fault: none is dropped silently. Nothing is guessed: a quantity
//! or a day that cannot be read exactly keeps its words and the reason.

mod cells;
mod day;
mod head;
mod labels;
mod life;
mod numerals;
mod quantity;
mod sheet;
mod statements;
#[cfg(test)]
mod tests;
mod units;

pub use day::{LedgerDay, UnreadDay};
pub use life::service_life_months;
pub use quantity::{LedgerPacks, LedgerQuantity, UnreadQuantity};

pub(crate) use day::{DayKind, read as read_day};
pub(crate) use head::best as best_header;
pub(crate) use quantity::read as read_ledger_quantity;
pub(crate) use sheet::{Asked, read};

use crate::value::Output;

impl LedgerQuantity {
    /// The cell that says the same in a ledger of our own.
    pub(crate) fn output(&self) -> Output {
        match self {
            Self::Read { quantity, unit: None, packs: None } => (*quantity).into(),
            Self::Read { quantity, unit: Some(unit), packs: None } => format!("{quantity}{unit}").into(),
            Self::Read { unit, packs: Some(LedgerPacks { pack, packs, size }), .. } => {
                format!("{packs}{pack}×{size}{}", unit.as_deref().unwrap_or_default()).into()
            }
            Self::Unread { words, .. } => words.into(),
        }
    }
}

impl LedgerDay {
    /// The cell that says the same in a ledger of our own.
    pub(crate) fn output(&self) -> Output {
        match self {
            Self::Day(day) => (*day).into(),
            Self::NoEnd => "长期".into(),
            Self::Unread { words, .. } => words.into(),
        }
    }
}
