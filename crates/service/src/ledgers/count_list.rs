//! Lists to count by: the items that a depot has to count, as the phone lists them, by place. The columns for what is counted are
//! empty; what was counted last is there only if it is asked for, since who counts blind counts better.

use std::collections::{BTreeMap, BTreeSet};

use base::error::Error;
use base::id::ContactId;
use base::total::Total;
use chrono::{DateTime, NaiveDate, Utc};
use db::read::Snapshot;
use domain::count::Held;
use domain::depot::Depot;
use domain::depot_items::items_of_depots;
use domain::labels::Labelled as _;
use domain::organization::Organization;
use domain::revision::in_force;
use domain::stock::{DepotStock, StockState, stock};
use tables::{Output, Printed};
use text::messages::message;

use super::cells::{Cell, Row, coded_option, interval, total};
use super::columns::Ledger;
use super::lots::CountLines;
use super::names::{Keepers, Names};
use super::stock::single;
use crate::moment::{Moment, MomentQuery};
use crate::shortages::{ContactNames, OnDay, Reader};

/// The list of a depot.
#[derive(Debug)]
pub struct CountList {
    /// Its rows: by place, those without one last, then by class and item.
    pub rows: Vec<Row>,
    /// The rows above the table of a workbook.
    pub above: Vec<String>,
    /// The state that it is for.
    pub moment: Moment,
}

/// The list of a depot that is open today; `keeper` takes the name of a contact out of those of the depot.
///
/// # Errors
/// `NotFound` if the depot is closed; the database's error.
pub fn of_depot(
    snapshot: &mut Snapshot<'_>,
    organization: &Organization,
    depot: &Depot,
    names: &Names,
    keeper: impl Fn(&ContactNames, ContactId) -> Option<String>,
    now: DateTime<Utc>,
) -> Result<CountList, Error> {
    let moment = Moment::resolve(snapshot, MomentQuery::default(), now)?;
    let reader = Reader::at(snapshot, &moment)?;
    let mut found = None;
    reader.visit_with(snapshot.connection, &[organization], |connection, reference_data, on_day, contacts| {
        let OnDay { records, day } = &on_day;
        let keepers = |id: ContactId| keeper(contacts, id);
        let depot = records.depots.iter().find(|one| one.id == depot.id).ok_or(Error::NotFound("depot"))?;
        if in_force(&depot.versions, *day).is_none_or(|version| !version.value.open) {
            return Err(Error::NotFound("depot"));
        }
        let items = items_of_depots(reference_data, records, *day).remove(&depot.id).unwrap_or_default();
        let mut known = stock(reference_data, records, *day);
        known.retain(|stock| stock.depot == depot.id && items.contains(&stock.item));
        let lines = CountLines::of(connection, &known)?;
        let known: BTreeMap<&str, &DepotStock> = known.iter().map(|stock| (stock.item.as_str(), stock)).collect();
        let mut rows = Vec::new();
        for code in &items {
            let item = reference_data.items.get(code);
            let class = reference_data.item_on(code, *day).map(|version| version.class.clone());
            for ((place, held), last) in places_of(known.get(code.as_str()).copied(), &lines, names) {
                let mut row = names.of_depot(&records.organization, depot, *day, &keepers);
                row.extend(names.of_item(code, item, *day));
                row.extend(names.of_place(depot, place.as_deref(), *day));
                row.push(("last_quantity", last));
                // What is lent is nowhere in the depot, and must not be counted as if it were.
                let lent = held.filter(|held| *held == Held::Lent);
                row.push(("held", coded_option(lent, names.language)));
                rows.push(((place.is_none(), place, class.clone(), code.clone(), held), row));
            }
        }
        rows.sort_by(|(one, _), (other, _)| one.cmp(other));
        let rows = rows.into_iter().map(|(_, row)| row).collect();
        found = Some((rows, above(&records.organization, depot, *day, names, &keepers)));
        Ok(false)
    })?;
    let (rows, above) = found.ok_or(Error::NotFound("depot"))?;
    Ok(CountList { rows, above, moment })
}

/// A place of an item, and whether the units are there or lent; nothing where that is not known.
type PlaceOf = (Option<String>, Option<Held>);

/// The places in which an item was found last, each with what was found there; one without a place if there is none.
fn places_of(stock: Option<&DepotStock>, lines: &CountLines, names: &Names) -> Vec<(PlaceOf, Cell)> {
    let nothing = || vec![((None, None), Output::Empty.into())];
    let Some(stock) = stock.filter(|stock| stock.state != StockState::NeverCounted) else { return nothing() };
    match single(stock) {
        Some(count) => {
            let by_place = lines.by_place(count.id, &stock.item);
            if by_place.is_empty() {
                return vec![((None, None), total(Total::ZERO, names.language))];
            }
            let told = |((place, held), sum)| ((place, Some(held)), total(sum, names.language));
            by_place.into_iter().map(told).collect()
        }
        None => {
            let mut places: BTreeSet<(Option<String>, Held)> = BTreeSet::new();
            for count in &stock.counts {
                places.extend(lines.by_place(count.id, &stock.item).into_keys());
            }
            if places.is_empty() {
                return nothing();
            }
            // Counts that differ name no number for a place.
            let last = interval(domain::interval::Interval::UNKNOWN, names.language);
            places.into_iter().map(|(place, held)| ((place, Some(held)), last.clone())).collect()
        }
    }
}

/// The title, the place, the lines to sign on, and how to fill the list in.
fn above(
    organization: &Organization,
    depot: &Depot,
    day: NaiveDate,
    names: &Names,
    keepers: Keepers<'_>,
) -> Vec<String> {
    let place = message!(
        "count-list-place",
        organization = names.organization(organization, day),
        depot = names.depot(depot, day),
        code = &depot.code,
        keeper = names.keeper(depot, day, keepers).unwrap_or_default()
    );
    let all =
        [message!("ledger-title-count_list"), place, message!("count-list-signatures"), message!("count-list-how")];
    all.iter().map(|words| words.text(names.language)).collect()
}

/// The look of the list as a workbook.
pub fn printed(list: &CountList, ledger: &Ledger) -> Printed {
    let condition = ledger.place_of("condition").map(|column| {
        let words = tables::template::conditions(ledger.language == text::language::Language::Chinese);
        (column, words)
    });
    let held = ledger.place_of("held").map(|column| {
        let words = [Held::Here, Held::Lent].map(|held| held.label().text(ledger.language));
        (column, words.to_vec())
    });
    Printed {
        above: list.above.clone(),
        choices: condition.into_iter().chain(held).collect(),
        texts: ["depot", "place", "item", "lot", "note"].iter().filter_map(|key| ledger.place_of(key)).collect(),
        is_form: true,
        ..ledger.printed(list.moment.revision, list.moment.known_at)
    }
}
