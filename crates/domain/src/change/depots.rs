//! Depots: opened, changed and closed by the bureau's people.

use super::world::decided;
use super::{Decision, Editor, OFFICERS, Precondition, Put, Refusal, Since, World, decide};
use crate::depot::{Depot, DepotVersion, NewDepot};
use crate::naming::{blank_faults, code_fault, day_fault, fixed};
use base::id::{DepotId, OrganizationId};

/// A version of a depot to write.
#[derive(Clone, Debug, PartialEq)]
pub struct DepotWrite {
    /// Its id, generated here for a new depot.
    pub id: DepotId,
    /// Its code.
    pub code: String,
    /// The organization whose stock it holds.
    pub owner: OrganizationId,
    /// Its names, position and holding.
    pub version: DepotVersion,
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
    let mut faults =
        blank_faults([("/name_en", new.name_en.as_str()), ("/name_zh", &new.name_zh)].into_iter().chain(keeper));
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
    let since = Since::new(new.valid_from, || match owner.and_then(|owner| world.organizations.get(owner)) {
        Some(owner) => world.today_in(owner.region_id, editor.now),
        None => world.today(editor),
    });
    faults.extend(day_fault("/valid_from", since.day));
    let (Some(owner), true) = (owner, faults.is_empty()) else { return Err(Refusal::Invalid(faults)) };
    let version = new.version(stored, since.day);
    let put = decide(stored.map(|one| &one.versions[..]), since, &version, state)?;
    if stored.is_none() && world.depots.find(key).is_some() {
        return Err(Refusal::unavailable("/depot", key));
    }
    let (id, code) = match stored {
        Some(one) => (one.id, one.code.clone()),
        None => (DepotId::new(), key.to_owned()),
    };
    Ok(Decision { put, write: DepotWrite { id, code, owner, version } })
}

impl World {
    /// Applies the decision on a depot.
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
