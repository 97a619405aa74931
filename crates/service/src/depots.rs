//! The owners of a depot, whose locks are taken before the depot is changed.

use std::collections::BTreeSet;

use base::error::Error;
use base::id::OrganizationId;
use db::connection::AnyConnection;
use domain::depot::Depot;
use domain::naming::names;
use domain::organization::Organization;
use domain::revision::Revision;

/// The organization that owns the depot of a change, if the depot exists, and the one to which it would go: the change declares
/// their locks.
pub fn owners_of(
    connection: &mut AnyConnection,
    key: &str,
    organization: Option<&str>,
) -> Result<BTreeSet<OrganizationId>, Error> {
    let all = db::organizations::list(connection, Revision::LATEST)?;
    let stored = find(connection, &all, key)?.map(|depot| depot.organization_id);
    let named = organization.and_then(|key| all.iter().find(|one| names(key, one.id, &one.code)));
    Ok(stored.into_iter().chain(named.map(|one| one.id)).collect())
}

fn find(connection: &mut AnyConnection, owners: &[Organization], key: &str) -> Result<Option<Depot>, Error> {
    let ids: Vec<OrganizationId> = owners.iter().map(|one| one.id).collect();
    let all = db::depots::list(connection, &ids, Revision::LATEST)?;
    Ok(all.into_iter().find(|depot| names(key, depot.id, &depot.code)))
}
