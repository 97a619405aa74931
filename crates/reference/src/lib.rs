//! The data that Muster is built with: the catalogue, the dictionary of facts and the standards, and the made-up banner
//! of the demo. Read into domain values; nothing here touches a database.
//!
//! The files stand in `data/` and are compiled into the binary, so it needs none of them where it runs.

mod banner;
mod catalogue;
mod dictionary;
mod read;
mod standards;
#[cfg(test)]
mod tests;

pub use banner::{AdoptionEntry, Banner, DepotEntry, OrganizationEntry, RegionEntry, TargetEntry};
pub use catalogue::{Catalogue, ItemEntry};
pub use dictionary::FactEntry;
pub use read::ReferenceError;
pub use standards::StandardEntry;

/// Everything known before anybody is registered: what could be counted, and what could be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The items, their classes and packs.
    pub catalogue: Catalogue,
    /// The facts that rules may ask for.
    pub dictionary: Vec<FactEntry>,
    /// The standards with their rules.
    pub standards: Vec<StandardEntry>,
}

impl Reference {
    /// Reads the data that the binary carries.
    ///
    /// # Errors
    /// Names the file and the place of the first thing that cannot be read.
    pub fn load() -> Result<Self, ReferenceError> {
        Ok(Self { catalogue: Catalogue::load()?, dictionary: dictionary::load()?, standards: standards::load()? })
    }
}
