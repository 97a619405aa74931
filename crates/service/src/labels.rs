//! The labels of depots' lines.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::moment::{Moment, MomentQuery};
use super::shortages::{OnDay, Reader};
use base::error::Error;
use base::id::OrganizationId;
use db::read::Snapshot;
use domain::depot_items::items_of_depots;
use domain::item::{ItemCode, label_numbers};
use domain::revision::in_force_or_first;
use text::language::Language;

/// The depots whose labels are wanted, by their codes and those of their organizations.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The codes of organizations, for all their open depots.
    pub organizations: BTreeSet<String>,
    /// The codes of depots.
    pub depots: BTreeSet<String>,
}

/// The labels of a depot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepotLabels {
    /// The code of the depot.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its labels, by the codes of their items.
    pub labels: Vec<Label>,
}

/// The label of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The code of the item.
    pub item: ItemCode,
    /// Its name.
    pub name: String,
    /// The number to type where there is no camera.
    pub number: usize,
}

/// The labels that were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The depots, by the codes of their organizations and their own.
    pub depots: Vec<DepotLabels>,
    /// The codes that are wanted and name no organization, or no depot that is open today.
    pub unknown: BTreeSet<String>,
}

/// The labels of depots that are open today, with names in a language.
///
/// # Errors
/// If the stored data cannot be read.
pub fn of_depots(
    snapshot: &mut Snapshot<'_>,
    wanted: &Wanted,
    language: Language,
    now: DateTime<Utc>,
) -> Result<Found, Error> {
    let moment = Moment::resolve(snapshot, MomentQuery::default(), now)?;
    let codes: Vec<String> = wanted.depots.iter().cloned().collect();
    let named = db::depots::list_some(snapshot.connection, &codes, &[], moment.revision)?;
    let owners: BTreeSet<OrganizationId> = named.iter().map(|depot| depot.organization_id).collect();
    let mut organizations = db::organizations::list(snapshot.connection, moment.revision)?;
    organizations.retain(|one| wanted.organizations.contains(&one.code) || owners.contains(&one.id));
    let reader = Reader::at(snapshot, &moment)?;
    let numbers = label_numbers(&reader.reference_data.items);
    let mut unknown: BTreeSet<String> = wanted.organizations.union(&wanted.depots).cloned().collect();
    let mut depots = Vec::new();
    reader.visit(snapshot.connection, &organizations, |reference_data, OnDay { records, day }| {
        let is_whole = wanted.organizations.contains(&records.organization.code);
        if is_whole {
            unknown.remove(&records.organization.code);
        }
        let mut of_depots = items_of_depots(reference_data, &records, day);
        for depot in &records.depots {
            let Some(items) = of_depots.remove(&depot.id) else { continue };
            if !is_whole && !wanted.depots.contains(&depot.code) {
                continue;
            }
            unknown.remove(&depot.code);
            let label = |item: ItemCode| {
                let version = reference_data.item_on(&item, day)?;
                let name = language.choose(&version.name_en, &version.name_zh).to_owned();
                let number = *numbers.get(item.as_str())?;
                Some(Label { item, name, number })
            };
            let name = in_force_or_first(&depot.versions, day)
                .map(|row| language.choose(&row.value.name_en, &row.value.name_zh).to_owned())
                .unwrap_or_default();
            let labels = items.into_iter().filter_map(label).collect();
            depots.push(DepotLabels { code: depot.code.clone(), name, labels });
        }
        Ok(true)
    })?;
    Ok(Found { depots, unknown })
}
