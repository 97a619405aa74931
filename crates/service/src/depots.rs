//! The owners of a depot, whose locks are taken before the depot is changed.

use std::collections::BTreeSet;

use base::error::Error;
use base::id::{DepotId, OrganizationId};
use db::connection::AnyConnection;
use domain::naming::names;
use domain::revision::Revision;

/// The organization that owns the depot of a change, if the depot exists, and the one to which it would go: the change declares
/// their locks.
pub fn owners_of(
    connection: &mut AnyConnection,
    key: &str,
    organization: Option<&str>,
) -> Result<BTreeSet<OrganizationId>, Error> {
    let ids: Vec<DepotId> = key.parse().ok().into_iter().collect();
    let found = db::depots::list_some(connection, &[key.to_owned()], &ids, Revision::LATEST)?;
    let stored = found.into_iter().find(|depot| names(key, depot.id, &depot.code));
    let mut owners: BTreeSet<OrganizationId> = stored.into_iter().map(|depot| depot.organization_id).collect();
    if let Some(key) = organization {
        let all = db::organizations::list(connection, Revision::LATEST)?;
        owners.extend(all.iter().find(|one| names(key, one.id, &one.code)).map(|one| one.id));
    }
    Ok(owners)
}
