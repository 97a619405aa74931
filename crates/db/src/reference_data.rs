//! Loading the inputs of figures: the reference data of a revision, and the data of organizations.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::connection::AnyConnection;
use super::history::by_owner;
use super::{
    acceptances, bearing_counts, depots, exemptions, facts, items, regions, resolutions, standards, stock_counts,
    targets,
};
use base::error::Error;
use base::id::{CountId, DepotId, OrganizationId};
use domain::fact::FactSheet;
use domain::organization::Organization;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::revision::Revision;
use domain::stock::is_last;

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
    let mut resolutions = resolutions::unvoided(connection, &ids, revision)?;
    let mut acceptances = acceptances::list_known(connection, &ids, revision)?;
    let ends: BTreeMap<DepotId, DateTime<Utc>> = organizations
        .iter()
        .flat_map(|organization| {
            let end = before(organization);
            depots.get(&organization.id).into_iter().flatten().map(move |depot| (depot.id, end))
        })
        .collect();
    let mut kept = bearing_counts::of_depots(connection, &ends, revision)?;
    organizations
        .iter()
        .map(|organization| {
            let depots = depots.remove(&organization.id).unwrap_or_default();
            let mut counts = Vec::new();
            for depot in &depots {
                let Some(bearing) = kept.remove(&depot.id) else {
                    let before = before(organization);
                    let since = earliest_valid(before, longest_validity);
                    counts.extend(stock_counts::list(connection, depot.id, revision, before, since, None)?);
                    continue;
                };
                counts.extend(bearing);
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

/// The data of one depot of an organization as of a revision, with the counts that can affect its stock before an
/// instant, and the earlier counts that show which lots the count `shown`, made at that time, does not mention. Facts,
/// targets, exemptions and acceptances are not loaded.
pub fn records_of_depot(
    connection: &mut AnyConnection,
    organization: &Organization,
    depot: DepotId,
    revision: Revision,
    longest_validity: u32,
    before: DateTime<Utc>,
    shown: (CountId, DateTime<Utc>),
) -> Result<OrganizationData, Error> {
    let ids = [organization.id];
    let mut depots = depots::list(connection, &ids, revision)?;
    depots.retain(|one| one.id == depot);
    let resolutions = resolutions::unvoided(connection, &ids, revision)?.remove(&organization.id).unwrap_or_default();
    let (id, at) = shown;
    let kept = bearing_counts::of_depots(connection, &[(depot, before)].into(), revision)?.remove(&depot);
    let counts = match kept.filter(|kept| is_last(kept, id, &resolutions)) {
        Some(kept) => kept,
        None => {
            let since = earliest_valid(before, longest_validity);
            stock_counts::list(connection, depot, revision, before, since, Some(at))?
        }
    };
    Ok(OrganizationData {
        organization: organization.clone(),
        sheet: FactSheet::default(),
        depots,
        counts,
        resolutions,
        acceptances: Vec::new(),
        targets: Vec::new(),
        exemptions: Vec::new(),
    })
}

/// The earliest instant of a count that can be valid before an instant.
fn earliest_valid(before: DateTime<Utc>, longest_validity: u32) -> DateTime<Utc> {
    // Two days more, because days begin at different times in different time zones.
    let validity = TimeDelta::days(i64::from(longest_validity) + 2);
    before.checked_sub_signed(validity).unwrap_or(DateTime::UNIX_EPOCH)
}
