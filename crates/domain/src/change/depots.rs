//! Depots: opened, changed and closed by the bureau's people.

use super::world::decided;
use super::{Decision, Editor, OFFICERS, Precondition, Put, Refusal, Since, World, decide};
use crate::depot::{Depot, DepotVersion, NewDepot};
use crate::naming::{blank_faults, code_fault, day_fault, fixed};
use base::error::Fault;
use base::id::{DepotId, OrganizationId};
use text::messages::message;

/// A version of a depot that is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct DepotWrite {
    /// Its id, drawn here for a new one.
    pub id: DepotId,
    /// Its code.
    pub code: String,
    /// The organization whose stock it holds.
    pub owner: OrganizationId,
    /// Its names, position and holding.
    pub version: DepotVersion,
}

/// Checks what a depot shall be like; a new one is an organization's that the editor sees. Needs the regions, the
/// organizations and the depots.
///
/// # Errors
/// `Unknown` for a depot that the editor does not see; `Invalid` with every fault; what the state says.
pub fn check(
    world: &World,
    editor: &Editor,
    key: &str,
    new: &NewDepot,
    state: &Precondition,
) -> Result<Decision<DepotWrite>, Refusal> {
    editor.require_role(OFFICERS, "/depot")?;
    let sees = |id| world.organizations.get(id).filter(|owner| world.sees(editor, owner));
    let stored = world.depots.find(key);
    if stored.is_some_and(|stored| sees(stored.organization_id).is_none()) {
        let fault = Fault::new("/depot", "depot_unknown", message!("depot-unknown", depot = key));
        return Err(Refusal::Unknown { thing: "depot", fault });
    }
    let mut faults = blank_faults([("/name_en", new.name_en.as_str()), ("/name_zh", &new.name_zh)]);
    let named = new.organization.as_deref().map(|key| world.organization(editor, key));
    let owner = match named {
        Some(Err(refusal)) => {
            faults.extend(refusal.into_faults());
            None
        }
        named => {
            let named = named.and_then(Result::ok).map(|one| one.id);
            fixed("organization", named.as_ref(), stored.map(|one| &one.organization_id), &mut faults)
        }
    };
    if stored.is_none() {
        faults.extend(code_fault("/depot", key, usize::MAX));
    }
    let since = Since::new(new.valid_from, || match owner.and_then(sees) {
        Some(owner) => world.today_in(owner.region_id, editor.now),
        None => world.today(editor),
    });
    faults.extend(day_fault("/valid_from", since.day));
    let (Some(owner), true) = (owner, faults.is_empty()) else { return Err(Refusal::Invalid(faults)) };
    let version = new.version(stored, since.day);
    let put = decide(stored.map(|one| &one.versions[..]), since, &version, state)?;
    let (id, code) = match stored {
        Some(one) => (one.id, one.code.clone()),
        None => (DepotId::new(), key.to_owned()),
    };
    Ok(Decision { put, write: DepotWrite { id, code, owner, version } })
}

impl World {
    /// Takes over what is decided about a depot.
    pub fn apply_depot(&mut self, put: &Put, write: &DepotWrite) {
        let version = decided(put.valid_from, write.version.clone());
        match self.depots.get_mut(write.id) {
            Some(one) => one.versions.push(version),
            None => self.depots.insert(Depot {
                id: write.id,
                code: write.code.clone(),
                organization_id: write.owner,
                versions: vec![version],
            }),
        }
    }
}
