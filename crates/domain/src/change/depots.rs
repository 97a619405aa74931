//! Depots: opened, changed and closed by the bureau's people.

use chrono::NaiveDate;

use super::slips::entered;
use super::world::decided;
use super::{Decision, Editor, OFFICERS, Precondition, Put, PutOutcome, Refusal, Since, World, decide_with_entry};
use crate::contact::{Contact, ContactOf, ContactRole, is_erased_word};
use crate::depot::{Depot, DepotVersion, NewDepot};
use crate::naming::{blank_faults, code_fault, day_fault, name_faults};
use base::error::Fault;
use base::id::{DepotId, OrganizationId};
use text::messages::message;

/// A version of a depot to write.
#[derive(Clone, Debug, PartialEq)]
pub struct DepotWrite {
    /// Its id, generated here for a new depot.
    pub id: DepotId,
    /// Its code.
    pub code: String,
    /// The organization whose stock it holds.
    pub owner: OrganizationId,
    /// The owner before, where it is another.
    pub mended: Option<OrganizationId>,
    /// Its names, position, keepers and holding.
    pub version: DepotVersion,
    /// The keepers who are new.
    pub contacts: Vec<Contact>,
    /// Today, where the depot is.
    pub today: NaiveDate,
}

/// Checks the new description of a depot. A new depot must belong to an organization that the editor sees. A depot that
/// the editor does not see counts as missing. Needs the regions, the organizations and the depots.
///
/// # Errors
/// `Invalid` with every fault; the refusal of the precondition; `Conflict` for a code that is not available.
pub fn check(
    world: &World,
    editor: &Editor,
    key: &str,
    new: &NewDepot,
    state: &Precondition,
) -> Result<Decision<DepotWrite>, Refusal> {
    editor.require_role(OFFICERS, "/depot")?;
    let stored = world.known_depot(editor, key);
    let keeper = new.keeper.as_deref().map(|keeper| ("/keeper", keeper));
    let second = new.second_keeper.as_deref().map(|keeper| ("/second_keeper", keeper));
    let mut faults = name_faults(&new.name_en, &new.name_zh);
    faults.extend(blank_faults(keeper.into_iter().chain(second)));
    let named = new.organization.as_deref().map(|key| world.organization(editor, key));
    let owner = match named {
        Some(Err(refusal)) => {
            faults.extend(refusal.into_faults());
            None
        }
        named => {
            let named = named.and_then(Result::ok).map(|one| one.id);
            let why = stored.and_then(|one| world.rests_on_owner(one.id, &one.code));
            entered("organization", named.as_ref(), stored.map(|one| &one.organization_id), why, &mut faults)
        }
    };
    if stored.is_none() {
        faults.extend(code_fault("/depot", key, usize::MAX));
    }
    let today = match owner.and_then(|owner| world.organizations.get(owner)) {
        Some(owner) => world.today_in(owner.region_id, editor.now),
        None => world.today(editor),
    };
    let since = Since::new(new.valid_from, || today);
    faults.extend(day_fault("/valid_from", since.day));
    let (Some(owner), true) = (owner, faults.is_empty()) else { return Err(Refusal::Invalid(faults)) };
    let (id, code) = match stored {
        Some(one) => (one.id, one.code.clone()),
        None => (DepotId::new(), key.to_owned()),
    };
    let (version, contacts) = new.version(id, stored, world.contacts_of(ContactOf::Depot(id)), since.day);
    // The word for an erased name stands for one that was erased; it takes nobody else away.
    let named = [
        ("/keeper", &new.keeper, ContactRole::Keeper),
        ("/second_keeper", &new.second_keeper, ContactRole::SecondKeeper),
    ];
    let nobody = named.into_iter().filter(|(_, name, role)| {
        name.as_deref().is_some_and(is_erased_word) && version.keepers().all(|(of, _)| of != *role)
    });
    let faults: Vec<Fault> =
        nobody.map(|(pointer, ..)| Fault::new(pointer, "name_erased", message!("contact-name-erased"))).collect();
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let mended = stored.map(|one| one.organization_id).filter(|before| *before != owner);
    let put = decide_with_entry(stored.map(|one| &one.versions[..]), since, &version, state, mended.is_some())?;
    if stored.is_none() && world.depots.find(key).is_some() {
        return Err(Refusal::unavailable("/depot", key));
    }
    Ok(Decision { put, write: DepotWrite { id, code, owner, mended, version, contacts, today } })
}

impl World {
    /// Applies the decision on a depot.
    pub fn apply_depot(&mut self, put: &Put, write: &DepotWrite) {
        let version = decided(put.valid_from, write.version.clone());
        if write.mended.is_some() || put.outcome == PutOutcome::Created {
            // A later row of the same import must not mend it again.
            self.resting.depots.insert(write.id);
        }
        self.add_contacts(write.contacts.iter().cloned());
        match self.depots.get_mut(write.id) {
            Some(one) => {
                one.organization_id = write.owner;
                one.versions.push(version);
            }
            None => self.depots.insert(Depot {
                id: write.id,
                code: write.code.clone(),
                organization_id: write.owner,
                mends: Vec::new(),
                versions: vec![version],
            }),
        }
    }
}
