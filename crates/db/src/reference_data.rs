//! Loading the inputs of figures: the reference data of a revision, and the data of organizations.

use chrono::{DateTime, TimeDelta, Utc};

use super::connection::AnyConnection;
use super::history::by_owner;
use super::{acceptances, depots, exemptions, facts, items, regions, resolutions, standards, stock_counts, targets};
use base::error::Error;
use base::id::OrganizationId;
use domain::organization::Organization;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::revision::Revision;

/// The reference data as of a revision.
pub fn reference_data(connection: &mut AnyConnection, revision: Revision) -> Result<ReferenceData, Error> {
    Ok(ReferenceData {
        regions: regions::list(connection, revision)?,
        items: items::list(connection, revision)?,
        dictionary: facts::list_definitions(connection, revision)?,
        standards: standards::list(connection, revision)?,
        adoptions: standards::list_adoptions(connection, revision)?,
    })
}

/// The data of some organizations as of a revision, in the order given, with the counts that can affect their stock
/// before the instant that `before` gives for each. No count is valid for more than `longest_validity` days
/// ([`ReferenceData::longest_validity_days`]).
pub fn records(
    connection: &mut AnyConnection,
    organizations: &[Organization],
    revision: Revision,
    longest_validity: u32,
    before: impl Fn(&Organization) -> DateTime<Utc>,
) -> Result<Vec<OrganizationData>, Error> {
    let ids: Vec<OrganizationId> = organizations.iter().map(|organization| organization.id).collect();
    let mut sheets = facts::list_sheets(connection, &ids, revision)?;
    let mut depots =
        by_owner(depots::list(connection, &ids, revision)?.into_iter().map(|depot| (depot.organization_id, depot)));
    let mut targets = targets::list(connection, &ids, revision)?;
    let mut exemptions = exemptions::list(connection, &ids, revision)?;
    let mut resolutions = resolutions::standing(connection, &ids, revision)?;
    let mut acceptances = acceptances::list_known(connection, &ids, revision)?;
    // Two days more than that, as days begin at other hours in other zones.
    let validity = TimeDelta::days(i64::from(longest_validity) + 2);
    organizations
        .iter()
        .map(|organization| {
            let depots = depots.remove(&organization.id).unwrap_or_default();
            let mut counts = Vec::new();
            for depot in &depots {
                let before = before(organization);
                let since = before.checked_sub_signed(validity).unwrap_or(DateTime::UNIX_EPOCH);
                counts.extend(stock_counts::list(connection, depot.id, revision, before, since)?);
            }
            Ok(OrganizationData {
                sheet: sheets.remove(&organization.id).unwrap_or_default(),
                depots,
                counts,
                resolutions: resolutions.remove(&organization.id).unwrap_or_default(),
                acceptances: acceptances.remove(&organization.id).unwrap_or_default(),
                targets: targets.remove(&organization.id).unwrap_or_default(),
                exemptions: exemptions.remove(&organization.id).unwrap_or_default(),
                organization: organization.clone(),
            })
        })
        .collect()
}
