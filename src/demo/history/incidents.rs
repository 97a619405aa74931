//! Events outside the routine: two people who disagree, an inspection, a typing error.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::diary::{Diary, Draft};
use base::quantity::Quantity;
use domain::count::{CountKind, CountScope};
use domain::new_count::NewCountLine;

/// Adds the incidents of an organization.
pub(super) fn write(diary: &mut Diary<'_>) {
    match diary.scene.code() {
        "T4" => disagreement(diary, false),
        "HC-02" => disagreement(diary, true),
        "HC-01" => inspection(diary),
        "HC-05" => slip(diary),
        _ => {}
    }
}

/// A second phone counts two items of the first depot five minutes after the first, and finds fewer. If they settle it,
/// they count again together six minutes later and name both counts.
fn disagreement(diary: &mut Diary<'_>, settled: bool) {
    let Some(depot) = diary.depots().first() else { return };
    let Some((first, at)) = diary.last_count(depot) else { return };
    let mut lines = recount(diary.last_lines(depot), 2);
    less_by_one(&mut lines);
    let draft = Draft::new(depot, at + TimeDelta::minutes(5), CountScope::Listed, lines.clone());
    let second = diary.write(Draft { phone: Some(2), ..draft });
    if settled {
        let draft = Draft::new(depot, at + TimeDelta::minutes(11), CountScope::Listed, lines);
        let note = Some("counted again together: one was on the truck");
        diary.write(Draft { resolves: vec![first, second], note, ..draft });
    }
}

/// The officer counts four items and finds fewer than the organization did.
fn inspection(diary: &mut Diary<'_>) {
    let Some(depot) = diary.depots().first() else { return };
    let mut lines = recount(diary.last_lines(depot), 4);
    less_by_one(&mut lines);
    let draft = Draft::new(depot, diary.at(2, 10, 30), CountScope::Listed, lines);
    let note = Some("unannounced; the keeper was there");
    diary.write(Draft { kind: CountKind::Inspection, phone: None, note, ..draft });
}

/// A count with one digit too many, voided.
fn slip(diary: &mut Diary<'_>) {
    let Some(depot) = diary.depots().first() else { return };
    let mut lines = recount(diary.last_lines(depot), 1);
    for line in &mut lines {
        line.quantity = line.quantity.map(|quantity| quantity.times(Quantity::whole(10)).unwrap_or(quantity));
    }
    let draft = Draft::new(depot, diary.at(3, 9, 15), CountScope::Listed, lines);
    diary.write(Draft { void: Some("One digit too many: the pallet was counted as ten."), ..draft });
}

/// The lines of the first items of a count of which there are several units, not counted in packs.
pub(super) fn recount(lines: &[NewCountLine], items: usize) -> Vec<NewCountLine> {
    let plenty = |line: &&NewCountLine| line.quantity.is_some_and(|quantity| quantity > Quantity::whole(1));
    let mut chosen = BTreeSet::new();
    for line in lines.iter().filter(plenty) {
        if chosen.len() < items {
            chosen.insert(line.item.as_str());
        }
    }
    lines.iter().filter(|line| chosen.contains(line.item.as_str())).cloned().collect()
}

/// One unit fewer of each item, where the first line of it has one.
pub(super) fn less_by_one(lines: &mut [NewCountLine]) {
    let mut seen = BTreeSet::new();
    for line in lines {
        if seen.insert(line.item.clone()) {
            line.quantity = line.quantity.map(|quantity| quantity.less(Quantity::whole(1)));
        }
    }
}
