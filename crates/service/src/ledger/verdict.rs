//! Rows of ledgers as lines of counts.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use validator::Validate as _;

use crate::counts::checks::line_faults;
use base::id::DepotId;
use base::quantity::Quantity;
use domain::count::{CountScope, Held};
use domain::item::{Item, ItemCode};
use domain::ledger::{LedgerContent, LedgerText, WhyOpen};
use domain::matching::{Candidate, MatchOutcome, Matcher};
use domain::new_count::{NewCount, NewCountLine};

/// The maximum length of a remark of a line, in characters.
const REMARK: usize = 1000;

/// The verdict on a row by itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It is a line of a count.
    Line(Box<NewCountLine>),
    /// It stays open.
    Open(Open),
}

/// The question that an open row asks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Open {
    /// The reason.
    pub why: WhyOpen,
    /// The nearest items, best first, where it is asked which one it is.
    pub candidates: Vec<Candidate>,
}

impl Open {
    /// The question of a row whose item is not asked for.
    pub fn of(why: WhyOpen) -> Self {
        Self { why, candidates: Vec::new() }
    }
}

impl Verdict {
    fn open(why: WhyOpen) -> Self {
        Self::Open(Open::of(why))
    }
}

/// The nearest items of a row, best first; none if its words are one item without doubt, or none at all.
pub fn candidates(matcher: &Matcher, content: &LedgerContent) -> Vec<Candidate> {
    match matcher.find(&content.telling()) {
        MatchOutcome::Ask(candidates) => candidates,
        MatchOutcome::Sure(_) | MatchOutcome::NoMatch | MatchOutcome::Unlisted => Vec::new(),
    }
}

/// The verdict on a row: a line of a count only where its item, unit and values are without doubt.
pub(crate) fn verdict(
    matcher: &Matcher,
    items: &BTreeMap<ItemCode, Item>,
    content: &LedgerContent,
    day: NaiveDate,
) -> Verdict {
    let sure = match matcher.find(&content.telling()) {
        MatchOutcome::Sure(sure) => sure,
        MatchOutcome::Ask(candidates) => return Verdict::Open(Open { why: WhyOpen::Item, candidates }),
        MatchOutcome::NoMatch => return Verdict::open(WhyOpen::NoItem),
        MatchOutcome::Unlisted => return Verdict::open(WhyOpen::Unlisted),
    };
    if let Some(why) = content.values.unread.first() {
        return Verdict::open(*why);
    }
    let Some(stated) = content.values.quantity else { return Verdict::open(WhyOpen::Quantity) };
    let Some(Ok(quantity)) = sure.unit.factor().map(|factor| factor.convert(stated)) else {
        return Verdict::open(WhyOpen::Unit);
    };
    line(items, content, &sure.item, quantity, day)
}

/// The line of a row whose item and quantity are known; open where a rule for counts refuses it.
pub(crate) fn line(
    items: &BTreeMap<ItemCode, Item>,
    content: &LedgerContent,
    item: &str,
    quantity: Quantity,
    day: NaiveDate,
) -> Verdict {
    let values = &content.values;
    if let Some(why) = values.unread_but_quantity() {
        return Verdict::open(why);
    }
    let line = NewCountLine {
        item: item.to_owned(),
        quantity: Some(quantity),
        pack: None,
        packs: None,
        pack_size: None,
        lot: values.lot.clone(),
        expires_on: values.expires_on,
        made_on: values.made_on,
        inspected_on: values.inspected_on,
        condition: values.condition,
        held: values.held.unwrap_or(Held::Here),
        place: values.place.clone(),
        note: remark(&content.text),
    };
    if passes(items, &line, day) { Verdict::Line(Box::new(line)) } else { Verdict::open(WhyOpen::Line) }
}

/// True for a line that the rules for counts take.
fn passes(items: &BTreeMap<ItemCode, Item>, line: &NewCountLine, day: NaiveDate) -> bool {
    let count = listed(DepotId::default(), DateTime::UNIX_EPOCH, vec![line.clone()]);
    count.validate().is_ok() && count.check().is_ok_and(|checked| line_faults(&checked, items, day).is_empty())
}

/// A count of some lines.
pub(crate) fn listed(depot: DepotId, counted_at: DateTime<Utc>, lines: Vec<NewCountLine>) -> NewCount {
    NewCount {
        depot_id: depot,
        scope: CountScope::Listed,
        counted_at,
        kind: None,
        survey_id: None,
        catalogue_revision: None,
        catalogue_change_set: None,
        resolves: Vec::new(),
        counted_by: None,
        note: None,
        lines,
    }
}

/// The ledger's words for the thing.
fn remark(text: &LedgerText) -> Option<String> {
    let words = [&text.name, &text.specification, &text.model, &text.maker, &text.asset_number];
    let words: Vec<&str> = words.into_iter().filter_map(Option::as_deref).collect();
    (!words.is_empty()).then(|| words.join(" ").chars().take(REMARK).collect())
}

/// Adds a line to others: lines that differ in their quantity and remark alone become one.
///
/// # Errors
/// The line, if the sum is out of range.
pub(crate) fn merge(lines: &mut Vec<NewCountLine>, line: NewCountLine) -> Result<(), Box<NewCountLine>> {
    let Some(same) = lines.iter_mut().find(|one| one.is_same_lot(&line)) else {
        lines.push(line);
        return Ok(());
    };
    let sum = same.quantity.zip(line.quantity).map(|(one, other)| one.plus(other));
    let Some(Ok(sum)) = sum else { return Err(Box::new(line)) };
    same.quantity = Some(sum);
    let remark = match (same.note.take(), line.note) {
        (Some(one), Some(other)) if !one.split("; ").any(|part| part == other) => Some(format!("{one}; {other}")),
        (one, other) => one.or(other),
    };
    same.note = remark.map(|remark| remark.chars().take(REMARK).collect());
    Ok(())
}
