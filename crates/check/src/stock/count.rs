//! Counts: their order, which of each source are kept, and what they found.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::lot::{Line, Lot, LotFound, Terms, shown_day};
use crate::time::{day_of, instant};
use crate::value::{Pair, Read, UNKNOWN, Unreadable, get, list, number, object, plus, shown, text, total, whole};

/// A count with its bearing on one item.
#[derive(Debug)]
pub struct Count {
    /// The count as the document has it.
    pub header: Value,
    /// Its bearing on the item.
    pub bearing: Value,
    /// The pointer to that.
    pub pointer: String,
    /// Its id.
    pub id: String,
    /// True for an inspection.
    pub inspection: bool,
    /// The effective time.
    pub effective: DateTime<Utc>,
    /// Its source.
    pub source: (String, String),
    /// Its local day.
    pub day: NaiveDate,
    /// Its lines of the item.
    pub lines: Vec<Line>,
    received: DateTime<Utc>,
    seq: Option<i128>,
}

impl Count {
    /// Reads a count.
    pub fn read(header: &Value, bearing: &Value, zone: Tz, pointer: String) -> Read<Self> {
        let kind = text(header, "kind")?;
        let scope = text(header, "scope")?;
        if !matches!(kind, "own" | "inspection") || !matches!(scope, "full" | "listed") {
            return Err(Unreadable("kind"));
        }
        let seq = match get(header, "seq")? {
            Value::Null => None,
            seq => Some(whole(seq)?),
        };
        let source = object(header, "source")?.as_object().ok_or(Unreadable("source"))?;
        let mut members = source.iter();
        let source = match (members.next(), members.next()) {
            (Some((name, value)), None) if matches!(name.as_str(), "device" | "account") => {
                (name.clone(), value.as_str().ok_or(Unreadable("source"))?.to_owned())
            }
            _ => return Err(Unreadable("source")),
        };
        list(header, "resolves")?;
        let effective = instant(text(header, "effective_at")?)?;
        let lines = list(bearing, "lines")?.iter().map(|line| Line::read(line, bearing)).collect::<Read<_>>()?;
        Ok(Self {
            header: header.clone(),
            bearing: bearing.clone(),
            pointer,
            id: text(header, "id")?.to_owned(),
            inspection: kind == "inspection",
            effective,
            source,
            day: day_of(effective, zone),
            lines,
            received: instant(text(header, "received_at")?)?,
            seq,
        })
    }

    /// Its place among the counts of all sources.
    pub fn order(&self) -> (DateTime<Utc>, DateTime<Utc>, &str) {
        (self.effective, self.received, &self.id)
    }

    /// Its place among the counts of its source.
    pub fn order_in_source(&self) -> (DateTime<Utc>, Option<i128>, DateTime<Utc>, &str) {
        (self.effective, self.seq, self.received, &self.id)
    }

    /// The order of two counts.
    pub fn compare(&self, other: &Self) -> Ordering {
        if self.source == other.source {
            self.order_in_source().cmp(&other.order_in_source())
        } else {
            self.order().cmp(&other.order())
        }
    }

    /// True if it resolves a count by name.
    pub fn names(&self, id: &str) -> bool {
        self.header.get("resolves").and_then(Value::as_array).is_some_and(|named| named.iter().any(|named| named == id))
    }

    /// A member of the count.
    pub fn of_header(&self, name: &'static str) -> Read<&Value> {
        get(&self.header, name)
    }
}

/// The last counts of each source; only a later inspection supersedes an inspection.
#[derive(Default)]
pub struct Kept {
    last: HashMap<(String, String), Rc<Count>>,
    inspections: HashMap<(String, String), Rc<Count>>,
}

impl Kept {
    /// Keeps the last of some counts.
    pub fn of<'c>(counts: impl IntoIterator<Item = &'c Rc<Count>>) -> Self {
        let mut kept = Self::default();
        for count in counts {
            keep(&mut kept.last, count);
            if count.inspection {
                keep(&mut kept.inspections, count);
            }
        }
        kept
    }

    /// The counts kept.
    pub fn counts(&self) -> impl Iterator<Item = &Rc<Count>> {
        let hidden = |count: &&Rc<Count>| self.last_of(count).is_none_or(|last| last.id != count.id);
        self.last.values().chain(self.inspections.values().filter(hidden))
    }

    /// The last count of a count's source.
    pub fn last_of(&self, count: &Count) -> Option<&Rc<Count>> {
        self.last.get(&count.source)
    }

    /// The latest of all.
    pub fn latest(&self) -> Option<&Rc<Count>> {
        self.counts().max_by(|one, other| one.order().cmp(&other.order()))
    }

    /// True if a further count would be kept.
    pub fn would_keep(&self, count: &Count) -> bool {
        let comes_last = |last: &HashMap<(String, String), Rc<Count>>| {
            last.get(&count.source).is_none_or(|last| last.order_in_source() < count.order_in_source())
        };
        comes_last(&self.last) || count.inspection && comes_last(&self.inspections)
    }
}

fn keep(last: &mut HashMap<(String, String), Rc<Count>>, count: &Rc<Count>) {
    let known = last.entry(count.source.clone()).or_insert_with(|| Rc::clone(count));
    if known.order_in_source() < count.order_in_source() {
        *known = Rc::clone(count);
    }
}

/// A count with the lots that it found.
pub struct CountFound {
    /// The count.
    pub count: Rc<Count>,
    /// The lots.
    pub lots: Vec<LotFound>,
    /// What is usable of them; `None` is out of range.
    pub usable: Option<Pair>,
    /// The lots that it does not mention, as JSON.
    pub not_mentioned: Vec<Value>,
}

/// The fields in which the lots of two counts are compared.
type Compared<'l> = (&'l Option<String>, Option<NaiveDate>, usize, usize, Option<NaiveDate>);

impl CountFound {
    /// Works out what a count found.
    pub fn new(count: &Rc<Count>, terms: Terms, holding: &str, perishable: bool) -> Self {
        let mut merged: BTreeMap<Lot, (Option<String>, Option<i128>)> = BTreeMap::new();
        for line in count.lines.iter().filter(|line| line.quantity > 0) {
            let found = merged.entry(line.lot(perishable)).or_insert_with(|| (line.written.clone(), Some(0)));
            found.1 = plus(found.1, Some(line.quantity));
        }
        let lots = merged.into_iter();
        let mut lots: Vec<LotFound> = lots
            .map(|(lot, (written, quantity))| LotFound::new(lot, written, quantity, terms, holding, perishable))
            .collect();
        lots.sort_by(|one, other| one.written.cmp(&other.written));
        let is_known = lots.iter().all(|lot| lot.doubt != Some("out_of_range"));
        let usable = if is_known { total(lots.iter().map(|lot| lot.usable)) } else { None };
        Self { count: Rc::clone(count), lots, usable, not_mentioned: Vec::new() }
    }

    /// The units of each lot, in the fields that are compared.
    pub fn compared(&self, with_inspections: bool) -> BTreeMap<Compared<'_>, Option<i128>> {
        let mut compared = BTreeMap::new();
        for LotFound { lot, quantity, .. } in &self.lots {
            let inspected = lot.inspected.filter(|_| with_inspections);
            let sum = compared.entry((&lot.plain, lot.expires, lot.condition, lot.held, inspected)).or_insert(Some(0));
            *sum = plus(*sum, *quantity);
        }
        compared
    }

    /// Notes on how it arrived and on lots that it does not mention.
    pub fn flags(&self) -> Read<Vec<String>> {
        let flags = list(&self.count.header, "flags")?.iter();
        let mut flags: Vec<String> =
            flags.map(|flag| flag.as_str().map(ToOwned::to_owned).ok_or(Unreadable("flags"))).collect::<Read<_>>()?;
        flags.extend((!self.not_mentioned.is_empty()).then(|| "lots_not_mentioned".to_owned()));
        Ok(flags)
    }

    /// The count as JSON.
    pub fn shown(&self) -> Read<Value> {
        let lots: Vec<Value> = self.lots.iter().map(LotFound::shown).collect();
        let mut found = json!({
            "source": self.count.source.0,
            "flags": self.flags()?,
            "usable": shown(self.usable.unwrap_or(UNKNOWN)),
            "lots": lots,
        });
        if let Some(members) = found.as_object_mut() {
            for name in ["id", "effective_at", "counted_by", "kind", "scope"] {
                members.insert(name.to_owned(), self.count.of_header(name)?.clone());
            }
            if !self.not_mentioned.is_empty() {
                members.insert("lots_not_mentioned".to_owned(), json!(self.not_mentioned));
            }
        }
        Ok(found)
    }
}

/// A lot for people: its number, or else its expiry day.
type Key = (Option<String>, Option<NaiveDate>);

/// The lots that a count mentions, as written and with their quantities; and whether it mentions all.
type Mentions = (BTreeMap<Key, (Option<String>, Option<i128>)>, bool);

fn mentions(count: &Count, perishable: bool) -> Mentions {
    let (mut lots, mut all) = (BTreeMap::new(), false);
    for line in &count.lines {
        let expires = line.expiry(perishable).0.filter(|_| line.lot.is_none());
        let key = (line.lot.clone(), expires);
        all |= key == (None, None) && line.quantity == 0;
        let found = lots.entry(key).or_insert_with(|| (line.written.clone(), Some(0)));
        found.1 = plus(found.1, Some(line.quantity));
    }
    (lots, all)
}

/// The lots that a count does not mention although the last earlier count that mentions them found some.
pub fn not_mentioned(
    count: &Rc<Count>,
    standing: &[Rc<Count>],
    since: NaiveDate,
    perishable: bool,
) -> Read<Vec<Value>> {
    let (own, all) = mentions(count, perishable);
    if own.is_empty() || all {
        return Ok(Vec::new());
    }
    let earlier: Vec<(&Rc<Count>, Mentions)> = standing
        .iter()
        .filter(|one| one.compare(count).is_lt() && one.day >= since)
        .map(|one| (one, mentions(one, perishable)))
        .collect();
    let mut keys: Vec<&Key> = earlier.iter().flat_map(|(_, (lots, _))| lots.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut found = Vec::new();
    for key in keys.into_iter().filter(|key| !own.contains_key(*key)) {
        let mentioning = earlier.iter().filter(|(_, (lots, all))| *all || lots.contains_key(key));
        let kept = Kept::of(mentioning.map(|(one, _)| *one));
        let Some(last) = kept.latest() else { continue };
        let lots = earlier.iter().find(|(one, _)| one.id == last.id).and_then(|(_, (lots, _))| lots.get(key));
        let Some((written, quantity)) = lots.filter(|(_, quantity)| *quantity != Some(0)) else { continue };
        found.push(json!({
            "lot": written,
            "expires_on": shown_day(key.1),
            "quantity": number(*quantity),
            "count": last.id,
            "effective_at": last.of_header("effective_at")?,
        }));
    }
    Ok(found)
}
