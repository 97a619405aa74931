//! Lots: their numbers, their expiry, and how many of their units are usable.

use chrono::NaiveDate;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization as _;

use crate::time::{day, months_later};
use crate::value::{Pair, Read, UNKNOWN, Unreadable, ZERO, get, natural, number, optional_whole, rank, shown, text};

const CONDITIONS: [&str; 3] = ["serviceable", "in_repair", "unserviceable"];
const HELD: [&str; 2] = ["here", "lent"];

/// Invisible signs, which make no difference in a lot number.
const INVISIBLE: [(u32, u32); 15] = [
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE0FFF),
];

/// What the line asks of counts and lots.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The day.
    pub as_of: NaiveDate,
    /// The validity of counts.
    pub validity_days: i128,
    /// Months within which units must surely have been inspected.
    pub surely: Option<i128>,
    /// Months within which they may have to have been inspected.
    pub perhaps: Option<i128>,
    /// True if stock under an agreement counts.
    pub agreement: bool,
}

/// A line of a count.
#[derive(Clone, Debug)]
pub struct Line {
    /// The quantity.
    pub quantity: i128,
    /// The lot number as written.
    pub written: Option<String>,
    /// The lot number in plain form.
    pub lot: Option<String>,
    expires: Option<NaiveDate>,
    made: Option<NaiveDate>,
    inspected: Option<NaiveDate>,
    condition: usize,
    held: usize,
    shelf_life: Option<i128>,
}

impl Line {
    /// Reads a line.
    pub fn read(found: &Value, bearing: &Value) -> Read<Self> {
        let of = |name: &'static str| match get(found, name)? {
            Value::Null => Ok(None),
            Value::String(written) => day(written).map(Some),
            _ => Err(Unreadable(name)),
        };
        let written = match get(found, "lot")? {
            Value::Null => None,
            Value::String(written) => Some(written.clone()),
            _ => return Err(Unreadable("lot")),
        };
        Ok(Self {
            quantity: natural(get(found, "quantity")?)?,
            lot: written.as_deref().map(plain),
            written,
            expires: of("expires_on")?,
            made: of("made_on")?,
            inspected: of("inspected_on")?,
            condition: rank(&CONDITIONS, text(found, "condition")?)?,
            held: rank(&HELD, text(found, "held")?)?,
            shelf_life: optional_whole(bearing, "shelf_life_months")?,
        })
    }

    /// The last day, and whether it follows from the day of make.
    pub fn expiry(&self, perishable: bool) -> (Option<NaiveDate>, bool) {
        match (self.expires, self.made, self.shelf_life) {
            (None, Some(made), Some(months)) if perishable => {
                (Some(months_later(made, months).unwrap_or(NaiveDate::MAX)), true)
            }
            (expires, ..) => (expires, false),
        }
    }

    /// The lot that it is of.
    pub fn lot(&self, perishable: bool) -> Lot {
        let (expires, derived) = self.expiry(perishable);
        Lot {
            plain: self.lot.clone(),
            expires,
            derived,
            inspected: self.inspected,
            condition: self.condition,
            held: self.held,
        }
    }
}

/// NFKC without white space and invisible signs, in upper case.
fn plain(written: &str) -> String {
    let hidden = |sign: char| INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(sign)));
    let kept: String = written.nfkc().filter(|sign| !sign.is_whitespace() && !hidden(*sign)).collect();
    kept.to_uppercase().nfkc().collect()
}

/// Units with the same properties.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lot {
    /// The lot number in plain form.
    pub plain: Option<String>,
    /// The last day.
    pub expires: Option<NaiveDate>,
    /// True if that follows from the day of make.
    pub derived: bool,
    /// The day of the last inspection.
    pub inspected: Option<NaiveDate>,
    /// The rank of the condition.
    pub condition: usize,
    /// The rank of the place.
    pub held: usize,
}

/// A lot with what a count found of it.
#[derive(Clone, Debug)]
pub struct LotFound {
    /// The lot.
    pub lot: Lot,
    /// Its number as first written.
    pub written: Option<String>,
    /// The quantity; `None` is out of range.
    pub quantity: Option<i128>,
    /// What is usable of it.
    pub usable: Pair,
    /// Why nothing is.
    pub left_out: Option<&'static str>,
    /// Why that is unknown.
    pub doubt: Option<&'static str>,
}

impl LotFound {
    /// Decides what is usable of a lot.
    pub fn new(
        lot: Lot,
        written: Option<String>,
        quantity: Option<i128>,
        terms: Terms,
        holding: &str,
        perishable: bool,
    ) -> Self {
        let inspection = |months: Option<i128>| inspection(lot.inspected, months, terms.as_of);
        let left_out = if lot.expires.is_some_and(|last| last < terms.as_of) {
            Some("expired")
        } else if lot.condition > 0 {
            CONDITIONS.get(lot.condition).copied()
        } else if lot.held > 0 {
            Some("lent")
        } else if inspection(terms.surely) == Inspection::Overdue {
            Some("inspection_overdue")
        } else if holding == "agreement" && !terms.agreement {
            Some("agreement")
        } else {
            (holding == "capacity").then_some("capacity")
        };
        let in_doubt = [terms.surely, terms.perhaps].into_iter().any(|months| inspection(months) != Inspection::InTime);
        let (usable, doubt) = match (left_out, quantity) {
            (Some(_), _) => (ZERO, None),
            (None, None) => (UNKNOWN, Some("out_of_range")),
            (None, Some(all)) if perishable && lot.expires.is_none() => ((0, Some(all)), Some("expiry_missing")),
            (None, Some(all)) if in_doubt => ((0, Some(all)), Some("inspection_unknown")),
            (None, Some(all)) => ((all, Some(all)), None),
        };
        Self { lot, written, quantity, usable, left_out, doubt }
    }

    /// The lot as JSON.
    pub fn shown(&self) -> Value {
        let mut shown = json!({
            "lot": self.written,
            "expires_on": shown_day(self.lot.expires),
            "inspected_on": shown_day(self.lot.inspected),
            "condition": CONDITIONS.get(self.lot.condition),
            "held": HELD.get(self.lot.held),
            "quantity": number(self.quantity),
            "usable": shown(self.usable),
        });
        if let Some(members) = shown.as_object_mut() {
            members.extend(self.lot.derived.then(|| ("expiry_derived".to_owned(), json!(true))));
            members.extend(self.left_out.map(|reason| ("left_out".to_owned(), json!(reason))));
            members.extend(self.doubt.map(|doubt| ("doubt".to_owned(), json!(doubt))));
        }
        shown
    }
}

/// A day as JSON.
pub fn shown_day(day: Option<NaiveDate>) -> Value {
    day.map_or(Value::Null, |day| json!(day.to_string()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inspection {
    InTime,
    Overdue,
    NotRecorded,
}

fn inspection(inspected: Option<NaiveDate>, months: Option<i128>, as_of: NaiveDate) -> Inspection {
    let Some(months) = months else { return Inspection::InTime };
    let Some(inspected) = inspected else { return Inspection::NotRecorded };
    let overdue = months_later(inspected, months).is_some_and(|last| as_of > last);
    if overdue { Inspection::Overdue } else { Inspection::InTime }
}
