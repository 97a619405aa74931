//! Adding the reference data, the banner and its accounts.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::accounts;
use base::error::Error;
use base::id::{DepotId, OrganizationId, RegionId};
use db::sql_types::Day;
use db::write::Change;
use domain::contact::ContactRole;
use domain::depot::new_keeper;
use domain::item::Unit;
use domain::organization::OrganizationVersion;
use reference::{Banner, OrganizationEntry, Reference};

/// Codes with the ids they were given.
pub(super) type Ids<T> = BTreeMap<String, T>;

/// The differences between banners as they are added.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    /// The first day of its organizations and depots.
    pub since: NaiveDate,
    /// The beginning of the user names of the bureau's accounts.
    pub prefix: &'a str,
    /// The hash of the password of all.
    pub password_hash: &'a str,
    /// The time of their accounts.
    pub now: DateTime<Utc>,
}

/// Adds a banner without its counts. `regions` are those that are there; the ones of the banner are added to them.
pub(super) fn insert_banner(
    change: &mut Change<'_>,
    banner: &Banner,
    regions: &mut Ids<RegionId>,
    setting: Setting<'_>,
) -> Result<(), Error> {
    insert_regions(change, banner, regions)?;
    // The last region is the banner itself; the regions above it only hold settings.
    let home =
        banner.regions.last().map_or(Err(Error::NotFound("region")), |home| of(regions, &home.code, "region"))?;
    let Setting { since, prefix, password_hash, now } = setting;
    let since = Day(since);
    let organizations = insert_organizations(change, banner, home, since)?;
    for depot in &banner.depots {
        let owner = of(&organizations, &depot.organization, "organization")?;
        let owner = change.for_organization(owner)?;
        let id = DepotId::new();
        let keeper = depot.keeper.as_deref().map(|name| new_keeper(id, ContactRole::Keeper, name));
        let version = depot.version.clone().with_keeper(ContactRole::Keeper, keeper.as_ref().map(|keeper| keeper.id));
        if let Some(keeper) = keeper {
            db::contacts::save(change, &keeper, true)?;
        }
        db::depots::insert(change, id, &depot.code, owner, since, &version)?;
    }
    for target in &banner.targets {
        let organization = of(&organizations, &target.organization, "organization")?;
        let (from, quantity) = (Day(target.valid_from), Some(target.quantity));
        let organization = change.for_organization(organization)?;
        db::targets::insert(change, organization, &target.rule, from, quantity, None)?;
    }
    accounts::insert_bureau(change, prefix, home, password_hash, now)?;
    for (code, organization) in &organizations {
        accounts::insert_quartermaster(change, code, *organization, password_hash, now)?;
    }
    Ok(())
}

/// Adds the catalogue, the dictionary and the standards.
pub(super) fn insert_reference(change: &mut Change<'_>, reference: &Reference) -> Result<(), Error> {
    for (code, class) in &reference.catalogue.classes {
        db::items::insert_class(change, code, first_day(), class)?;
    }
    for item in &reference.catalogue.items {
        let unit = Unit { name: item.unit.clone(), measured: item.measured };
        db::items::insert(change, &item.code, &unit, first_day(), &item.version)?;
    }
    for fact in &reference.dictionary {
        let unit = fact.unit.as_deref();
        db::facts::insert_definition(change, &fact.key, fact.kind, unit, first_day(), &fact.text)?;
    }
    for standard in &reference.standards {
        db::standards::insert(change, &standard.code, first_day(), &standard.document, &standard.rules)?;
    }
    Ok(())
}

/// Adds the regions that are not there, with what they adopt.
fn insert_regions(change: &mut Change<'_>, banner: &Banner, ids: &mut Ids<RegionId>) -> Result<(), Error> {
    for region in &banner.regions {
        if ids.contains_key(&region.code) {
            continue;
        }
        let parent = region.parent.as_deref().map(|parent| of(ids, parent, "region")).transpose()?;
        let id = RegionId::new();
        db::regions::insert(change, id, &region.code, parent, first_day(), &region.version)?;
        ids.insert(region.code.clone(), id);
        for adoption in banner.adoptions.iter().filter(|adoption| adoption.region == region.code) {
            let (from, strength) = (Day(adoption.valid_from), Some(adoption.strength));
            db::standards::insert_adoption(change, id, &adoption.standard, from, strength, None)?;
        }
    }
    Ok(())
}

/// Adds hosts before the brigades they host, whatever the order of the file.
fn insert_organizations(
    change: &mut Change<'_>,
    banner: &Banner,
    home: RegionId,
    since: Day,
) -> Result<Ids<OrganizationId>, Error> {
    let mut ids = Ids::new();
    let (hosted, others): (Vec<_>, Vec<_>) = banner.organizations.iter().partition(|one| one.hosted_by.is_some());
    for organization in others.into_iter().chain(hosted) {
        let hosted_by = organization.hosted_by.as_deref().map(|host| of(&ids, host, "organization")).transpose()?;
        let version = OrganizationVersion {
            name_en: organization.name_en.clone(),
            name_zh: organization.name_zh.clone(),
            organization_type: organization.organization_type.clone(),
            sector: organization.sector.clone(),
            hosted_by,
            credit_code: None,
            address: None,
            active: true,
        };
        let id = OrganizationId::new();
        db::organizations::insert(change, id, &organization.code, home, organization.kind, since, &version)?;
        insert_facts(change, id, organization, since)?;
        ids.insert(organization.code.clone(), id);
    }
    Ok(ids)
}

fn insert_facts(
    change: &mut Change<'_>,
    id: OrganizationId,
    organization: &OrganizationEntry,
    since: Day,
) -> Result<(), Error> {
    let locked = change.for_organization(id)?;
    for (key, value) in &organization.facts {
        db::facts::insert(change, locked, key, since, *value)?;
    }
    if organization.sheet_complete {
        db::facts::mark_sheet(change, locked, since, true)?;
    }
    Ok(())
}

/// The id of a code. The data are tested, so an unknown code is a fault of the program.
fn of<T: Copy>(ids: &Ids<T>, code: &str, what: &'static str) -> Result<T, Error> {
    ids.get(code).copied().ok_or(Error::NotFound(what))
}

/// The first day of the catalogue, the dictionary, the standards and the regions: before any day that is asked about.
fn first_day() -> Day {
    Day(NaiveDate::default())
}

/// The first day of the demo's banner: before all of its counts.
pub(super) fn banner_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default()
}
