//! The matching of ledgers to the catalogue: which item the words of a row mean, and how sure that is.
//!
//! A match is *sure* only where nothing else is possible: the code of one item, words that a region has answered before, or
//! a name or alias of one item alone, written in full, with a unit and a specification that agree. Everything else is asked,
//! with the nearest items and their scores, or comes near nothing. Nothing is guessed.
//!
//! [`Matcher`] is built once for an import; a row then looks only at the items that share enough of its characters.

mod alias;
mod index;
mod score;
#[cfg(test)]
mod tests;
mod units;
mod words;

use super::item::ItemCode;

pub use alias::{Alias, AliasOrigin, AliasRelation, LedgerWords, Meaning, names_by_item, words_key};
pub use index::Matcher;
pub use units::{UnitFactor, UnitFit};

/// The most candidates of one row.
pub const MOST_CANDIDATES: usize = 5;

/// The outcome for one row of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchOutcome {
    /// One item, without doubt.
    Sure(SureMatch),
    /// A question: the nearest items, at most [`MOST_CANDIDATES`], best first.
    Ask(Vec<Candidate>),
    /// No item comes near.
    NoMatch,
    /// An answer says that the words mean no item of the catalogue.
    Unlisted,
}

/// An item that a row means without doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SureMatch {
    /// Its code.
    pub item: ItemCode,
    /// The reason.
    pub because: MatchReason,
    /// The relation of the row's unit to the item's; always with a factor.
    pub unit: UnitFit,
}

/// An item that a row may mean.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Candidate {
    /// Its code.
    #[schema(value_type = String, max_length = 32, example = "L2010101")]
    pub item: ItemCode,
    /// The nearness, up to 100. It orders the candidates of a row and is no probability.
    #[schema(minimum = 0, maximum = 100, example = 86)]
    pub score: u8,
    /// The reasons for and against it, in the order of the type.
    #[schema(max_items = 20)]
    pub reasons: Vec<MatchReason>,
    /// The relation of the row's unit to the item's.
    #[serde(skip)]
    pub unit: UnitFit,
}

/// Reasons for and against an item.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MatchReason {
    /// The code is the item's.
    Code,
    /// The region, or one above it, has answered these words before.
    Answer,
    /// The name is the item's.
    Name,
    /// The name is an alias of the item.
    Alias,
    /// The name sounds like the item's, or spells it in pinyin.
    Pinyin,
    /// The name is made of the pinyin initials of the item's.
    PinyinInitials,
    /// The names have characters in common.
    Characters,
    /// The specification agrees.
    Specification,
    /// The specification states another measure than the item's.
    SpecificationDiffers,
    /// The unit is the item's, one as good, or one that converts.
    Unit,
    /// The unit is missing, or its relation to the item's is not known.
    UnitUnknown,
    /// The unit contradicts the item's.
    UnitContradicts,
}
