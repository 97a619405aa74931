//! Organizations: what their regions and their hosts allow.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::keeping::{Condition, Keeper, Put, says_already};
use base::error::{Error, Fault};
use base::id::{OrganizationId, RegionId};
use db::sql_types::Day;
use db::write::Change;
use domain::naming::{blank_faults, code_fault, day_fault, fixed, names};
use domain::organization::{NewOrganization, Organization, OrganizationVersion, hosts_itself_from};
use domain::region::subtree;
use domain::revision::{Revision, in_force, last_change};
use text::messages::message;

/// Puts what an organization is called and does from a day; a new one lies in a region of the keeper's.
///
/// # Errors
/// `NotFound` for an organization of another's region; `Invalid` with every fault; what the condition says.
pub fn put(
    change: &mut Change<'_>,
    keeper: &Keeper,
    key: &str,
    new: &NewOrganization,
    condition: Condition<'_>,
) -> Result<Put, Error> {
    change.for_reference()?;
    let regions = db::regions::list(change.connection, Revision::LATEST)?;
    let own = subtree(&regions, keeper.region()?);
    let all = db::organizations::list(change.connection, Revision::LATEST)?;
    let stored = all.iter().find(|one| names(key, one.id, &one.code));
    if stored.is_some_and(|stored| !own.contains(&stored.region_id)) {
        return Err(Error::NotFound("organization"));
    }
    let mut faults = blank_faults([("/name_en", new.name_en.as_str()), ("/name_zh", &new.name_zh)]);
    let named = new.region.as_deref().map(|key| {
        let found = regions.iter().find(|region| own.contains(&region.id) && names(key, region.id, &region.code));
        found.map(|region| region.id)
    });
    let region = match named {
        Some(None) => {
            faults.push(Fault::new("/region", "region_unknown", message!("region-unknown-below")));
            None
        }
        named => fixed("region", named.flatten().as_ref(), stored.map(|one| &one.region_id), &mut faults),
    };
    let kind = fixed("kind", new.kind.as_ref(), stored.map(|one| &one.kind), &mut faults);
    if stored.is_none() {
        faults.extend(code_fault("/organization", key, usize::MAX));
    }
    let valid_from = match (new.valid_from, region) {
        (Some(day), _) => day,
        (None, Some(region)) => keeper.today_in(&regions, region),
        (None, None) => keeper.today(change.connection)?,
    };
    faults.extend(day_fault("/valid_from", valid_from));
    let hosted_by = match host(&all, &own, stored, (new, valid_from)) {
        Ok(host) => host,
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    let (Some(region), Some(kind), true) = (region, kind, faults.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    let as_it_is = stored.and_then(|one| in_force(&one.versions, valid_from)).is_none_or(|row| row.value.active);
    let version = OrganizationVersion {
        name_en: new.name_en.clone(),
        name_zh: new.name_zh.clone(),
        organization_type: new.organization_type.clone(),
        sector: new.sector.clone(),
        hosted_by,
        active: new.active.unwrap_or(as_it_is),
    };
    if let Some(put) = says_already(stored.map(|one| &one.versions[..]), valid_from, &version) {
        return Ok(put);
    }
    let put = Put::checked(valid_from, stored.map(|one| last_change(&one.versions)), condition)?;
    match stored {
        Some(one) => db::organizations::insert_version(change, (one.id, &one.code), Day(valid_from), &version)?,
        None => drop(db::organizations::insert(change, (key, region, kind), Day(valid_from), &version)?),
    }
    Ok(put)
}

/// The host that was named, where it can be one. One that the keeper cannot see may stay, but not come.
fn host(
    all: &[Organization],
    own: &BTreeSet<RegionId>,
    stored: Option<&Organization>,
    (new, from): (&NewOrganization, NaiveDate),
) -> Result<Option<OrganizationId>, Fault> {
    let Some(key) = new.hosted_by.as_deref() else { return Ok(None) };
    let before = stored.and_then(|one| in_force(&one.versions, from)).and_then(|row| row.value.hosted_by);
    let host = all
        .iter()
        .filter(|one| own.contains(&one.region_id) || Some(one.id) == before)
        .find(|one| names(key, one.id, &one.code))
        .ok_or_else(|| Fault::new("/hosted_by", "organization_unknown", message!("organization-host-unknown")))?;
    let Some(stored) = stored else { return Ok(Some(host.id)) };
    if host.id == stored.id {
        return Err(Fault::new("/hosted_by", "hosts_itself", message!("organization-hosts-itself")));
    }
    match hosts_itself_from(all, stored.id, (from, host.id)) {
        None => Ok(Some(host.id)),
        Some(day) => {
            let text = message!("organization-hosting-circle", host = &host.code, day = day.to_string());
            Err(Fault::new("/hosted_by", "hosts_itself", text))
        }
    }
}
