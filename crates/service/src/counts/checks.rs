//! Checks of a count against what is stored.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{FirstReceipt, Submission, depot_unknown};
use base::error::{Error, Fault};
use base::id::{CountId, OrganizationId};
use base::quantity::Quantity;
use base::time::CLOCK_TOLERANCE;
use db::connection::AnyConnection;
use db::counts::Resolves;
use domain::count::CountKind;
use domain::depot::Depot;
use domain::item::{CatalogueSeen, Item, ItemCode};
use domain::labels::unit_label;
use domain::new_count::{CheckedCount, NewCount, NewCountLine};
use domain::revision::{Revision, in_force, in_force_or_first};
use text::messages::message;

/// The faults of lines against the catalogue.
pub(crate) fn line_faults(count: &CheckedCount, items: &BTreeMap<ItemCode, Item>, day: NaiveDate) -> Vec<Fault> {
    count
        .lines()
        .enumerate()
        .flat_map(|(number, (line, units))| match items.get(&line.item) {
            None => vec![Fault::new(
                format!("/lines/{number}/item"),
                "item_unknown",
                message!("line-item-unknown", item = &line.item),
            )],
            Some(item) => amount_faults(&format!("/lines/{number}"), line, units, item, day),
        })
        .collect()
}

fn amount_faults(at: &str, line: &NewCountLine, units: Quantity, item: &Item, day: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !item.unit.measured && !units.is_whole() {
        let field = if line.quantity.is_some() { "quantity" } else { "packs" };
        faults.push(Fault::new(
            format!("{at}/{field}"),
            "not_whole",
            message!("line-not-whole", item = &item.code, unit = unit_label(&item.unit.name)),
        ));
    }
    let packs = in_force_or_first(&item.versions, day).map_or(&[][..], |version| &version.value.packs);
    if let (Some(name), Some(size)) = (&line.pack, line.pack_size)
        && let Some(pack) = packs.iter().find(|pack| pack.name == *name)
        && pack.size != size
    {
        faults.push(Fault::new(
            format!("{at}/pack_size"),
            "pack_size_differs",
            message!(
                "line-pack-differs",
                pack = name,
                item = &item.code,
                size = pack.size.to_string(),
                unit = unit_label(&item.unit.name)
            ),
        ));
    }
    faults
}

/// The items whose unit was mended after the catalogue that the person counting had: nobody knows in which unit they counted.
pub(super) fn unit_faults(count: &NewCount, items: &BTreeMap<ItemCode, Item>, seen: CatalogueSeen) -> Vec<Fault> {
    let fault = |(number, line): (usize, &NewCountLine)| {
        let item = items.get(&line.item)?;
        let before = item.unit_in(seen);
        (*before != item.unit).then(|| {
            let (before, unit) = (unit_label(&before.name), unit_label(&item.unit.name));
            let detail = message!("line-unit-changed", item = &item.code, before = before, unit = unit);
            Fault::new(format!("/lines/{number}/item"), "unit_changed", detail)
        })
    };
    count.lines.iter().enumerate().filter_map(fault).collect()
}

/// Checks that the depot is the organization's, and open on the day of the count. A depot of another organization counts
/// as missing.
pub(super) fn depot_faults(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    count: &NewCount,
    day: NaiveDate,
) -> Result<Vec<Fault>, Error> {
    let found = db::depots::list_some(connection, &[], &[count.depot_id], Revision::LATEST)?;
    let Some(depot) = found.iter().find(|depot| depot.organization_id == organization) else {
        return Ok(vec![depot_unknown()]);
    };
    Ok(depot_closed(depot, day).into_iter().collect())
}

/// The fault of a depot that is not open on the day of a count.
pub(crate) fn depot_closed(depot: &Depot, day: NaiveDate) -> Option<Fault> {
    let is_open = in_force(&depot.versions, day).is_some_and(|version| version.value.open);
    (!is_open).then(|| {
        let detail = message!("count-depot-closed", depot = &depot.code, day = day.to_string());
        Fault::new("/depot_id", "depot_closed", detail)
    })
}

/// The counts that a count resolves, with the kinds of those that are there. One that was accepted before a restore may come
/// before those that it resolves.
pub(super) struct NamedCounts {
    kinds: BTreeMap<CountId, CountKind>,
    pub(super) resolves: Resolves,
}

pub(super) fn named_counts(connection: &mut AnyConnection, submission: &Submission) -> Result<NamedCounts, Error> {
    let count = submission.count.count();
    let named: BTreeSet<CountId> = count.resolves.iter().copied().collect();
    let kinds = db::counts::kinds_in_depot(connection, count.depot_id, &named)?;
    let (found, missing): (BTreeSet<CountId>, BTreeSet<CountId>) =
        named.into_iter().partition(|id| kinds.contains_key(id));
    let awaited = if submission.evidence.is_some() { missing } else { BTreeSet::new() };
    Ok(NamedCounts { kinds, resolves: Resolves { found, awaited } })
}

/// Checks the survey and the counts that a count names. A quartermaster's count cannot resolve an inspection. A count
/// that was accepted before this rule existed is accepted again, but resolves no inspection either.
pub(super) fn reference_faults(submission: &Submission, named: &NamedCounts, kind: CountKind) -> Vec<Fault> {
    let count = submission.count.count();
    let mut faults = Vec::new();
    if count.survey_id.is_some() {
        faults.push(Fault::new("/survey_id", "survey_unknown", message!("count-survey-unknown")));
    }
    let may_resolve = kind == CountKind::Inspection || submission.evidence.is_some();
    let fault = |number: usize, id: &CountId| {
        let (at, text) = (format!("/resolves/{number}"), id.to_string());
        match named.kinds.get(id) {
            None if named.resolves.awaited.contains(id) => None,
            None => Some(Fault::new(at, "count_unknown", message!("count-resolves-unknown", id = text))),
            Some(CountKind::Inspection) if !may_resolve => {
                Some(Fault::new(at, "resolves_inspection", message!("count-resolves-inspection", id = text)))
            }
            Some(_) => None,
        }
    };
    faults.extend(count.resolves.iter().enumerate().filter_map(|(number, id)| fault(number, id)));
    faults
}

/// The catalogue revision that a count names, if it is valid: it was issued here before the count was first received, and
/// belongs to the present history. After a restore its number may mean another catalogue.
pub(super) fn believed_catalogue(
    connection: &mut AnyConnection,
    submission: &Submission,
) -> Result<Option<Revision>, Error> {
    let count = submission.count.count();
    let Some(revision) = count.catalogue_revision else { return Ok(None) };
    let Some(issued) = db::revisions::find(connection, revision)? else { return Ok(None) };
    // A count received now can only name what is stored now, whatever the two clocks say.
    let was_there =
        submission.first_receipt == FirstReceipt::Now || issued.at <= submission.received_at + CLOCK_TOLERANCE;
    let is_of_this_history = match count.catalogue_change_set {
        Some(named) => db::revisions::change_set_of(connection, revision)? == Some(named),
        None => true,
    };
    Ok((was_there && is_of_this_history).then_some(revision))
}
