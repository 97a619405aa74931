//! The items that a depot counts: those whose lines a phone lists, and whose labels are printed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::assessment::{Status, assess};
use super::depot::Depot;
use super::item::ItemCode;
use super::reference_data::{OrganizationData, ReferenceData};
use super::revision::in_force;
use super::rule::Selector;
use super::stock::{DepotStock, StockState, stock};
use base::id::DepotId;

/// The stock of an organization on a day, with the items that its open depots have to count and never did: by the code of the depot and
/// that of the item.
pub fn stock_with_uncounted(
    reference_data: &ReferenceData,
    records: &OrganizationData,
    day: NaiveDate,
) -> Vec<DepotStock> {
    let mut all = stock(reference_data, records, day);
    let known: BTreeSet<(DepotId, ItemCode)> = all.iter().map(|found| (found.depot, found.item.clone())).collect();
    for (id, items) in items_of_depots(reference_data, records, day) {
        let Some(depot) = records.depots.iter().find(|depot| depot.id == id) else { continue };
        let Some(version) = in_force(&depot.versions, day) else { continue };
        for item in items.into_iter().filter(|item| !known.contains(&(id, item.clone()))) {
            all.push(DepotStock::never_counted(depot, version.value.holding, item));
        }
    }
    all.sort_by(|one, other| (&one.depot_code, &one.item).cmp(&(&other.depot_code, &other.item)));
    all
}

/// The items of each open depot of an organization on a day: those that were ever counted there, and those that are required
/// and not counted in another of its depots. A retired item is left out where its last count found nothing.
pub fn items_of_depots(
    reference_data: &ReferenceData,
    records: &OrganizationData,
    day: NaiveDate,
) -> BTreeMap<DepotId, BTreeSet<ItemCode>> {
    let stock = stock(reference_data, records, day);
    let is_retired = |item: &ItemCode| reference_data.item_on(item, day).is_none_or(|version| version.retired);
    let is_counted = |stock: &DepotStock| stock.state != StockState::NeverCounted;
    let mut counted_in: BTreeMap<&ItemCode, BTreeSet<DepotId>> = BTreeMap::new();
    for found in stock.iter().filter(|found| is_counted(found)) {
        counted_in.entry(&found.item).or_default().insert(found.depot);
    }
    let is_elsewhere = |item: &ItemCode, depot: DepotId| {
        counted_in.get(item).is_some_and(|depots| depots.iter().any(|counted| *counted != depot))
    };
    let required: BTreeSet<ItemCode> = assess(reference_data, records, day)
        .into_iter()
        .filter(|line| line.status != Status::NotRequired)
        .filter_map(|line| match line.selector {
            Selector::Item(item) => Some(item),
            _ => None,
        })
        .filter(|item| !is_retired(item))
        .collect();
    let of_depot = |depot: DepotId| {
        let has_lots = |found: &DepotStock| found.counts.iter().any(|count| !count.lots.is_empty());
        let known = stock
            .iter()
            .filter(move |found| found.depot == depot)
            .filter(|found| has_lots(found) || !is_retired(&found.item))
            .filter(|found| is_counted(found) || !is_elsewhere(&found.item, depot))
            .map(|found| found.item.clone());
        let asked = required.iter().filter(|item| !is_elsewhere(item, depot)).cloned();
        known.chain(asked).collect()
    };
    let is_open = |depot: &&Depot| in_force(&depot.versions, day).is_some_and(|version| version.value.open);
    let open = records.depots.iter().filter(is_open);
    open.map(|depot| (depot.id, of_depot(depot.id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::depot::Holding;
    use crate::item::Item;
    use crate::sample::*;

    #[test]
    fn a_depot_has_what_was_counted_there_and_what_is_required_and_counted_nowhere_else() {
        let mut world = World::new()
            .with_rule(rule("R1", SCBA, rate(10, None)))
            .with_rule(rule("R2", FOAM, rate(5, None)))
            .with_rule(rule("R3", "OLD", rate(1, None)))
            .with_item(Item { versions: always(item_version(false, true)), ..item("OLD", "piece", false, false) })
            .with_item(Item { versions: always(item_version(false, true)), ..item("GONE", "piece", false, false) })
            .with_item(Item { versions: always(item_version(false, true)), ..item("LEFT", "piece", false, false) })
            .holding_in(1, SCBA, 3)
            .holding_in(2, "SPARE", 0)
            .holding_in(2, "GONE", 0)
            .holding_in(2, "LEFT", 4);
        world.records.depots.push(depot(2, Holding::Physical));
        let mut closed = depot(3, Holding::Physical);
        closed.versions = always(depot_version(Holding::Physical, false));
        world.records.depots.push(closed);
        let found = items_of_depots(&world.reference_data, &world.records, today());
        let of = |depot: u128| found[&depot_id(depot)].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(found.len(), 2);
        assert_eq!(of(1), [FOAM, SCBA]);
        assert_eq!(of(2), [FOAM, "LEFT", "SPARE"]);
    }
}
