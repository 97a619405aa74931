//! The state of the check of one explanation, which its parts share.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::rules::facts::Facts;
use crate::selector::{SELECTORS, items_of};
use crate::stock::lot::Terms;
use crate::value::{Differences, Pair, Read, Unreadable, get, only};

/// What was found of an explanation so far.
pub struct State<'v> {
    /// The document.
    pub document: &'v Value,
    /// The values that differ.
    pub differences: Differences,
    /// What cannot be proven.
    pub unprovable: BTreeSet<&'static str>,
    /// The facts, the organization and the day.
    pub facts: Facts<'v>,
    /// The zone of days.
    pub zone: Tz,
    /// The rank of the line's strength.
    pub strength: usize,
    /// What the line asks for.
    pub selector: Value,
    /// The scopes that share units.
    pub groups: BTreeMap<String, String>,
    /// The ratios that are being looked up.
    pub open_ratios: Vec<String>,
    /// What the line asks of counts and lots.
    pub terms: Option<Terms>,
    /// The most that agreements may meet.
    pub agreement: Pair,
    /// The same of what the rules of the line's own strength ask for.
    pub own_agreement: Pair,
    /// The most that units may meet which count for a stronger line only.
    pub covered: Pair,
    /// What is required.
    pub required: Pair,
    /// The items that the document must cite.
    pub named_items: BTreeSet<String>,
    /// The explanation within the document.
    pub explanation: &'v Value,
    /// The items that the document cites.
    pub items: BTreeMap<&'v str, &'v Value>,
    /// The counts, each with its place.
    pub headers: BTreeMap<&'v str, (usize, &'v Value)>,
    /// The depots on record.
    pub on_record: &'v [Value],
}

impl<'v> State<'v> {
    /// Notes that the document must cite the items of a selector.
    pub fn name_items(&mut self, selector: &Value) -> Read<()> {
        self.named_items.extend(items_of(selector, false)?.into_iter().map(ToOwned::to_owned));
        Ok(())
    }

    /// What the document says of an item.
    pub fn item(&self, code: &str) -> Read<&'v Value> {
        self.items.get(code).copied().ok_or(Unreadable("items"))
    }

    /// True if an item is measured.
    pub fn is_item_measured(&self, code: &str) -> Read<bool> {
        Ok(get(self.item(code)?, "measured")? == &json!(true))
    }

    /// True if every lot of an item has an expiry day.
    pub fn is_perishable(&self, code: &str) -> Read<bool> {
        Ok(get(self.item(code)?, "perishable")? == &json!(true))
    }

    /// True if the numbers of a selector are not rounded to whole ones.
    pub fn is_measured(&self, selector: &Value) -> Read<bool> {
        let (form, _) = only(selector, &SELECTORS)?;
        if !matches!(form, "item" | "any_of") {
            return Ok(form == "capability");
        }
        let mut measured = false;
        for item in items_of(selector, false)? {
            measured = self.is_item_measured(item)? || measured;
        }
        Ok(measured)
    }

    /// A count, and the pointer to it.
    pub fn header(&self, id: &str) -> Read<(Value, String)> {
        let (place, header) = self.headers.get(id).ok_or(Unreadable("counts"))?;
        Ok(((*header).clone(), format!("/explanation/counts/{place}")))
    }

    /// The way in which the depot of a supply is held; `None` if it is that of no single depot on record.
    pub fn holding_of(&self, supply: &Value) -> Option<&'v str> {
        let code = supply.get("depot")?;
        self.on_record.iter().find(|depot| depot.get("depot_code") == Some(code))?.get("holding")?.as_str()
    }
}
