//! Regions: the permissions to change them, and the rules of their tree.

use super::world::decided;
use super::{ADMINS, Decision, Editor, Precondition, Put, Refusal, Since, World, decide};
use crate::account::Belongs;
use crate::change::Authority;
use crate::naming::{code_fault, day_fault, fixed};
use crate::region::{NewRegion, Region, RegionVersion, chain};
use base::error::Fault;
use base::id::RegionId;
use text::messages::message;

/// A version of a region to write.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionWrite {
    /// Its id, generated here for a new region.
    pub id: RegionId,
    /// Its code.
    pub code: String,
    /// The region above it.
    pub parent: Option<RegionId>,
    /// Its names and settings.
    pub version: RegionVersion,
}

/// Checks the new names and settings of a region. Needs the regions.
///
/// An admin may change the regions below the admin's own, and the own region if there is no bureau above it. Only the
/// operator of the machine may create a region without a parent.
///
/// # Errors
/// `Forbidden` for a region that the editor may not change; `Invalid` with every fault; the refusal of the precondition.
pub fn check(
    world: &World,
    editor: &Editor,
    key: &str,
    new: &NewRegion,
    state: &Precondition,
) -> Result<Decision<RegionWrite>, Refusal> {
    editor.require_role(ADMINS, "/region")?;
    let stored = world.region(key);
    let mut faults = Vec::new();
    let named = new.parent.as_deref().and_then(|key| world.region(key));
    if let (Some(parent), None) = (&new.parent, named) {
        faults.push(Fault::new("/parent", "region_unknown", message!("region-unknown", region = parent)));
    }
    let parent = match stored {
        // The topmost region has no parent, which no body can express.
        Some(stored) if stored.parent_id.is_none() && named.is_none() => None,
        None if new.parent.is_none() && editor.is_operator() => None,
        _ => fixed(
            "parent",
            named.map(|one| one.id).as_ref(),
            stored.and_then(|one| one.parent_id).as_ref(),
            &mut faults,
        ),
    };
    match (stored, parent) {
        (Some(stored), _) => require_own(world, editor, stored)?,
        (None, Some(parent)) if !world.covers(editor, parent) => return Err(outside()),
        (None, _) => faults.extend(code_fault("/region", key, usize::MAX)),
    }
    let since = Since::new(new.valid_from, || match stored.map(|region| region.id).or(parent) {
        Some(region) => world.today_in(region, editor.now),
        None => world.today(editor),
    });
    faults.extend(day_fault("/valid_from", since.day));
    let version = match new.version() {
        Ok(version) if faults.is_empty() => version,
        Ok(_) => return Err(Refusal::Invalid(faults)),
        Err(more) => return Err(Refusal::Invalid(faults.into_iter().chain(more).collect())),
    };
    let put = decide(stored.map(|region| &region.versions[..]), since, &version, state)?;
    let (id, code) = match stored {
        Some(region) => (region.id, region.code.clone()),
        None => (RegionId::new(), key.to_owned()),
    };
    Ok(Decision { put, write: RegionWrite { id, code, parent, version } })
}

/// Refuses a region that is not below the editor's own, unless it is the own region and there is none above it.
fn require_own(world: &World, editor: &Editor, region: &Region) -> Result<(), Refusal> {
    let mine = match editor.authority {
        Authority::Operator => true,
        Authority::Account { belongs: Belongs::Region(own), .. } if region.id == own => world.topmost,
        Authority::Account { belongs: Belongs::Region(own), .. } => {
            chain(&world.reference_data.regions, region.id).iter().any(|above| above.id == own)
        }
        Authority::Account { belongs: Belongs::Organization(_), .. } => false,
    };
    if mine { Ok(()) } else { Err(outside()) }
}

fn outside() -> Refusal {
    Refusal::forbidden("outside_own_region", "/region", message!("region-outside"))
}

impl World {
    /// Applies the decision on a region.
    pub fn apply_region(&mut self, put: &Put, write: &RegionWrite) {
        let version = decided(put.valid_from, write.version.clone());
        match self.reference_data.regions.iter_mut().find(|region| region.id == write.id) {
            Some(region) => region.versions.push(version),
            None => {
                let (id, code, parent_id) = (write.id, write.code.clone(), write.parent);
                self.reference_data.regions.push(Region { id, code, parent_id, versions: vec![version] });
            }
        }
    }
}
