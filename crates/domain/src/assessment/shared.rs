//! Stock that several lines could use, or that counts for a line in several ways, as data.

use serde::Serialize;

use crate::interval::Interval;
use crate::reason::Reason;
use crate::rule::{Selector, Strength};
use base::id::LineId;
use base::quantity::{OutOfRange, Quantity};

/// The units that lines share, and the lines in the order in which they are served.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SharedStock {
    /// The units, alike for every line that can use them.
    #[schema(max_items = 100_000)]
    pub supplies: Vec<SharedSupply>,
    /// The lines, in order of strength, then of their first rule's code.
    #[schema(max_items = 10_000)]
    pub turns: Vec<Turn>,
}

/// Units of one item that are alike for every line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SharedSupply {
    /// The item.
    #[schema(max_length = 32)]
    pub item: String,
    /// The code of the depot; absent if they are those of all depots together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64)]
    pub depot: Option<String>,
    /// The number of units, as the line that can use most of them sees it.
    pub usable: Interval,
}

/// A line in its turn.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Turn {
    /// The line.
    pub line: LineId,
    /// What it requires.
    pub selector: Selector,
    /// Its strength.
    pub strength: Strength,
    /// The number required.
    pub required: Interval,
    /// The place of the stronger line of the same selector, counted from 0: what that is given is part of this one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(minimum = 0, maximum = 10_000)]
    pub within: Option<usize>,
    /// The most of the requirement that units may meet which count for the stronger line, but not for the rules of this
    /// one's own strength; absent if no line is stronger.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub covered: Option<Interval>,
    /// The most of the requirement that stock held under an agreement may meet.
    pub agreement: Interval,
    /// The same of what the rules of its own strength require by themselves; absent if no line is stronger.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub own_agreement: Option<Interval>,
    /// The group of lines that use the same units as far as their layers differ; absent if it is in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub layer: Option<Layer>,
    /// The kinds of which each is required, or one slot for the whole line.
    #[schema(max_items = 200)]
    pub slots: Vec<TurnSlot>,
    /// The reasons why it is not exactly known what it requires, or what it can use of units that others can use; empty if
    /// both are.
    #[schema(max_items = 1000)]
    pub reasons: Vec<Reason>,
    /// The number that it can have without taking from those before it.
    pub usable: Interval,
    /// True if the search ended at its limit, so that the number is only bounded.
    pub limited: bool,
    /// True if the number was looked for only up to what is required, because more is hard to find.
    pub capped: bool,
}

/// A layer of a group of lines that may use the same units.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct Layer {
    /// The group: a scope, or the line of a capability whose kinds are a line of their own.
    #[schema(max_length = 64)]
    pub group: String,
    /// The layer.
    #[schema(max_length = 64)]
    pub layer: String,
}

/// A part of a line with a limit of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TurnSlot {
    /// The number of kinds among which the requirement is divided equally; absent if the slot is the whole line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(minimum = 1, maximum = 200)]
    pub kinds: Option<u32>,
    /// The ways to serve it.
    #[schema(max_items = 200)]
    pub ways: Vec<TurnWay>,
}

/// Items that count for a line, alone or together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TurnWay {
    /// What one use counts for.
    pub factor: Quantity,
    /// True if it can be used in parts.
    pub divisible: bool,
    /// The items that one use takes.
    #[schema(max_items = 20)]
    pub parts: Vec<TurnPart>,
}

/// An item that a use takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TurnPart {
    /// The item.
    #[schema(max_length = 32)]
    pub item: String,
    /// Its number in one use.
    pub quantity: Quantity,
    /// The supplies it may come from.
    #[schema(max_items = 100_000)]
    pub from: Vec<TurnSource>,
}

/// A supply as one line sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TurnSource {
    /// The place of the supply, counted from 0.
    #[schema(minimum = 0, maximum = 100_000)]
    pub supply: usize,
    /// The number of its units that the line can use.
    pub usable: Interval,
    /// True if they are held under an agreement.
    pub agreement: bool,
}

impl Turn {
    /// The number that it can have.
    ///
    /// # Errors
    /// If it is out of range.
    pub fn usable(&self) -> Result<Interval, OutOfRange> {
        let most = Quantity::from_thousandths(999_999_999_999_i64)?;
        if self.usable.min >= most || self.usable.max == Some(most) { Err(OutOfRange) } else { Ok(self.usable) }
    }
}
