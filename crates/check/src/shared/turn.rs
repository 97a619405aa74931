//! Lines in their turns, as the document has them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::value::{Pair, Read, Unreadable, get, interval, list, natural, optional, optional_whole, text, whole};

/// More than any sum of stock.
pub const UNBOUNDED: i128 = 1 << 60;

/// From here on a number of units stands for an unbounded one.
pub const OPEN: i128 = UNBOUNDED >> 10;

/// One end of all numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The least stock against the most that may be required.
    Low,
    /// The most stock against the least that is surely required.
    High,
}

impl Side {
    /// The end of a number of units.
    pub fn of(self, usable: Pair) -> i128 {
        match self {
            Self::Low => usable.0,
            Self::High => usable.1.unwrap_or(UNBOUNDED),
        }
    }
}

/// A line in its turn.
#[derive(Clone)]
pub struct Turn {
    /// The place of the stronger line of the same selector.
    pub within: Option<usize>,
    /// The group and the layer of lines that use the same units.
    pub layer: Option<(String, String)>,
    /// The parts with a limit of their own.
    pub slots: Vec<Slot>,
    /// What it requires.
    pub required: Pair,
    /// The most that agreements may meet.
    pub agreement: Pair,
    /// The same of what the rules of its own strength require.
    pub own_agreement: Option<Pair>,
    /// The most that units may meet which count for the stronger line only.
    pub covered: Option<Pair>,
    /// What others leave to it, where that does not follow from what it requires.
    pub holds: Option<i128>,
}

/// A part of a line with a limit of its own.
#[derive(Clone)]
pub struct Slot {
    /// The number of kinds among which the requirement is divided.
    pub kinds: Option<i128>,
    /// The ways to serve it.
    pub ways: Vec<Way>,
}

/// Items that count for a line, alone or together.
#[derive(Clone)]
pub struct Way {
    /// What one use counts for.
    pub factor: i128,
    /// The least use.
    pub grain: i128,
    /// The items that one use takes.
    pub parts: Vec<Part>,
}

/// An item that a use takes.
#[derive(Clone)]
pub struct Part {
    /// The item.
    pub item: String,
    /// Its number in one use.
    pub quantity: i128,
    /// The supplies that it may come from.
    pub from: Vec<Source>,
}

/// A supply as one line sees it.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The place of the supply.
    pub supply: usize,
    /// What the line can use of it.
    pub usable: Pair,
    /// True if it is held under an agreement.
    pub agreement: bool,
}

impl Turn {
    /// Reads a turn.
    pub fn read(found: &Value, supplies: usize) -> Read<Self> {
        let layer = match optional(found, "layer") {
            None => None,
            Some(layer) => Some((text(layer, "group")?.to_owned(), text(layer, "layer")?.to_owned())),
        };
        Ok(Self {
            within: None,
            layer,
            slots: list(found, "slots")?.iter().map(|slot| Slot::read(slot, supplies)).collect::<Read<_>>()?,
            required: interval(get(found, "required")?)?,
            agreement: interval(get(found, "agreement")?)?,
            own_agreement: optional(found, "own_agreement").map(interval).transpose()?,
            covered: optional(found, "covered").map(interval).transpose()?,
            holds: None,
        })
    }

    /// The ways to serve it.
    pub fn ways(&self) -> impl Iterator<Item = &Way> {
        self.slots.iter().flat_map(|slot| &slot.ways)
    }

    /// The parts of all ways.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.ways().flat_map(|way| &way.parts)
    }

    /// The supplies that it can use.
    pub fn supplies(&self) -> BTreeSet<usize> {
        self.ways().flat_map(Way::sources).map(|source| source.supply).collect()
    }

    /// All that it may need on the low side, what it surely needs on the high side.
    pub fn needs(&self, side: Side) -> i128 {
        match side {
            Side::Low => self.required.1.unwrap_or(UNBOUNDED),
            Side::High => self.required.0,
        }
    }

    /// What others leave to it.
    pub fn want(&self, side: Side) -> i128 {
        self.holds.unwrap_or_else(|| self.needs(side))
    }

    /// The most that counts of one slot.
    pub fn slot_most(&self, side: Side, slot: &Slot) -> i128 {
        match slot.kinds {
            Some(kinds) if self.needs(side) < UNBOUNDED => self.needs(side) / kinds.max(1),
            _ => UNBOUNDED,
        }
    }

    /// What it could have if it were alone; of stock under an agreement only what may meet it.
    pub fn most(&self, side: Side) -> i128 {
        self.most_with(side, self.agreement)
    }

    /// The same, where so much stock under an agreement may meet it.
    pub fn most_with(&self, side: Side, agreement: Pair) -> i128 {
        let of = |is_counted: fn(&Source) -> bool| -> i128 {
            let of_way = |way: &Way| {
                let uses = way.parts.iter().map(|part| {
                    let counted = part.from.iter().filter(|source| is_counted(source));
                    let units: i128 = counted.map(|source| side.of(source.usable)).sum();
                    if units >= OPEN { UNBOUNDED } else { (units * 1_000 / part.quantity.max(1)).min(UNBOUNDED) }
                });
                let uses = uses.min().unwrap_or(0);
                if uses >= OPEN { UNBOUNDED } else { value_of(uses, way.factor) }
            };
            self.ways().map(of_way).sum()
        };
        of(|_| true).min(of(|source| !source.agreement) + side.of(agreement))
    }
}

impl Slot {
    fn read(found: &Value, supplies: usize) -> Read<Self> {
        let ways = list(found, "ways")?.iter().map(|way| Way::read(way, supplies)).collect::<Read<_>>()?;
        Ok(Self { kinds: optional_whole(found, "kinds")?.map(|kinds| kinds.max(1)), ways })
    }
}

impl Way {
    fn read(found: &Value, supplies: usize) -> Read<Self> {
        let mut parts = Vec::new();
        for part in list(found, "parts")? {
            let mut from = Vec::new();
            for source in list(part, "from")? {
                let supply = usize::try_from(whole(get(source, "supply")?)?).ok();
                from.push(Source {
                    supply: supply.filter(|supply| *supply < supplies).ok_or(Unreadable("supply"))?,
                    usable: interval(get(source, "usable")?)?,
                    agreement: get(source, "agreement")? == &json!(true),
                });
            }
            parts.push(Part { item: text(part, "item")?.to_owned(), quantity: natural(get(part, "quantity")?)?, from });
        }
        let grain = if get(found, "divisible")? == &json!(true) { 1 } else { 1_000 };
        Ok(Self { factor: natural(get(found, "factor")?)?, grain, parts })
    }

    /// The supplies that it may use.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.parts.iter().flat_map(|part| &part.from)
    }
}

/// The uses that give a number, rounded up to whole grains.
pub fn uses_for(wanted: i128, factor: i128, grain: i128) -> i128 {
    if wanted >= UNBOUNDED || factor == 0 {
        return UNBOUNDED;
    }
    let (numerator, divisor) = (wanted * 1_000, factor * grain);
    let grains = numerator / divisor + i128::from(numerator % divisor > 0);
    (grains * grain).min(UNBOUNDED)
}

/// The whole grains that a number allows.
pub fn uses_within(allowed: i128, factor: i128, grain: i128) -> i128 {
    if allowed >= UNBOUNDED || factor == 0 {
        UNBOUNDED
    } else {
        (allowed * 1_000 / (factor * grain) * grain).min(UNBOUNDED)
    }
}

/// What uses count for.
pub fn value_of(uses: i128, factor: i128) -> i128 {
    (uses * factor / 1_000).min(UNBOUNDED)
}
