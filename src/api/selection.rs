//! Things named in a path or a query by their id or their code, or searched by words.
//!
//! Things that the caller may not see are not found, just like things that do not exist.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::any_of::{AnyOf, Code};
use base::error::Error;
use base::id::{DepotId, OrganizationId, RegionId};
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::depot::Depot;
use domain::organization::Organization;
use domain::region::{Region, are_in_line, chain, subtree};
use domain::revision::Revision;
use text::messages::message;
use uuid::Uuid;

/// The organization with an id or a code, as of a revision.
///
/// # Errors
/// `NotFound` if there is none, or the caller may not see it.
pub fn find_organization(
    connection: &mut AnyConnection,
    belongs: Belongs,
    key: &str,
    revision: Revision,
) -> Result<Organization, Error> {
    let found = organizations_named(connection, belongs, [key], revision)?;
    found
        .into_iter()
        .find(|organization| names(key, organization.id, &organization.code))
        .ok_or(Error::NotFound("organization"))
}

/// The organizations with some ids or codes that the caller may see, in the order of their codes.
fn organizations_named<'k>(
    connection: &mut AnyConnection,
    belongs: Belongs,
    keys: impl IntoIterator<Item = &'k str>,
    revision: Revision,
) -> Result<Vec<Organization>, Error> {
    let (codes, ids) = codes_and_ids(keys);
    let ids: Vec<OrganizationId> = ids.into_iter().map(OrganizationId).collect();
    let found = db::organizations::list_some(connection, &codes, &ids, revision)?;
    db::organizations::retain_visible(connection, belongs, found)
}

/// Keys as codes, and those that can be ids as ids too. PostgreSQL takes no text with a zero byte, which names nothing.
fn codes_and_ids<'k>(keys: impl IntoIterator<Item = &'k str>) -> (Vec<String>, Vec<Uuid>) {
    let can_be_stored = |key: &&str| !key.contains('\0');
    let codes: Vec<String> = keys.into_iter().filter(can_be_stored).map(ToOwned::to_owned).collect();
    let ids = codes.iter().filter_map(|key| key.parse().ok()).collect();
    (codes, ids)
}

/// The organizations named by ids or codes among those that the caller sees, as of a revision, in the order of their codes;
/// all of them if none is named.
///
/// # Errors
/// `NotFound` if one of those named is not there, or the caller may not see it.
pub fn list_organizations(
    connection: &mut AnyConnection,
    belongs: Belongs,
    named: &AnyOf<Code>,
    revision: Revision,
) -> Result<Vec<Organization>, Error> {
    if named.is_all() {
        return db::organizations::list_visible(connection, belongs, revision);
    }
    let seen = organizations_named(connection, belongs, named.codes(), revision)?;
    keep_named(seen, named, |key, one| names(key, one.id, &one.code)).ok_or(Error::NotFound("organization"))
}

/// Those of some things that are named; `None` if something else is named.
fn keep_named<T>(mut things: Vec<T>, named: &AnyOf<Code>, is: impl Fn(&str, &T) -> bool) -> Option<Vec<T>> {
    let is_there = |key: &str| things.iter().any(|one| is(key, one));
    if !named.codes().all(is_there) {
        return None;
    }
    things.retain(|one| named.codes().any(|key| is(key, one)));
    Some(things)
}

/// The depot with an id or a code, as of a revision, and its organization.
///
/// # Errors
/// `NotFound` if there is none, or the caller may not see its organization.
pub fn find_depot(
    connection: &mut AnyConnection,
    belongs: Belongs,
    key: &str,
    revision: Revision,
) -> Result<(Depot, Organization), Error> {
    let (depots, owners) = depots_named(connection, belongs, [key], revision)?;
    let depot = depots.into_iter().find(|depot| names(key, depot.id, &depot.code)).ok_or(Error::NotFound("depot"))?;
    owners
        .into_iter()
        .find(|organization| organization.id == depot.organization_id)
        .map(|organization| (depot, organization))
        .ok_or(Error::NotFound("depot"))
}

/// The depots with some ids or codes of organizations that the caller may see, in the order of their codes, and those
/// organizations.
fn depots_named<'k>(
    connection: &mut AnyConnection,
    belongs: Belongs,
    keys: impl IntoIterator<Item = &'k str>,
    revision: Revision,
) -> Result<(Vec<Depot>, Vec<Organization>), Error> {
    let (codes, ids) = codes_and_ids(keys);
    let ids: Vec<DepotId> = ids.into_iter().map(DepotId).collect();
    let mut depots = db::depots::list_some(connection, &codes, &ids, revision)?;
    let owners: BTreeSet<OrganizationId> = depots.iter().map(|depot| depot.organization_id).collect();
    let owners: Vec<OrganizationId> = owners.into_iter().collect();
    let owners = db::organizations::list_some(connection, &[], &owners, revision)?;
    let owners = db::organizations::retain_visible(connection, belongs, owners)?;
    depots.retain(|depot| owners.iter().any(|owner| owner.id == depot.organization_id));
    Ok((depots, owners))
}

/// The depots named by ids or codes, as of a revision; `None` if none is named.
///
/// # Errors
/// `NotFound` if one of them is not there, or the caller may not see its organization.
pub fn find_depots(
    connection: &mut AnyConnection,
    belongs: Belongs,
    named: &AnyOf<Code>,
    revision: Revision,
) -> Result<Option<Vec<Depot>>, Error> {
    if named.is_all() {
        return Ok(None);
    }
    let (depots, _) = depots_named(connection, belongs, named.codes(), revision)?;
    keep_named(depots, named, |key, one| names(key, one.id, &one.code)).ok_or(Error::NotFound("depot")).map(Some)
}

/// The regions named by ids or codes, without those below them, as of a revision; `None` if none is named.
///
/// # Errors
/// `NotFound` if there is none of that name.
pub fn regions_named(
    connection: &mut AnyConnection,
    named: &AnyOf<Code>,
    revision: Revision,
) -> Result<Option<BTreeSet<RegionId>>, Error> {
    if named.is_all() {
        return Ok(None);
    }
    named_among(&db::regions::list(connection, revision)?, named).map(Some)
}

/// The regions named by ids or codes, and all below them; `None` if none is named.
///
/// # Errors
/// `NotFound` if there is none of that name.
pub fn within_named(regions: &[Region], named: &AnyOf<Code>) -> Result<Option<BTreeSet<RegionId>>, Error> {
    if named.is_all() {
        return Ok(None);
    }
    let chosen = named_among(regions, named)?;
    Ok(Some(chosen.into_iter().flat_map(|region| subtree(regions, region)).collect()))
}

/// Same as [`within_named`], among the regions as of a revision.
///
/// # Errors
/// Same as [`within_named`].
pub fn regions_within(
    connection: &mut AnyConnection,
    named: &AnyOf<Code>,
    revision: Revision,
) -> Result<Option<BTreeSet<RegionId>>, Error> {
    if named.is_all() {
        return Ok(None);
    }
    within_named(&db::regions::list(connection, revision)?, named)
}

fn named_among(regions: &[Region], named: &AnyOf<Code>) -> Result<BTreeSet<RegionId>, Error> {
    let find = |key: &str| regions.iter().find(|region| names(key, region.id, &region.code)).map(|region| region.id);
    named.codes().map(|key| find(key).ok_or(Error::NotFound("region"))).collect()
}

/// One of all regions, by id or code: everybody may know of every region.
///
/// # Errors
/// `NotFound` if there is none.
pub fn find_one_region(connection: &mut AnyConnection, key: &str, revision: Revision) -> Result<Region, Error> {
    db::regions::list(connection, revision)?
        .into_iter()
        .find(|region| names(key, region.id, &region.code))
        .ok_or(Error::NotFound("region"))
}

/// True if a region concerns the caller: the own region, those above it and, for the bureau's people, those below it. In
/// other regions callers do not learn who made a decision.
pub fn concerns(connection: &mut AnyConnection, belongs: Belongs, region: RegionId) -> Result<bool, Error> {
    let regions = db::regions::list(connection, Revision::LATEST)?;
    match belongs {
        Belongs::Region(own) => Ok(are_in_line(&regions, own, region)),
        Belongs::Organization(own) => {
            let own = db::accounts::regions_of_organizations(connection)?.get(&own).copied();
            Ok(own.is_some_and(|own| chain(&regions, own).iter().any(|above| above.id == region)))
        }
    }
}

/// The region with an id or a code, if the caller's bureau may decide there: its own, or one below it.
///
/// # Errors
/// `NotFound` if there is none; `Forbidden` if another bureau decides.
pub fn find_own_region(connection: &mut AnyConnection, belongs: Belongs, key: &str) -> Result<Region, Error> {
    let regions = db::regions::list(connection, Revision::LATEST)?;
    let found = regions.iter().find(|region| names(key, region.id, &region.code));
    let region = found.cloned().ok_or(Error::NotFound("region"))?;
    match belongs {
        Belongs::Region(own) if subtree(&regions, own).contains(&region.id) => Ok(region),
        _ => Err(Error::Forbidden { code: "outside_own_region", detail: message!("region-outside") }),
    }
}

/// Refuses items that are not in the catalogue: a table without lines would say that nobody is short of them.
///
/// # Errors
/// `NotFound` if there is none with one of the codes as of the revision.
pub fn require_items(connection: &mut AnyConnection, named: &AnyOf<Code>, revision: Revision) -> Result<(), Error> {
    let codes: BTreeSet<String> = named.codes().map(ToOwned::to_owned).collect();
    if codes.is_empty() {
        return Ok(());
    }
    let found = db::items::list_some(connection, &codes, revision)?;
    if found.len() < codes.len() { Err(Error::NotFound("item")) } else { Ok(()) }
}

/// True if a key is the thing's id or code.
fn names<Id: FromStr + PartialEq>(key: &str, id: Id, code: &str) -> bool {
    key == code || key.parse().is_ok_and(|named: Id| named == id)
}
