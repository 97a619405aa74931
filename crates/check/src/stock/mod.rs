//! Stock: which counts of an item in a depot are current, and how many of the units they found are usable.

mod count;
pub mod lot;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Map, Value, json};

use crate::rules::{Reason, shown_reasons};
use crate::state::State;
use crate::time::{instant, later};
use crate::value::{Pair, Read, UNKNOWN, Unreadable, ZERO, get, hull, list, number, object, plus, shown, text, whole};

use count::{Count, CountFound, Kept, not_mentioned};
pub use lot::Terms;
use lot::shown_day;

/// The most time between counts that are current together.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// The stock of one item in one open depot, worked out from the counts.
pub struct Depot {
    /// The item.
    pub item: String,
    /// The way its stock is held.
    pub holding: String,
    /// What is usable.
    pub usable: Pair,
    /// True if a current count is out of range.
    pub out_of_range: bool,
    /// True if the current counts differ.
    pub conflict: bool,
    /// The units left out, by reason.
    pub left_out: BTreeMap<&'static str, Option<i128>>,
    /// The state of knowledge.
    pub state: &'static str,
    on_record: Value,
    code: String,
    perishable: bool,
    terms: Terms,
    valid_through: Option<NaiveDate>,
    counts: Vec<CountFound>,
    inspection: Option<Standing>,
    taken_out: Vec<Value>,
}

/// An inspection that found less than the counts that came after it.
struct Standing {
    found: CountFound,
    through: NaiveDate,
    acceptance: Option<Value>,
}

/// The counts that cover the item, as far as they are excluded.
struct Excluded {
    /// The ids of those that other counts resolve.
    settled: HashSet<String>,
    /// The resolutions of those that resolutions exclude.
    named: HashMap<String, Value>,
}

impl Depot {
    /// Works the stock out, and checks the bearing of each count.
    pub fn new(state: &mut State<'_>, on_record: &Value, item: &str, evidence: &Value, pointer: &str) -> Read<Self> {
        let holding = text(on_record, "holding")?;
        if !matches!(holding, "physical" | "agreement" | "capacity") {
            return Err(Unreadable("holding"));
        }
        let code = text(on_record, "depot_code")?;
        let terms = state.terms.ok_or(Unreadable("validity"))?;
        let expected =
            [("depot", get(on_record, "depot")?.clone()), ("depot_code", json!(code)), ("item", json!(item))];
        for (name, expected) in expected {
            state.differences.member(evidence, name, &expected, pointer);
        }
        let is_open = holding == "physical" || (holding == "agreement" && terms.agreement);
        let mut depot = Self {
            item: item.to_owned(),
            holding: holding.to_owned(),
            usable: if is_open { UNKNOWN } else { ZERO },
            out_of_range: false,
            conflict: false,
            left_out: BTreeMap::new(),
            state: "never_counted",
            on_record: on_record.clone(),
            code: code.to_owned(),
            perishable: state.is_perishable(item)?,
            terms,
            valid_through: None,
            counts: Vec::new(),
            inspection: None,
            taken_out: Vec::new(),
        };
        let covering = depot.covering(state, evidence, pointer)?;
        depot.weigh(state, evidence, &covering)?;
        Ok(depot)
    }

    /// Reads the counts, and gives those that cover the item.
    fn covering(&self, state: &mut State<'_>, evidence: &Value, pointer: &str) -> Read<Vec<Rc<Count>>> {
        let mut covering = Vec::new();
        for (place, bearing) in list(evidence, "counts")?.iter().enumerate() {
            let (header, header_at) = state.header(text(bearing, "count")?)?;
            let count = Count::read(&header, bearing, state.zone, format!("{pointer}/counts/{place}"))?;
            let lists = !count.lines.is_empty();
            let differences = &mut state.differences;
            differences.member(bearing, "lists", &json!(lists), &count.pointer);
            differences.member(&header, "depot_code", &json!(self.code), &header_at);
            if count.day > self.terms.as_of {
                differences.note(format!("{}/count", count.pointer), Value::Null, json!(count.id));
            }
            if get(&header, "voided")? == &json!(true) {
                differences.member(bearing, "bearing", &json!("voided"), &count.pointer);
                differences.member(bearing, "by", &Value::Null, &count.pointer);
            } else if !lists && get(&header, "scope")? == "listed" {
                differences.note(format!("{}/lists", count.pointer), json!(true), json!(false));
            } else if !lists && text(bearing, "bearing")? == "not_in_catalogue" {
                differences.member(bearing, "by", &Value::Null, &count.pointer);
                state.unprovable.insert("catalogue");
            } else {
                if !lists {
                    state.unprovable.insert("catalogue");
                }
                covering.push(Rc::new(count));
            }
        }
        if whole(get(evidence, "more")?)? > 0 {
            state.unprovable.insert("counts_not_listed");
        }
        Ok(covering)
    }

    fn weigh(&mut self, state: &mut State<'_>, evidence: &Value, covering: &[Rc<Count>]) -> Read<()> {
        let excluded = Excluded { settled: settled(covering), named: named(evidence)? };
        let open = || covering.iter().filter(|count| !excluded.settled.contains(&count.id));
        let standing: Vec<Rc<Count>> =
            open().filter(|count| !excluded.named.contains_key(&count.id)).cloned().collect();
        let kept = Kept::of(&standing);
        let latest = kept.latest().cloned();
        let concurrent =
            |count: &Count| latest.as_ref().is_none_or(|latest| latest.effective - count.effective <= WINDOW);
        let newest_first = |counts: &mut Vec<Rc<Count>>| counts.sort_by(|one, other| other.order().cmp(&one.order()));
        let mut out: Vec<Rc<Count>> = open()
            .filter(|count| excluded.named.contains_key(&count.id) && kept.would_keep(count) && concurrent(count))
            .cloned()
            .collect();
        newest_first(&mut out);
        for count in out {
            self.taken_out.push(json!({
                "id": count.id,
                "effective_at": count.of_header("effective_at")?,
                "counted_by": count.of_header("counted_by")?,
                "resolution": excluded.named.get(&count.id),
            }));
        }
        let Some(latest) = latest.clone() else {
            return check_bearings(state, covering, &excluded, &[], None, &kept);
        };
        let mut others: Vec<Rc<Count>> =
            kept.counts().filter(|count| count.id != latest.id && concurrent(count)).cloned().collect();
        newest_first(&mut others);
        let current: Vec<Rc<Count>> = std::iter::once(Rc::clone(&latest)).chain(others).collect();
        let inspections = Kept::of(standing.iter().filter(|count| count.inspection));
        let inspection =
            inspections.latest().filter(|inspection| !latest.inspection && !concurrent(inspection)).cloned();
        check_bearings(state, covering, &excluded, &current, inspection.as_ref(), &kept)?;
        self.weigh_current(&current);
        if self.state == "stale" {
            return Ok(());
        }
        if let Some(inspection) = inspection {
            self.weigh_inspection(evidence, &inspection, &latest, covering)?;
        }
        let since = later(self.terms.as_of, -self.terms.validity_days);
        for found in &mut self.counts {
            found.not_mentioned = not_mentioned(&found.count, &standing, since, self.perishable)?;
        }
        Ok(())
    }

    fn weigh_current(&mut self, current: &[Rc<Count>]) {
        let found = |count: &Rc<Count>| CountFound::new(count, self.terms, &self.holding, self.perishable);
        self.counts = current.iter().map(found).collect();
        let Some(latest) = self.counts.first() else { return };
        let with_inspections = self.terms.surely.is_some() || self.terms.perhaps.is_some();
        let of_latest = latest.compared(with_inspections);
        let conflict = self.counts.iter().any(|other| other.compared(with_inspections) != of_latest);
        let through = later(latest.count.day, self.terms.validity_days);
        self.valid_through = Some(through);
        if through < self.terms.as_of {
            self.state = "stale";
            return;
        }
        self.conflict = conflict;
        self.state = if conflict { "conflict" } else { "counted" };
        let usable: Option<Vec<Pair>> = self.counts.iter().map(|count| count.usable).collect();
        self.out_of_range = usable.is_none();
        self.usable = usable.and_then(|usable| usable.into_iter().reduce(hull)).unwrap_or(UNKNOWN);
        for lot in &latest.lots {
            if let Some(reason) = lot.left_out {
                let sum = self.left_out.entry(reason).or_insert(Some(0));
                *sum = plus(*sum, lot.quantity);
            }
        }
    }

    fn weigh_inspection(
        &mut self,
        evidence: &Value,
        inspection: &Rc<Count>,
        latest: &Count,
        covering: &[Rc<Count>],
    ) -> Read<()> {
        let found = CountFound::new(inspection, self.terms, &self.holding, self.perishable);
        let through = later(inspection.day, whole(inspection.of_header("stands_days")?)?);
        let Some(usable) = found.usable.filter(|_| latest.day <= through) else { return Ok(()) };
        if !self.out_of_range && usable.1 >= self.usable.1 {
            return Ok(());
        }
        let mut holding = Vec::new();
        for acceptance in list(evidence, "acceptances")? {
            let cited = object(acceptance, "acceptance")?;
            let accepted = text(cited, "count")?;
            let accepted = covering.iter().find(|count| count.id == accepted);
            let holds = accepted.is_some_and(|count| !count.inspection && count.compare(latest).is_le());
            if holds && get(acceptance, "inspection")? == inspection.id.as_str() {
                holding.push((instant(text(cited, "accepted_at")?)?, text(cited, "id")?, cited));
            }
        }
        holding.sort_by_key(|(at, id, _)| (*at, *id));
        let acceptance = holding.first().map(|(_, _, cited)| (*cited).clone());
        if acceptance.is_none() {
            self.state = "contested";
            self.usable.0 = self.usable.0.min(usable.0);
        }
        self.inspection = Some(Standing { found, through, acceptance });
        Ok(())
    }

    /// The time of the latest count.
    pub fn last_counted_at(&self) -> Read<Option<&Value>> {
        self.counts.first().map(|found| found.count.of_header("effective_at")).transpose()
    }

    /// Notes on how its counts arrived.
    pub fn flags(&self) -> Read<BTreeSet<String>> {
        let mut flags = BTreeSet::new();
        for found in self.counts.iter().filter(|_| self.state != "stale") {
            flags.extend(found.flags()?);
        }
        Ok(flags)
    }

    /// The reasons why its stock is unknown.
    pub fn reasons(&self) -> Vec<Reason> {
        if self.usable.1 == Some(self.usable.0) {
            return Vec::new();
        }
        let mut codes: Vec<&str> = match self.state {
            "never_counted" => vec!["never_counted"],
            "stale" => vec!["stale_count"],
            "contested" => vec!["contested"],
            _ => Vec::new(),
        };
        codes.extend(self.conflict.then_some("conflict"));
        if self.state != "stale" {
            let objection =
                self.inspection.iter().filter(|_| self.state == "contested").map(|standing| &standing.found);
            codes.extend(self.counts.iter().chain(objection).flat_map(|found| &found.lots).filter_map(|lot| lot.doubt));
        }
        codes.extend(self.out_of_range.then_some("out_of_range"));
        codes.into_iter().map(|code| Reason::new(code).depot(&self.code)).collect()
    }

    /// The stock as JSON.
    pub fn shown(&self) -> Read<Value> {
        let counts: Vec<Value> = self.counts.iter().map(CountFound::shown).collect::<Read<_>>()?;
        let left_out = self.left_out.iter().map(|(reason, quantity)| ((*reason).to_owned(), number(*quantity)));
        let mut found = json!({
            "depot": get(&self.on_record, "depot")?,
            "depot_code": self.code,
            "holding": self.holding,
            "item": self.item,
            "state": self.state,
            "usable": shown(self.usable),
            "counts": counts,
            "taken_out": self.taken_out,
            "left_out": left_out.collect::<Map<_, _>>(),
            "reasons": shown_reasons(self.reasons()),
        });
        if let Some(members) = found.as_object_mut() {
            members.extend(self.valid_through.map(|day| ("valid_through".to_owned(), shown_day(Some(day)))));
            if let Some(standing) = &self.inspection {
                let mut inspection = json!({
                    "count": standing.found.shown()?,
                    "stands_through": shown_day(Some(standing.through)),
                });
                if let (Some(inspection), Some(acceptance)) = (inspection.as_object_mut(), &standing.acceptance) {
                    inspection.insert("acceptance".to_owned(), acceptance.clone());
                }
                members.insert("inspection".to_owned(), inspection);
            }
        }
        Ok(found)
    }
}

/// The counts that others resolve by name. No own count resolves an inspection, and none resolves a later one.
fn settled(covering: &[Rc<Count>]) -> HashSet<String> {
    let resolves = |resolver: &Count, named: &Count| {
        resolver.id != named.id
            && resolver.names(&named.id)
            && resolver.effective >= named.effective
            && (resolver.inspection || !named.inspection)
    };
    let is_settled = |named: &&Rc<Count>| covering.iter().any(|resolver| resolves(resolver, named));
    covering.iter().filter(is_settled).map(|count| count.id.clone()).collect()
}

/// The counts that resolutions exclude, each with the first that names it.
fn named(evidence: &Value) -> Read<HashMap<String, Value>> {
    let mut resolutions = Vec::new();
    for named in list(evidence, "resolutions")? {
        let resolution = get(named, "resolution")?;
        resolutions.push((instant(text(resolution, "resolved_at")?)?, text(resolution, "id")?, resolution, named));
    }
    resolutions.sort_by_key(|(at, id, ..)| (*at, *id));
    let mut found = HashMap::new();
    for (_, _, resolution, named) in resolutions {
        for count in list(named, "counts")? {
            let count = count.as_str().ok_or(Unreadable("counts"))?;
            found.entry(count.to_owned()).or_insert_with(|| resolution.clone());
        }
    }
    Ok(found)
}

fn check_bearings(
    state: &mut State<'_>,
    covering: &[Rc<Count>],
    excluded: &Excluded,
    current: &[Rc<Count>],
    inspection: Option<&Rc<Count>>,
    kept: &Kept,
) -> Read<()> {
    for count in covering {
        let (bearing, by) = if excluded.settled.contains(&count.id) {
            let naming = covering.iter().filter(|other| other.id != count.id && other.names(&count.id));
            let first = naming.min_by(|one, other| one.order().cmp(&other.order()));
            ("resolved", first.map(|first| json!(first.id)))
        } else if let Some(resolution) = excluded.named.get(&count.id) {
            ("taken_out", Some(get(resolution, "id")?.clone()))
        } else if current.iter().any(|one| one.id == count.id) {
            ("current", None)
        } else if inspection.is_some_and(|inspection| inspection.id == count.id) {
            ("inspection", None)
        } else {
            let last = kept.last_of(count).filter(|last| last.id != count.id);
            ("superseded", last.or(kept.latest()).map(|last| json!(last.id)))
        };
        state.differences.member(&count.bearing, "bearing", &json!(bearing), &count.pointer);
        state.differences.member(&count.bearing, "by", &by.unwrap_or_default(), &count.pointer);
    }
    Ok(())
}
