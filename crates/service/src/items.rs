//! The catalogue: what one item may say beside the others. It is the same for all regions, so the topmost bureau keeps it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::keeping::{Condition, Keeper, Put, require_topmost, says_already};
use base::error::{Error, Fault};
use db::sql_types::Day;
use db::write::Change;
use domain::barcode;
use domain::item::{Item, ItemClass, ItemCode, ItemVersion, NewItem, NewItemClass};
use domain::naming::{blank_faults, code_fault, day_fault, fixed};
use domain::revision::{Revision, in_force, last_change};
use domain::search::has_barcode;
use text::messages::message;

/// The longest code of an item, in characters: counts have no room for more.
const LONGEST_CODE: usize = 32;

/// Puts what the catalogue says of an item from a day.
///
/// # Errors
/// `Forbidden` for whoever is not of the topmost bureau; `Invalid` with every fault; `Conflict` for a barcode of another
/// item; what the condition says.
pub fn put(
    change: &mut Change<'_>,
    keeper: &Keeper,
    code: &str,
    new: &NewItem,
    condition: Condition<'_>,
) -> Result<Put, Error> {
    require_topmost(change.connection, keeper.belongs)?;
    change.for_reference()?;
    let items = db::items::list(change.connection, Revision::LATEST)?;
    let stored = items.get(code);
    let mut faults = Vec::new();
    let unit = fixed("unit", new.unit.as_ref(), stored.map(|item| &item.unit), &mut faults);
    let measured = fixed("measured", new.measured.as_ref(), stored.map(|item| &item.measured), &mut faults);
    if let (None, Some(unit)) = (stored, &unit) {
        faults.extend(blank_faults([("/unit", unit.as_str())]));
    }
    if stored.is_none() {
        faults.extend(code_fault("/code", code, LONGEST_CODE));
    }
    let valid_from = match new.valid_from {
        Some(day) => day,
        None => keeper.today(change.connection)?,
    };
    faults.extend(day_fault("/valid_from", valid_from));
    faults.extend(new.faults(measured.unwrap_or(true)));
    if !db::items::list_classes(change.connection, Revision::LATEST)?.contains_key(&new.class) {
        faults.push(Fault::new("/class", "class_unknown", message!("item-class-unknown", class = &new.class)));
    }
    let (Some(unit), Some(measured), true) = (unit, measured, faults.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    let version = new.version(stored, valid_from);
    if let Some(put) = says_already(stored.map(|item| &item.versions[..]), valid_from, &version) {
        return Ok(put);
    }
    let put = Put::checked(valid_from, stored.map(|item| last_change(&item.versions)), condition)?;
    require_free_barcodes(&items, code, &version, valid_from)?;
    match stored {
        Some(_) => db::items::insert_version(change, code, Day(valid_from), &version)?,
        None => db::items::insert(change, (code, &unit, measured), Day(valid_from), &version)?,
    }
    Ok(put)
}

/// Refuses a barcode that another item of the catalogue has on a day on which the version holds.
fn require_free_barcodes(
    items: &BTreeMap<ItemCode, Item>,
    code: &str,
    version: &ItemVersion,
    from: NaiveDate,
) -> Result<(), Error> {
    if version.retired || version.barcodes.is_empty() {
        return Ok(());
    }
    let own = items.get(code).map_or(&[][..], |item| &item.versions);
    let until = own.iter().map(|row| row.valid_from).filter(|day| *day > from).min();
    for other in items.values().filter(|other| other.code != code) {
        let days = other.versions.iter().map(|row| row.valid_from).filter(|day| *day > from);
        let days = days.filter(|day| until.is_none_or(|until| *day < until)).chain([from]);
        let in_catalogue = |day| in_force(&other.versions, day).map(|row| &row.value).filter(|said| !said.retired);
        let said: Vec<&ItemVersion> = days.filter_map(in_catalogue).collect();
        let taken = |barcode: &&String| said.iter().any(|said| has_barcode(said, &barcode::canonical(barcode)));
        if let Some(barcode) = version.barcodes.iter().find(taken) {
            return Err(Error::Conflict {
                code: "barcode_taken",
                detail: message!("item-barcode-taken", barcode = barcode, item = &other.code),
                hashes: None,
            });
        }
    }
    Ok(())
}

/// Puts what a class of items is called from a day.
///
/// # Errors
/// `Forbidden` for whoever is not of the topmost bureau; `Invalid` with every fault; what the condition says.
pub fn put_class(
    change: &mut Change<'_>,
    keeper: &Keeper,
    code: &str,
    new: &NewItemClass,
    condition: Condition<'_>,
) -> Result<Put, Error> {
    require_topmost(change.connection, keeper.belongs)?;
    change.for_reference()?;
    let classes = db::items::list_classes(change.connection, Revision::LATEST)?;
    let stored = classes.get(code);
    let valid_from = match new.valid_from {
        Some(day) => day,
        None => keeper.today(change.connection)?,
    };
    let mut faults = blank_faults([("/name_en", new.name_en.as_str()), ("/name_zh", &new.name_zh)]);
    if stored.is_none() {
        faults.extend(code_fault("/code", code, usize::MAX));
    }
    faults.extend(day_fault("/valid_from", valid_from));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let class = ItemClass { name_en: new.name_en.clone(), name_zh: new.name_zh.clone() };
    if let Some(put) = says_already(stored.map(|versions| &versions[..]), valid_from, &class) {
        return Ok(put);
    }
    let put = Put::checked(valid_from, stored.map(|versions| last_change(versions)), condition)?;
    db::items::insert_class(change, code, Day(valid_from), &class)?;
    Ok(put)
}
