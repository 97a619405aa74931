//! Stock that several lines could use, or that counts for a line in several ways: as data, and assigned.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::assignment::{Assignment, Demand, Part, Slot, Source, Supply, UNBOUNDED, Way, assign};
use crate::interval::Interval;
use crate::rule::{Selector, Strength};
use base::id::LineId;
use base::quantity::{OutOfRange, Quantity};

/// From here on a number of units stands for an unbounded one, whatever it is multiplied by.
const OPEN: u64 = UNBOUNDED >> 10;

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
    /// The percentage of the requirement that stock held under an agreement may meet; 0 if none.
    #[schema(minimum = 0, maximum = 100)]
    pub agreement_percent: u32,
    /// The group of lines that use the same units as far as their layers differ; absent if it is in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub layer: Option<Layer>,
    /// The kinds of which each is required, or one slot for the whole line.
    #[schema(max_items = 200)]
    pub slots: Vec<TurnSlot>,
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

/// One end of all numbers: the least stock against the most that may be required, or the other way round.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Low,
    High,
}

impl Side {
    fn of(self, usable: Interval) -> u64 {
        match self {
            Self::Low => thousandths(usable.min),
            Self::High => usable.max.map_or(UNBOUNDED, thousandths),
        }
    }

    /// What earlier lines hold against later ones: on the low side all they may need, on the high side what they surely do.
    fn wanted(self, required: Interval) -> u64 {
        match self {
            Self::Low => required.max.map_or(UNBOUNDED, thousandths),
            Self::High => thousandths(required.min),
        }
    }

    /// The share of the requirement that agreements may meet: of the least on the low side, of the most on the high side.
    fn agreement(self, required: Interval, percent: u32) -> u64 {
        let required = match self {
            Self::Low => thousandths(required.min),
            Self::High => required.max.map_or(UNBOUNDED, thousandths),
        };
        if required >= UNBOUNDED { UNBOUNDED } else { required.saturating_mul(percent.into()) / 100 }
    }
}

impl SharedStock {
    /// Serves the lines, and notes what each can have.
    ///
    /// The high side keeps what the low side gives, so that no number falls as stock or requirements are known better.
    pub fn serve(&mut self) {
        let [low, high] = [Side::Low, Side::High].map(|side| self.assign(side));
        for (place, turn) in self.turns.iter_mut().enumerate() {
            let of = |assignment: &Assignment| assignment.given.get(place).copied().unwrap_or(0);
            let limited = |assignment: &Assignment| assignment.limited.get(place).copied().unwrap_or(true);
            let (least, most) = (of(&low).min(turn.most(Side::Low)), of(&high).max(of(&low)));
            turn.limited = limited(&low) || limited(&high);
            turn.capped = [&low, &high].into_iter().any(|side| side.capped.get(place).copied().unwrap_or(false));
            // A search that gave up on the high side bounds the number only by what there is.
            let most = if limited(&high) { turn.most(Side::High) } else { most.min(turn.most(Side::High)) };
            turn.usable = Interval { min: quantity(least), max: (most < OPEN).then(|| quantity(most.max(least))) };
        }
    }

    fn assign(&self, side: Side) -> Assignment {
        let supplies: Vec<Supply> =
            self.supplies.iter().map(|supply| Supply { quantity: side.of(supply.usable) }).collect();
        let mut layers: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for layer in self.turns.iter().filter_map(|turn| turn.layer.as_ref()) {
            let group = layers.entry(&layer.group).or_default();
            let number = group.len();
            group.entry(&layer.layer).or_insert(number);
        }
        let place_of = |layer: &Layer| {
            let group = layers.keys().position(|group| *group == layer.group)?;
            Some((group, *layers.get(layer.group.as_str())?.get(layer.layer.as_str())?))
        };
        let demands: Vec<Demand> = self
            .turns
            .iter()
            .map(|turn| Demand {
                want: side.wanted(turn.required),
                enough: Side::Low.wanted(turn.required),
                within: turn.within,
                slots: turn.slots.iter().map(|slot| slot.on(side, turn)).collect(),
                agreement: side.agreement(turn.required, turn.agreement_percent),
                layer: turn.layer.as_ref().and_then(place_of),
            })
            .collect();
        assign(&supplies, &demands)
    }
}

impl Turn {
    /// What it could have if it were alone.
    fn most(&self, side: Side) -> u64 {
        let of_way = |way: &TurnWay| {
            let uses = way.parts.iter().map(|part| {
                let units = part.from.iter().fold(0_u64, |sum, source| sum.saturating_add(side.of(source.usable)));
                if units >= OPEN { UNBOUNDED } else { scaled(units, 1_000, thousandths(part.quantity).max(1)) }
            });
            let uses = uses.min().unwrap_or(0);
            if uses >= OPEN { UNBOUNDED } else { scaled(uses, thousandths(way.factor), 1_000) }
        };
        let of_slot = |slot: &TurnSlot| slot.ways.iter().map(of_way).fold(0_u64, u64::saturating_add);
        self.slots.iter().map(of_slot).fold(0_u64, u64::saturating_add)
    }

    /// The number that it can have.
    ///
    /// # Errors
    /// If it is out of range.
    pub fn usable(&self) -> Result<Interval, OutOfRange> {
        let most = Quantity::from_thousandths(999_999_999_999_i64)?;
        if self.usable.min >= most || self.usable.max == Some(most) { Err(OutOfRange) } else { Ok(self.usable) }
    }
}

impl TurnSlot {
    fn on(&self, side: Side, turn: &Turn) -> Slot {
        let most = self.kinds.map_or(UNBOUNDED, |kinds| {
            let wanted = side.wanted(turn.required);
            if wanted >= UNBOUNDED { UNBOUNDED } else { wanted / u64::from(kinds.max(1)) }
        });
        let ways = self.ways.iter().map(|way| Way {
            factor: thousandths(way.factor),
            grain: if way.divisible { 1 } else { 1_000 },
            parts: way
                .parts
                .iter()
                .map(|part| Part {
                    quantity: thousandths(part.quantity),
                    from: part
                        .from
                        .iter()
                        .map(|source| Source {
                            supply: source.supply,
                            most: side.of(source.usable),
                            agreement: source.agreement,
                        })
                        .collect(),
                })
                .collect(),
        });
        Slot { most, ways: ways.collect() }
    }
}

fn scaled(units: u64, by: u64, per: u64) -> u64 {
    let scaled = u128::from(units) * u128::from(by) / u128::from(per);
    u64::try_from(scaled).unwrap_or(UNBOUNDED).min(UNBOUNDED)
}

/// The thousandths of a quantity; a negative one counts as zero.
fn thousandths(quantity: Quantity) -> u64 {
    u64::try_from(quantity.thousandths()).unwrap_or(0)
}

/// A quantity of thousandths; of too many, the greatest there is, which [`Turn::usable`] tells from a number.
fn quantity(thousandths: u64) -> Quantity {
    Quantity::from_thousandths(thousandths.min(999_999_999_999)).unwrap_or(Quantity::ZERO)
}
