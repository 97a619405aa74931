//! The catalogue: the rules for one item among the others. It is the same for all regions, so the topmost bureau
//! maintains it.

use super::slips::entered;
use super::world::decided;
use super::{
    Decision, Editor, OFFICERS, Precondition, Put, PutOutcome, Refusal, Since, World, decide, decide_with_entry,
};
use chrono::NaiveDate;

use crate::barcode;
use crate::item::{Item, ItemClass, ItemCode, ItemVersion, NewItem, NewItemClass, Unit};
use crate::naming::{blank_faults, code_fault, day_fault, in_both, name_faults};
use crate::revision::in_force;
use crate::search::has_barcode;
use base::error::Fault;
use text::messages::message;

/// The longest code of an item, in characters: counts have no room for more.
const LONGEST_CODE: usize = 32;

/// A version of an item to write.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemWrite {
    /// Its code.
    pub code: ItemCode,
    /// Its unit.
    pub unit: Unit,
    /// True where the unit is another than before.
    pub is_mended: bool,
    /// Its catalogue entry.
    pub version: ItemVersion,
}

/// Checks the new catalogue entry of an item. Needs the regions, the catalogue and the classes.
///
/// # Errors
/// `Forbidden` for an editor outside the topmost bureau; `Invalid` with every fault; `Conflict` for a barcode of another
/// item; the refusal of the precondition.
pub fn check_item(
    world: &World,
    editor: &Editor,
    code: &str,
    new: &NewItem,
    state: &Precondition,
) -> Result<Decision<ItemWrite>, Refusal> {
    editor.require_role(OFFICERS, "/item")?;
    world.require_topmost(editor, "/item")?;
    let stored = world.reference_data.items.get(code);
    let mut faults = Vec::new();
    let why = || stored.and_then(|item| world.rests_on_unit(item));
    let unit = entered("unit", new.unit.as_ref(), stored.map(|item| &item.unit.name), why(), &mut faults);
    let measured = stored.map(|item| &item.unit.measured);
    let measured = entered("measured", new.measured.as_ref(), measured, why(), &mut faults);
    if let Some(unit) = unit.as_ref().filter(|unit| stored.is_none_or(|item| item.unit.name != **unit)) {
        faults.extend(blank_faults([("/unit", unit.as_str())]));
    }
    if stored.is_none() {
        faults.extend(code_fault("/item", code, LONGEST_CODE));
    }
    let since = Since::new(new.valid_from, || world.today(editor));
    faults.extend(day_fault("/valid_from", since.day));
    faults.extend(new.faults(measured.unwrap_or(true)));
    if !world.classes.contains_key(&new.class) {
        faults.push(Fault::new("/class", "class_unknown", message!("item-class-unknown", class = &new.class)));
    }
    if stored.is_some_and(|item| measured == Some(false) && item.has_parts_in_packs(since.day)) {
        faults.push(Fault::new("/measured", "not_whole", message!("item-packs-not-whole", item = code)));
    }
    let (Some(name), Some(measured), true) = (unit, measured, faults.is_empty()) else {
        return Err(Refusal::Invalid(faults));
    };
    let unit = Unit { name, measured };
    let is_mended = stored.is_some_and(|item| item.unit != unit);
    let version = new.version(stored, since.day);
    let put = decide_with_entry(stored.map(|item| &item.versions[..]), since, &version, state, is_mended)?;
    if !put.is_repeat()
        && !world.barcodes_are_checked_later
        && let Some(taken) = taken_barcode(world, code, &version, since.day)
    {
        return Err(taken.refusal);
    }
    Ok(Decision { put, write: ItemWrite { code: code.to_owned(), unit, is_mended, version } })
}

/// A barcode that two items have on the same day.
#[derive(Clone, Debug, PartialEq)]
pub struct TakenBarcode {
    /// The refusal for the item that is put.
    pub refusal: Refusal,
    /// The other item.
    pub other: ItemCode,
    /// The first day of the other's version that has it.
    pub since: NaiveDate,
}

/// Finds a barcode of a version from a day that another item of the catalogue has on a day on which the version holds.
/// The barcodes of a retired item are free.
pub fn taken_barcode(world: &World, code: &str, version: &ItemVersion, since: NaiveDate) -> Option<TakenBarcode> {
    if version.retired {
        return None;
    }
    let own = world.reference_data.items.get(code).map_or(&[][..], |item| &item.versions);
    let until = own.iter().map(|row| row.valid_from).filter(|day| *day > since).min();
    for printed in &version.barcodes {
        for other in world.items_with(printed).filter(|other| other.code != code) {
            let days = other.versions.iter().map(|row| row.valid_from).filter(|day| *day > since);
            let mut days = days.filter(|day| until.is_none_or(|until| *day < until)).chain([since]);
            let canonical = barcode::canonical(printed);
            let found = days.find_map(|day| {
                let row = in_force(&other.versions, day)?;
                (!row.value.retired && has_barcode(&row.value, &canonical)).then_some(row.valid_from)
            });
            if let Some(since) = found {
                let detail = message!("item-barcode-taken", barcode = printed, item = &other.code);
                let refusal = Refusal::conflict("barcode_taken", "/barcodes", detail);
                return Some(TakenBarcode { refusal, other: other.code.clone(), since });
            }
        }
    }
    None
}

/// A version of an item class to write.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassWrite {
    /// Its code.
    pub code: String,
    /// Its names.
    pub class: ItemClass,
}

/// Checks the new names of an item class. Needs the regions and the classes.
///
/// # Errors
/// `Forbidden` for an editor outside the topmost bureau; `Invalid` with every fault; the refusal of the precondition.
pub fn check_class(
    world: &World,
    editor: &Editor,
    code: &str,
    new: &NewItemClass,
    state: &Precondition,
) -> Result<Decision<ClassWrite>, Refusal> {
    editor.require_role(OFFICERS, "/item_class")?;
    world.require_topmost(editor, "/item_class")?;
    let stored = world.classes.get(code);
    let since = Since::new(new.valid_from, || world.today(editor));
    let mut faults = name_faults(&new.name_en, &new.name_zh);
    if stored.is_none() {
        faults.extend(code_fault("/item_class", code, usize::MAX));
    }
    faults.extend(day_fault("/valid_from", since.day));
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let (name_en, name_zh) = in_both(&new.name_en, &new.name_zh);
    let class = ItemClass { name_en, name_zh };
    let put = decide(stored.map(|versions| &versions[..]), since, &class, state)?;
    Ok(Decision { put, write: ClassWrite { code: code.to_owned(), class } })
}

impl World {
    /// Applies the decision on an item.
    pub fn apply_item(&mut self, put: &Put, write: &ItemWrite) {
        let ItemWrite { code, unit, is_mended, version } = write.clone();
        self.add_barcodes(&code, &version.barcodes);
        if is_mended || put.outcome == PutOutcome::Created {
            // A later row of the same import must not mend it again.
            self.resting.items.insert(code.clone());
        }
        let new = Item { code: code.clone(), unit: unit.clone(), mends: Vec::new(), versions: Vec::new() };
        let item = self.reference_data.items.entry(code).or_insert(new);
        item.unit = unit;
        item.versions.push(decided(put.valid_from, version));
    }

    /// Applies the decision on an item class.
    pub fn apply_class(&mut self, put: &Put, write: &ClassWrite) {
        let class = decided(put.valid_from, write.class.clone());
        self.classes.entry(write.code.clone()).or_default().push(class);
    }
}
