//! The items that a count covers, and the lots that it does not mention.

use std::collections::BTreeSet;

use base::error::Error;
use base::time::end_of_day;
use db::counts::StoredCount;
use db::read::Snapshot;
use domain::count::{CountFlag, CountScope};
use domain::item::{CatalogueSeen, ItemCode};
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use domain::stock::{LotNotMentioned, Stores};

/// The number of items that a count covers: those it lists and, for a count of the whole depot, those of the catalogue
/// that was fixed at its first receipt. A count of the whole depot is flagged if it was made before the catalogue had any
/// items.
pub fn note_coverage(reference_data: &ReferenceData, organization: &Organization, count: &mut StoredCount) -> usize {
    let mut items: BTreeSet<&str> = count.lines.iter().map(|line| line.item_code.as_str()).collect();
    if count.row.scope == CountScope::Listed {
        return items.len();
    }
    let effective_at = count.row.effective_at.0;
    let catalogue = count.row.catalogue_revision.map_or(CatalogueSeen::When(effective_at), CatalogueSeen::At);
    let day = reference_data.day_of(organization, effective_at);
    let in_catalogue: BTreeSet<&str> = reference_data
        .items
        .values()
        .filter(|item| item.was_in(catalogue, day))
        .map(|item| item.code.as_str())
        .collect();
    let is_before = in_catalogue.is_empty();
    items.extend(in_catalogue);
    let number = items.len();
    if is_before {
        count.flags.push(CountFlag::BeforeCatalogue);
        count.flags.sort_unstable();
    }
    number
}

/// The lots that a count does not mention, each with its item, by present knowledge and as of the day of the count. A
/// count with such lots is flagged.
pub fn note_lots_left_out(
    snapshot: &mut Snapshot<'_>,
    reference_data: &ReferenceData,
    organization: &Organization,
    count: &mut StoredCount,
) -> Result<Vec<(ItemCode, LotNotMentioned)>, Error> {
    let day = reference_data.day_of(organization, count.row.effective_at.0);
    let before = end_of_day(day, reference_data.zone_of(organization, day));
    let records = db::reference_data::records_of_depot(
        snapshot.connection,
        organization,
        count.row.depot_id,
        snapshot.newest_revision(),
        reference_data.longest_validity_days(),
        before,
        (count.row.id, count.row.effective_at.0),
    )?;
    let validity = reference_data.validity_of(organization, day).days;
    let stores = Stores::new(reference_data, &records, day);
    let left_out: Vec<(ItemCode, LotNotMentioned)> =
        stores.not_mentioned_by(count.row.id, validity).into_iter().map(|(item, lot)| (item.to_owned(), lot)).collect();
    if !left_out.is_empty() {
        count.flags.push(CountFlag::LotsNotMentioned);
    }
    Ok(left_out)
}
