//! The organizations and depots that answers name.

use std::collections::BTreeMap;

use super::any_of::{AnyOf, Code};
use super::selection::list_organizations;
use base::error::Error;
use base::id::{DepotId, OrganizationId};
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::depot::Depot;
use domain::organization::Organization;
use domain::revision::Revision;

/// The organizations a caller sees, and their depots.
#[derive(Debug)]
pub struct Places {
    /// The organizations.
    pub organizations: BTreeMap<OrganizationId, Organization>,
    /// Their depots.
    pub depots: BTreeMap<DepotId, Depot>,
}

impl Places {
    /// All those that a caller sees, or those of some organizations by id or code.
    ///
    /// # Errors
    /// `NotFound` if the caller may not see one of them.
    pub fn load(connection: &mut AnyConnection, belongs: Belongs, named: &AnyOf<Code>) -> Result<Self, Error> {
        let organizations = list_organizations(connection, belongs, named, Revision::LATEST)?;
        let ids: Vec<OrganizationId> = organizations.iter().map(|organization| organization.id).collect();
        let depots = db::depots::list(connection, &ids, Revision::LATEST)?;
        Ok(Self {
            organizations: organizations.into_iter().map(|organization| (organization.id, organization)).collect(),
            depots: depots.into_iter().map(|depot| (depot.id, depot)).collect(),
        })
    }

    /// An organization and a depot of it; `None` if they are not among these.
    pub fn of(&self, organization: OrganizationId, depot: DepotId) -> Option<(&Organization, &Depot)> {
        Some((self.organizations.get(&organization)?, self.depots.get(&depot)?))
    }
}
