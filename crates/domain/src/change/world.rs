//! The world that a change is checked against: what is stored, and in an import also what rows before it would change.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Authority, Editor, Refusal, Resting};
use crate::account::Belongs;
use crate::barcode;
use crate::depot::Depot;
use crate::fact::FactSheet;
use crate::item::{Item, ItemClass, ItemCode};
use crate::organization::Organization;
use crate::reference_data::ReferenceData;
use crate::region::{Region, are_in_line, chain, day_at};
use crate::revision::{Dated, Learnt, Revision};
use crate::standard::StandardCode;
use base::error::Fault;
use base::id::{DepotId, OrganizationId, RegionId};
use base::quantity::Quantity;
use base::time::{DEFAULT_ZONE, local_day};
use text::messages::message;

/// Everything that a check may look at. Whoever loads it loads what the subject's check names; the rest stays empty.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// True where the editor belongs to the topmost bureau.
    pub topmost: bool,
    /// Regions, the dictionary, standards with their rules, adoptions. The catalogue is set by [`World::set_items`].
    pub reference_data: ReferenceData,
    /// Classes of items.
    pub classes: BTreeMap<String, Vec<Dated<ItemClass>>>,
    /// The organizations of all regions.
    pub organizations: Known<Organization>,
    /// Their depots.
    pub depots: Known<Depot>,
    /// Their fact sheets.
    pub sheets: BTreeMap<OrganizationId, FactSheet>,
    /// Their declared targets, by rule.
    pub targets: BTreeMap<(OrganizationId, String), Vec<Dated<Option<Quantity>>>>,
    /// The standards of which a draft waits.
    pub drafted: BTreeSet<StandardCode>,
    /// The things whose first entry stays as it is.
    pub resting: Resting,
    /// True where many items are put together: a barcode may go from one to another on one day, in whichever order they come.
    /// Then all are compared once all are there.
    pub barcodes_are_checked_later: bool,
    /// The items that have or had a barcode, in the form in which barcodes are compared.
    barcodes: BTreeMap<String, BTreeSet<ItemCode>>,
}

/// Something with an id and a code.
pub trait Coded {
    /// Its id.
    type Id: Copy + Ord + FromStr;

    /// Its id.
    fn id(&self) -> Self::Id;

    /// Its code.
    fn code(&self) -> &str;
}

impl Coded for Organization {
    type Id = OrganizationId;

    fn id(&self) -> OrganizationId {
        self.id
    }

    fn code(&self) -> &str {
        &self.code
    }
}

impl Coded for Depot {
    type Id = DepotId;

    fn id(&self) -> DepotId {
        self.id
    }

    fn code(&self) -> &str {
        &self.code
    }
}

/// Things that are found by their code or their id.
#[derive(Clone, Debug)]
pub struct Known<T: Coded> {
    things: BTreeMap<T::Id, T>,
    ids: BTreeMap<String, T::Id>,
}

impl<T: Coded> Default for Known<T> {
    fn default() -> Self {
        Self { things: BTreeMap::new(), ids: BTreeMap::new() }
    }
}

impl<T: Coded> FromIterator<T> for Known<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        let mut known = Self::default();
        things.into_iter().for_each(|thing| known.insert(thing));
        known
    }
}

impl<T: Coded> Known<T> {
    /// Adds a thing.
    pub fn insert(&mut self, thing: T) {
        self.ids.insert(thing.code().to_owned(), thing.id());
        self.things.insert(thing.id(), thing);
    }

    /// The thing of an id or a code.
    pub fn find(&self, key: &str) -> Option<&T> {
        let id = self.ids.get(key).copied().or_else(|| key.parse().ok())?;
        self.things.get(&id)
    }

    /// The thing of an id.
    pub fn get(&self, id: T::Id) -> Option<&T> {
        self.things.get(&id)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, id: T::Id) -> Option<&mut T> {
        self.things.get_mut(&id)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.things.values()
    }
}

impl World {
    /// Takes the catalogue over, with its barcodes.
    pub fn set_items(&mut self, items: BTreeMap<ItemCode, Item>) {
        self.barcodes.clear();
        for item in items.values() {
            for version in &item.versions {
                for printed in &version.value.barcodes {
                    self.barcodes.entry(barcode::canonical(printed)).or_default().insert(item.code.clone());
                }
            }
        }
        self.reference_data.items = items;
    }

    /// Notes that an item has barcodes.
    pub(super) fn add_barcodes(&mut self, code: &str, barcodes: &[String]) {
        for printed in barcodes {
            self.barcodes.entry(barcode::canonical(printed)).or_default().insert(code.to_owned());
        }
    }

    /// The items that have or had a barcode.
    pub(super) fn items_with(&self, printed: &str) -> impl Iterator<Item = &Item> {
        let codes = self.barcodes.get(&barcode::canonical(printed)).into_iter().flatten();
        codes.filter_map(|code| self.reference_data.items.get(code))
    }

    /// The region of an id or a code.
    pub fn region(&self, key: &str) -> Option<&Region> {
        // Read once: an import looks up as many regions as it has rows.
        let id = key.parse().ok();
        self.reference_data.regions.iter().find(|region| region.code == key || Some(region.id) == id)
    }

    /// True for the editor's own region and those below it.
    pub(super) fn covers(&self, editor: &Editor, region: RegionId) -> bool {
        match editor.authority {
            Authority::Operator => true,
            Authority::Account { belongs: Belongs::Region(own), .. } => {
                chain(&self.reference_data.regions, region).iter().any(|above| above.id == own)
            }
            Authority::Account { belongs: Belongs::Organization(_), .. } => false,
        }
    }

    /// True for an organization of which the editor may know.
    pub(super) fn sees(&self, editor: &Editor, organization: &Organization) -> bool {
        match editor.authority {
            Authority::Account { belongs: Belongs::Organization(own), .. } => organization.id == own,
            _ => self.covers(editor, organization.region_id),
        }
    }

    /// True for a region whose decisions the editor may read and bring back: its own, those below, and those above, which
    /// bind it.
    pub fn concerns(&self, editor: &Editor, region: RegionId) -> bool {
        let own = match editor.authority {
            Authority::Operator => return true,
            Authority::Account { belongs: Belongs::Region(own), .. } => Some(own),
            Authority::Account { belongs: Belongs::Organization(own), .. } => {
                self.organizations.get(own).map(|organization| organization.region_id)
            }
        };
        own.is_some_and(|own| are_in_line(&self.reference_data.regions, own, region))
    }

    /// The organization of an id or a code, where the editor may know of it.
    pub fn known_organization(&self, editor: &Editor, key: &str) -> Option<&Organization> {
        self.organizations.find(key).filter(|organization| self.sees(editor, organization))
    }

    /// The depot of an id or a code, where the editor may know of it.
    pub fn known_depot(&self, editor: &Editor, key: &str) -> Option<&Depot> {
        let sees = |id| self.organizations.get(id).is_some_and(|owner| self.sees(editor, owner));
        self.depots.find(key).filter(|depot| sees(depot.organization_id))
    }

    /// The host of an organization, where the editor may know of it.
    pub fn known_host(&self, editor: &Editor, host: OrganizationId) -> Option<&Organization> {
        self.organizations.get(host).filter(|host| self.sees(editor, host))
    }

    /// The organization of an id or a code that the editor sees.
    pub(super) fn organization(&self, editor: &Editor, key: &str) -> Result<&Organization, Refusal> {
        let found = self.known_organization(editor, key);
        found.ok_or_else(|| Refusal::Unknown {
            thing: "organization",
            fault: Fault::new(
                "/organization",
                "organization_unknown",
                message!("organization-unknown", organization = key),
            ),
        })
    }

    /// Refuses whoever does not belong to the topmost bureau: what all regions share is kept there.
    ///
    /// # Errors
    /// `Forbidden` for everybody else.
    pub fn require_topmost(&self, editor: &Editor, field: &str) -> Result<(), Refusal> {
        if self.topmost || editor.is_operator() {
            return Ok(());
        }
        Err(Refusal::forbidden("not_topmost", field, message!("version-not-topmost")))
    }

    /// The day it is where the editor belongs.
    pub fn today(&self, editor: &Editor) -> NaiveDate {
        let region = match editor.authority {
            Authority::Operator => None,
            Authority::Account { belongs: Belongs::Region(region), .. } => Some(region),
            Authority::Account { belongs: Belongs::Organization(organization), .. } => {
                self.organizations.get(organization).map(|organization| organization.region_id)
            }
        };
        region.map_or_else(|| local_day(editor.now, DEFAULT_ZONE), |region| self.today_in(region, editor.now))
    }

    /// The day it is in a region.
    pub(super) fn today_in(&self, region: RegionId, now: DateTime<Utc>) -> NaiveDate {
        day_at(&self.reference_data.regions, region, now)
    }
}

/// A row of a history that is decided and not stored yet: the last that was learnt.
pub(super) fn decided<T>(valid_from: NaiveDate, value: T) -> Dated<T> {
    Dated { valid_from, learnt: LATEST, value }
}

/// The place in the order of commits of what is decided and not stored yet: after all that is stored.
pub(super) const LATEST: Learnt = Learnt { revision: Revision::LATEST, at: DateTime::<Utc>::MAX_UTC };
