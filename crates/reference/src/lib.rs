//! The data embedded in the binary: catalogue, fact dictionary, standards, and the demo's fictitious banner. They are
//! read into domain values; nothing here touches a database.
//!
//! The files are in `data/` and compiled into the binary, so it needs none of them at run time.

mod aliases;
mod banner;
mod catalogue;
mod dictionary;
mod read;
mod standards;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate};

use domain::fact::FactDefinition;
use domain::item::{Item, Unit};
use domain::matching::Alias;
use domain::reference_data::ReferenceData;
use domain::revision::{Dated, Learnt, Revision};

pub use banner::{AdoptionEntry, Banner, DepotEntry, OrganizationEntry, RegionEntry, TargetEntry};
pub use catalogue::{Catalogue, ItemEntry};
pub use dictionary::FactEntry;
pub use read::ReferenceError;
pub use standards::StandardEntry;

/// The files that a service without data can import, in an order in which each finds what it names: their names and texts.
pub fn files() -> Vec<(&'static str, &'static str)> {
    // A standard may name a table of another one: those that have tables go first.
    let (with_tables, others): (Vec<read::File>, Vec<read::File>) =
        standards::STANDARDS.iter().copied().partition(|(_, text)| text.contains("\"class_table\""));
    [catalogue::CLASSES, catalogue::ITEMS, dictionary::FACTS].into_iter().chain(with_tables).chain(others).collect()
}

/// Reads the aliases of items embedded in the binary.
///
/// # Errors
/// Names the place of the first unreadable value.
pub fn aliases() -> Result<Vec<Alias>, ReferenceError> {
    aliases::load()
}

/// The reference data known before anyone registers: items, facts and standards.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The items, their classes and packs.
    pub catalogue: Catalogue,
    /// Other names of its items, as ledgers use them.
    pub aliases: Vec<Alias>,
    /// The facts that rules may ask for.
    pub dictionary: Vec<FactEntry>,
    /// The standards with their rules.
    pub standards: Vec<StandardEntry>,
}

impl Reference {
    /// Reads the data embedded in the binary.
    ///
    /// # Errors
    /// Names the file and the place of the first unreadable value.
    pub fn load() -> Result<Self, ReferenceError> {
        Ok(Self {
            catalogue: Catalogue::load()?,
            aliases: aliases::load()?,
            dictionary: dictionary::load()?,
            standards: standards::load()?,
        })
    }

    /// The catalogue and the dictionary as they would be stored, to check standards beside them.
    pub fn reference_data(&self) -> ReferenceData {
        let learnt = Learnt { revision: Revision(0), at: DateTime::UNIX_EPOCH };
        let item = |entry: &ItemEntry| Item {
            code: entry.code.clone(),
            unit: Unit { name: entry.unit.clone(), measured: entry.measured },
            mends: Vec::new(),
            versions: vec![Dated { valid_from: NaiveDate::MIN, learnt, value: entry.version.clone() }],
        };
        let fact = |entry: &FactEntry| FactDefinition {
            key: entry.key.clone(),
            kind: entry.kind,
            unit: entry.unit.clone(),
            learnt,
            versions: Vec::new(),
        };
        ReferenceData {
            items: self.catalogue.items.iter().map(|entry| (entry.code.clone(), item(entry))).collect(),
            dictionary: self.dictionary.iter().map(fact).collect(),
            ..ReferenceData::default()
        }
    }
}
