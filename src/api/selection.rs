//! Things named in a path or a query by their id or their code, or searched by words.
//!
//! Things that the caller may not see are not found, just like things that do not exist.

use std::collections::BTreeSet;
use std::str::FromStr;

use base::error::Error;
use base::id::{OrganizationId, RegionId};
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::depot::Depot;
use domain::organization::Organization;
use domain::region::{Region, are_in_line, chain, subtree};
use domain::revision::Revision;
use text::messages::message;

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
    db::organizations::list_visible(connection, belongs, revision)?
        .into_iter()
        .find(|organization| names(key, organization.id, &organization.code))
        .ok_or(Error::NotFound("organization"))
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
    let organizations = db::organizations::list_visible(connection, belongs, revision)?;
    let ids: Vec<OrganizationId> = organizations.iter().map(|organization| organization.id).collect();
    let depot = db::depots::list(connection, &ids, revision)?
        .into_iter()
        .find(|depot| names(key, depot.id, &depot.code))
        .ok_or(Error::NotFound("depot"))?;
    organizations
        .into_iter()
        .find(|organization| organization.id == depot.organization_id)
        .map(|organization| (depot, organization))
        .ok_or(Error::NotFound("depot"))
}

/// The region with an id or a code, and all below it, as of a revision.
///
/// # Errors
/// `NotFound` if there is none.
pub fn find_region(connection: &mut AnyConnection, key: &str, revision: Revision) -> Result<BTreeSet<RegionId>, Error> {
    let regions = db::regions::list(connection, revision)?;
    regions
        .iter()
        .find(|region| names(key, region.id, &region.code))
        .map(|region| subtree(&regions, region.id))
        .ok_or(Error::NotFound("region"))
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
    let region = find_one_region(connection, key, Revision::LATEST)?;
    let regions = db::regions::list(connection, Revision::LATEST)?;
    match belongs {
        Belongs::Region(own) if subtree(&regions, own).contains(&region.id) => Ok(region),
        _ => Err(Error::Forbidden { code: "outside_own_region", detail: message!("region-outside") }),
    }
}

/// Refuses an item that is not in the catalogue: a table without lines would say that nobody is short of it.
///
/// # Errors
/// `NotFound` if there is none with that code as of the revision.
pub fn require_item(connection: &mut AnyConnection, code: Option<&str>, revision: Revision) -> Result<(), Error> {
    let Some(code) = code else { return Ok(()) };
    let found = db::items::list_some(connection, &BTreeSet::from([code.to_owned()]), revision)?;
    if found.is_empty() { Err(Error::NotFound("item")) } else { Ok(()) }
}

/// True if a key is the thing's id or code.
fn names<Id: FromStr + PartialEq>(key: &str, id: Id, code: &str) -> bool {
    key == code || key.parse().is_ok_and(|named: Id| named == id)
}
