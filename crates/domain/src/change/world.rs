//! The state against which a change is checked: the stored data, and in an import also the changes of earlier rows.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Authority, Editor, OFFICERS, Refusal};
use crate::account::Belongs;
use crate::barcode;
use crate::contact::{Contact, ContactOf};
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

/// Everything that a check may look at. Only the parts that the subject's check names are loaded; the rest stays empty.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// True if the editor belongs to the topmost bureau.
    pub topmost: bool,
    /// Regions, the dictionary, standards with their rules, adoptions. The catalogue is set by [`World::set_items`].
    pub reference_data: ReferenceData,
    /// Classes of items.
    pub classes: BTreeMap<String, Vec<Dated<ItemClass>>>,
    /// The organizations of all regions.
    pub organizations: Known<Organization>,
    /// Their depots.
    pub depots: Known<Depot>,
    /// The contacts of organizations and depots.
    pub contacts: BTreeMap<ContactOf, Vec<Contact>>,
    /// Their fact sheets.
    pub sheets: BTreeMap<OrganizationId, FactSheet>,
    /// Their declared targets, by rule.
    pub targets: BTreeMap<(OrganizationId, String), Vec<Dated<Option<Quantity>>>>,
    /// The standards with an open draft.
    pub drafted: BTreeSet<StandardCode>,
    /// The things whose first entry stays as it is.
    pub resting: Resting,
    /// True if many items are put together. A barcode may then pass from one item to another on the same day, in any
    /// order of the rows, so all items are compared at the end.
    pub barcodes_are_checked_later: bool,
    /// The items that have or had a barcode, in the form in which barcodes are compared.
    barcodes: BTreeMap<String, BTreeSet<ItemCode>>,
}

/// The things whose first entry something rests on. Whoever loads it looks only at those whose first entry a change would mend.
#[derive(Clone, Debug, Default)]
pub struct Resting {
    /// Items that a count or a rule names.
    pub items: BTreeSet<ItemCode>,
    /// Organizations that were counted, declare a target or have an exemption.
    pub organizations: BTreeSet<OrganizationId>,
    /// Depots in which something was counted.
    pub depots: BTreeSet<DepotId>,
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
    /// Adds one.
    pub fn insert(&mut self, thing: T) {
        self.ids.insert(thing.code().to_owned(), thing.id());
        self.things.insert(thing.id(), thing);
    }

    /// Finds one by its id or code.
    pub fn find(&self, key: &str) -> Option<&T> {
        let id = self.ids.get(key).copied().or_else(|| key.parse().ok())?;
        self.things.get(&id)
    }

    /// Finds one by its id.
    pub fn get(&self, id: T::Id) -> Option<&T> {
        self.things.get(&id)
    }

    /// Finds one by its id, to change it.
    pub fn get_mut(&mut self, id: T::Id) -> Option<&mut T> {
        self.things.get_mut(&id)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.things.values()
    }
}

impl World {
    /// Sets the catalogue, with its barcodes.
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

    /// The contacts of a depot or an organization.
    pub fn contacts_of(&self, of: ContactOf) -> &[Contact] {
        self.contacts.get(&of).map_or(&[], Vec::as_slice)
    }

    /// Adds contacts, each in the place of the one with its id.
    pub fn add_contacts(&mut self, contacts: impl IntoIterator<Item = Contact>) {
        for contact in contacts {
            let known = self.contacts.entry(contact.of).or_default();
            known.retain(|one| one.id != contact.id);
            known.push(contact);
        }
    }

    /// The items that have or had a barcode.
    pub(super) fn items_with(&self, printed: &str) -> impl Iterator<Item = &Item> {
        let codes = self.barcodes.get(&barcode::canonical(printed)).into_iter().flatten();
        codes.filter_map(|code| self.reference_data.items.get(code))
    }

    /// The region with an id or a code.
    pub fn region(&self, key: &str) -> Option<&Region> {
        // The key is parsed once: an import looks up as many regions as it has rows.
        let id = key.parse().ok();
        self.reference_data.regions.iter().find(|region| region.code == key || Some(region.id) == id)
    }

    /// True if a region is the editor's own or lies below it.
    pub(super) fn covers(&self, editor: &Editor, region: RegionId) -> bool {
        match editor.authority {
            Authority::Operator => true,
            Authority::Account { belongs: Belongs::Region(own), .. } => {
                chain(&self.reference_data.regions, region).iter().any(|above| above.id == own)
            }
            Authority::Account { belongs: Belongs::Organization(_), .. } => false,
        }
    }

    /// True if the editor may know of an organization.
    pub(super) fn sees(&self, editor: &Editor, organization: &Organization) -> bool {
        match editor.authority {
            Authority::Account { belongs: Belongs::Organization(own), .. } => organization.id == own,
            _ => self.covers(editor, organization.region_id),
        }
    }

    /// True if the editor may say what words mean in the ledgers of a region: officers, for their region and those below.
    pub fn may_answer(&self, editor: &Editor, region: RegionId) -> bool {
        editor.require_role(OFFICERS, "/region").is_ok() && self.covers(editor, region)
    }

    /// The organization that the editor belongs to.
    pub fn own_organization(&self, editor: &Editor) -> Option<OrganizationId> {
        match editor.authority {
            Authority::Account { belongs: Belongs::Organization(own), .. } => Some(own),
            _ => None,
        }
    }

    /// True if the editor may read a region's decisions and send them back: those of the own region, of those below, and
    /// of those above, which bind it.
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

    /// The organization with an id or a code, if the editor may know of it.
    pub fn known_organization(&self, editor: &Editor, key: &str) -> Option<&Organization> {
        self.organizations.find(key).filter(|organization| self.sees(editor, organization))
    }

    /// The depot with an id or a code, if the editor may know of it.
    pub fn known_depot(&self, editor: &Editor, key: &str) -> Option<&Depot> {
        let sees = |id| self.organizations.get(id).is_some_and(|owner| self.sees(editor, owner));
        self.depots.find(key).filter(|depot| sees(depot.organization_id))
    }

    /// The host of an organization, if the editor may know of it.
    pub fn known_host(&self, editor: &Editor, host: OrganizationId) -> Option<&Organization> {
        self.organizations.get(host).filter(|host| self.sees(editor, host))
    }

    /// The organization with an id or a code, which the editor must see.
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

    /// Refuses an editor outside the topmost bureau, which keeps the data that all regions share.
    ///
    /// # Errors
    /// `Forbidden` for such an editor.
    pub fn require_topmost(&self, editor: &Editor, field: &str) -> Result<(), Refusal> {
        if self.topmost || editor.is_operator() {
            return Ok(());
        }
        Err(Refusal::forbidden("not_topmost", field, message!("version-not-topmost")))
    }

    /// The present day in the place that the editor belongs to.
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

    /// The present day in a region.
    pub(super) fn today_in(&self, region: RegionId, now: DateTime<Utc>) -> NaiveDate {
        day_at(&self.reference_data.regions, region, now)
    }
}

/// A row of a history that is decided but not stored yet: the latest of all.
pub(super) fn decided<T>(valid_from: NaiveDate, value: T) -> Dated<T> {
    Dated { valid_from, learnt: LATEST, value }
}

/// The position in the order of commits of a row that is decided but not stored yet: after all stored rows.
pub(super) const LATEST: Learnt = Learnt { revision: Revision::LATEST, at: DateTime::<Utc>::MAX_UTC };
