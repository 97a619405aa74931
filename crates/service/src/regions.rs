//! Regions: who may change them, and what their tree allows.

use super::keeping::{Condition, Keeper, Put, says_already};
use base::error::{Error, Fault};
use db::sql_types::Day;
use db::write::Change;
use domain::naming::{code_fault, day_fault, fixed, names};
use domain::region::{NewRegion, Region, chain};
use domain::revision::{Revision, last_change};
use text::messages::message;

/// Puts what a region is called and sets from a day; a new one goes below its parent.
///
/// An admin changes the regions below the own one, and the own one where no bureau stands above.
///
/// # Errors
/// `Forbidden` for a region that is not the keeper's to change; `Invalid` with every fault; what the condition says.
pub fn put(
    change: &mut Change<'_>,
    keeper: &Keeper,
    key: &str,
    new: &NewRegion,
    condition: Condition<'_>,
) -> Result<Put, Error> {
    change.for_reference()?;
    let regions = db::regions::list(change.connection, Revision::LATEST)?;
    let stored = regions.iter().find(|region| names(key, region.id, &region.code));
    let mut faults = Vec::new();
    let named = new.parent.as_deref().and_then(|key| regions.iter().find(|one| names(key, one.id, &one.code)));
    if new.parent.is_some() && named.is_none() {
        faults.push(Fault::new("/parent", "region_unknown", message!("region-unknown")));
    }
    let parent = match stored {
        // The topmost has none, which no body can say.
        Some(stored) if stored.parent_id.is_none() && named.is_none() => None,
        _ => fixed(
            "parent",
            named.map(|one| one.id).as_ref(),
            stored.and_then(|one| one.parent_id).as_ref(),
            &mut faults,
        ),
    };
    match (stored, parent) {
        (Some(stored), _) => require_own(change, keeper, &regions, stored)?,
        (None, Some(parent)) => {
            if !chain(&regions, parent).iter().any(|above| Ok(above.id) == keeper.region().map_err(drop)) {
                return Err(outside());
            }
            faults.extend(code_fault("/region", key, usize::MAX));
        }
        (None, None) => faults.extend(code_fault("/region", key, usize::MAX)),
    }
    let zone_of = stored.map(|region| region.id).or(parent);
    let today = zone_of.map(|region| keeper.today_in(&regions, region));
    let valid_from = match new.valid_from.or(today) {
        Some(day) => day,
        None => keeper.today(change.connection)?,
    };
    faults.extend(day_fault("/valid_from", valid_from));
    let version = match new.version() {
        Ok(version) if faults.is_empty() => version,
        Ok(_) => return Err(Error::Invalid(faults)),
        Err(more) => return Err(Error::Invalid(faults.into_iter().chain(more).collect())),
    };
    if let Some(put) = says_already(stored.map(|region| &region.versions[..]), valid_from, &version) {
        return Ok(put);
    }
    let put = Put::checked(valid_from, stored.map(|region| last_change(&region.versions)), condition)?;
    match stored {
        Some(region) => db::regions::insert_version(change, (region.id, &region.code), Day(valid_from), &version)?,
        None => drop(db::regions::insert(change, key, parent, Day(valid_from), &version)?),
    }
    Ok(put)
}

/// Refuses a region that is not below the keeper's own, unless it is the own one and nobody stands above it.
fn require_own(change: &mut Change<'_>, keeper: &Keeper, regions: &[Region], region: &Region) -> Result<(), Error> {
    let own = keeper.region()?;
    let mine = if region.id == own {
        db::accounts::is_topmost(change.connection, keeper.belongs)?
    } else {
        chain(regions, region.id).iter().any(|above| above.id == own)
    };
    if mine { Ok(()) } else { Err(outside()) }
}

fn outside() -> Error {
    Error::Forbidden { code: "outside_own_region", detail: message!("region-outside") }
}
