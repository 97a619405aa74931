//! Column maps: storing them for a region, and finding the one that a table is asked for in.

use std::collections::BTreeSet;

use base::error::Error;
use base::id::RegionId;
use db::connection::AnyConnection;
use db::write::Change;
use domain::account::Belongs;
use domain::change::PutOutcome;
use domain::column_map::{ColumnMapText, MOST_MAPS, OWN, SHIPPED, name_faults, shipped};
use domain::ledger_table::LedgerTable;
use domain::region::{Region, chain};
use domain::revision::Revision;
use text::language::Language;
use text::messages::message;

use crate::ledgers::columns::Ledger;

/// Stores a map of a region under a name. The caller decides who may.
///
/// # Errors
/// `Invalid` with every fault; `Conflict` for more maps than a region may have; the error of `unchanged` about the revision of
/// the one in use, or that there is none.
pub fn put(
    change: &mut Change<'_>,
    region: &Region,
    name: &str,
    text: &ColumnMapText,
    unchanged: impl Fn(Option<Revision>) -> Result<(), Error>,
) -> Result<PutOutcome, Error> {
    change.for_reference()?;
    let faults: Vec<_> = name_faults(name).into_iter().chain(text.faults()).collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let text = text.clone().in_both();
    let before = db::column_maps::find(change.connection, region.id, name, Revision::LATEST)?;
    let in_use = before.as_ref().filter(|before| !before.withdrawn);
    if let Some(before) = in_use {
        if before.text == text {
            return Ok(PutOutcome::Repeated);
        }
        unchanged(Some(before.learnt.revision))?;
    } else if db::column_maps::list(change.connection, &[region.id], Revision::LATEST)?.len() >= MOST_MAPS {
        return Err(Error::conflict("too_many_column_maps", message!("column-maps-too-many", most = MOST_MAPS)));
    }
    if in_use.is_none() {
        unchanged(None)?;
    }
    db::column_maps::insert(change, region, name, before.as_ref(), &text, false)?;
    Ok(if in_use.is_none() { PutOutcome::Created } else { PutOutcome::Changed })
}

/// Withdraws a map of a region: tables can no longer be had by it, except as of a revision at which they could.
///
/// # Errors
/// `Invalid` for a name that no map can have; `NotFound` if there never was one; the error of `unchanged` about its revision.
pub fn withdraw(
    change: &mut Change<'_>,
    region: &Region,
    name: &str,
    unchanged: impl Fn(Revision) -> Result<(), Error>,
) -> Result<PutOutcome, Error> {
    change.for_reference()?;
    // A name that no map can have may be a text that a database cannot store.
    let faults = name_faults(name);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let before = db::column_maps::find(change.connection, region.id, name, Revision::LATEST)?;
    let before = before.ok_or(Error::NotFound("column map"))?;
    if before.withdrawn {
        return Ok(PutOutcome::Repeated);
    }
    unchanged(before.learnt.revision)?;
    db::column_maps::insert(change, region, name, Some(&before), &before.text, true)?;
    Ok(PutOutcome::Changed)
}

/// The table that a reader asks for under the name of a map: one of its region or of the nearest above it, one of the program,
/// or the table's own columns.
///
/// # Errors
/// `Invalid` for a name that is not there, or whose map is for other tables; the database's error.
pub fn ledger(
    connection: &mut AnyConnection,
    belongs: Belongs,
    table: LedgerTable,
    name: &str,
    revision: Revision,
    language: Language,
) -> Result<Ledger, Error> {
    if name == OWN {
        return Ok(Ledger::own(table, language));
    }
    let regions = regions_above(connection, belongs, revision)?;
    let mut found = None;
    // A name that no map can have is not looked up: it may be a text that a database cannot store.
    for region in regions.iter().filter(|_| name_faults(name).is_empty()) {
        let map = db::column_maps::find(connection, *region, name, revision)?;
        found = map.filter(|map| !map.withdrawn).map(|map| map.text);
        if found.is_some() {
            break;
        }
    }
    match found.or_else(|| shipped(name)) {
        Some(map) if map.tables.contains(&table) => Ok(Ledger::mapped(table, &map, language)),
        Some(map) => {
            let tables: Vec<String> = map.tables.iter().map(|table| table.name().to_owned()).collect();
            let detail = message!("profile-of-other-tables", tables = tables);
            Err(Error::invalid("/profile", "profile_of_other_tables", detail))
        }
        None => {
            let mut known: BTreeSet<String> = [OWN]
                .iter()
                .chain(SHIPPED.iter().filter(|name| shipped(name).is_some_and(|map| map.tables.contains(&table))))
                .map(|name| (*name).to_owned())
                .collect();
            let maps = db::column_maps::list(connection, &regions, revision)?;
            known.extend(maps.into_iter().filter(|map| map.text.tables.contains(&table)).map(|map| map.name));
            let detail = message!("profile-unknown", known = known.into_iter().collect::<Vec<_>>());
            Err(Error::invalid("/profile", "profile_unknown", detail))
        }
    }
}

/// The region of a reader and those above it, nearest first.
fn regions_above(connection: &mut AnyConnection, belongs: Belongs, revision: Revision) -> Result<Vec<RegionId>, Error> {
    let own = match belongs {
        Belongs::Region(own) => Some(own),
        Belongs::Organization(own) => {
            let found = db::organizations::list_some(connection, &[], &[own], revision)?;
            found.first().map(|organization| organization.region_id)
        }
    };
    let regions = db::regions::list(connection, revision)?;
    Ok(own.map(|own| chain(&regions, own).iter().map(|region| region.id).collect()).unwrap_or_default())
}
