//! Checks of a count against what is stored.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::{Catalogue, Submission, depot_unknown};
use base::error::{Error, Fault};
use base::id::{CountId, OrganizationId};
use base::quantity::Quantity;
use base::time::CLOCK_TOLERANCE;
use db::connection::AnyConnection;
use db::counts::Resolves;
use domain::item::{Item, ItemCode};
use domain::labels::unit_label;
use domain::new_count::{CheckedCount, NewCount, NewCountLine};
use domain::revision::{Revision, in_force, in_force_or_first};
use text::messages::message;

pub(super) fn items_of(connection: &mut AnyConnection, count: &NewCount) -> Result<BTreeMap<ItemCode, Item>, Error> {
    let codes: BTreeSet<ItemCode> = count.lines.iter().map(|line| line.item.clone()).collect();
    db::items::list_some(connection, &codes, Revision::LATEST)
}

pub(super) fn line_faults(count: &CheckedCount, items: &BTreeMap<ItemCode, Item>, day: NaiveDate) -> Vec<Fault> {
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
    if !item.measured && !units.is_whole() {
        let field = if line.quantity.is_some() { "quantity" } else { "packs" };
        faults.push(Fault::new(
            format!("{at}/{field}"),
            "not_whole",
            message!("line-not-whole", item = &item.code, unit = unit_label(&item.unit)),
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
                unit = unit_label(&item.unit)
            ),
        ));
    }
    faults
}

/// The depot must be the organization's, and open on the day of the count. A depot that is somebody else's is answered
/// as one that is not there.
pub(super) fn depot_faults(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    count: &NewCount,
    day: NaiveDate,
) -> Result<Vec<Fault>, Error> {
    let depots = db::depots::list(connection, &[organization], Revision::LATEST)?;
    let Some(depot) = depots.iter().find(|depot| depot.id == count.depot_id) else {
        return Ok(vec![depot_unknown()]);
    };
    if in_force(&depot.versions, day).is_some_and(|version| version.value.open) {
        return Ok(Vec::new());
    }
    Ok(vec![Fault::new(
        "/depot_id",
        "depot_closed",
        message!("count-depot-closed", depot = &depot.code, day = day.to_string()),
    )])
}

/// The counts that a count resolves. One that was accepted before a restore may come before those that it resolves.
pub(super) fn resolves_of(connection: &mut AnyConnection, submission: &Submission) -> Result<Resolves, Error> {
    let count = submission.count.count();
    let named: BTreeSet<CountId> = count.resolves.iter().copied().collect();
    let found = db::counts::existing_in_depot(connection, count.depot_id, &named)?;
    let is_genuine = submission.evidence.is_some();
    let awaited = if is_genuine { named.difference(&found).copied().collect() } else { BTreeSet::new() };
    Ok(Resolves { found, awaited })
}

pub(super) fn reference_faults(count: &NewCount, resolves: &Resolves) -> Vec<Fault> {
    let mut faults = Vec::new();
    if count.survey_id.is_some() {
        faults.push(Fault::new("/survey_id", "survey_unknown", message!("count-survey-unknown")));
    }
    let found = &resolves.found;
    let is_missing = |id: &CountId| !found.contains(id) && !resolves.awaited.contains(id);
    faults.extend(count.resolves.iter().enumerate().filter(|(_, id)| is_missing(id)).map(|(number, id)| {
        Fault::new(
            format!("/resolves/{number}"),
            "count_unknown",
            message!("count-resolves-unknown", id = id.to_string()),
        )
    }));
    faults
}

/// The catalogue revision that a count names, where it is known here. One that is passed over where it is not must have been
/// there when the count was made: after a restore its number may stand for something else.
pub(super) fn known_catalogue(
    connection: &mut AnyConnection,
    submission: &Submission,
    effective_at: DateTime<Utc>,
) -> Result<Option<Revision>, Error> {
    let Some(revision) = submission.count.count().catalogue_revision else { return Ok(None) };
    let found = db::revisions::find(connection, revision)?;
    let was_there =
        |at: DateTime<Utc>| submission.catalogue == Catalogue::Asked || at <= effective_at + CLOCK_TOLERANCE;
    Ok(found.filter(|learnt| was_there(learnt.at)).map(|learnt| learnt.revision))
}

pub(super) fn catalogue_unknown(connection: &mut AnyConnection, revision: Revision) -> Result<Fault, Error> {
    let newest = db::revisions::newest(connection)?.map_or(Revision(0), |newest| newest.revision);
    let detail = message!("revision-unknown", revision = revision.0, newest = newest.0);
    Ok(Fault::new("/catalogue_revision", "revision_unknown", detail))
}
