//! Accounts.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::schema::{accounts, organizations};
use super::sql_types::Instant;
use super::write::Change;
use crate::domain::account::{Account, Belongs, Role};
use crate::domain::actor::{Subject, SubjectKind};
use crate::domain::id::{AccountId, OrganizationId, RegionId};
use crate::domain::region::{chain, day_at, subtree};
use crate::domain::revision::Revision;
use crate::domain::time::{DEFAULT_ZONE, local_day};
use crate::error::Error;

type Columns = (AccountId, String, Role, String, Option<OrganizationId>, Option<RegionId>, Option<Instant>);

/// What an account is read from.
macro_rules! columns {
    () => {
        (
            accounts::id,
            accounts::username,
            accounts::role,
            accounts::display_name,
            accounts::organization_id,
            accounts::region_id,
            accounts::closed_at,
        )
    };
}

/// An account by its user name, with the hash of its password.
pub fn find_by_username(connection: &mut AnyConnection, username: &str) -> Result<Option<(Account, String)>, Error> {
    let row: Option<(Columns, String)> = accounts::table
        .filter(accounts::username.eq(username))
        .select((columns!(), accounts::password_hash))
        .first(connection)
        .optional()?;
    row.map(|(columns, password_hash)| Ok((account(columns)?, password_hash))).transpose()
}

/// The accounts of a region and of all below it with their organizations, or of one organization, in the order of their
/// user names; closed ones included.
pub fn list_visible(connection: &mut AnyConnection, belongs: Belongs) -> Result<Vec<Account>, Error> {
    let organizations: BTreeSet<OrganizationId> =
        super::organizations::list_visible(connection, belongs, Revision::LATEST)?
            .into_iter()
            .map(|organization| organization.id)
            .collect();
    let regions = match belongs {
        Belongs::Organization(_) => BTreeSet::new(),
        Belongs::Region(top) => subtree(&super::regions::list(connection, Revision::LATEST)?, top),
    };
    let rows: Vec<Columns> = accounts::table.select(columns!()).load(connection)?;
    let mut found = rows.into_iter().map(account).collect::<Result<Vec<_>, Error>>()?;
    found.retain(|account| match account.belongs {
        Belongs::Organization(organization) => organizations.contains(&organization),
        Belongs::Region(region) => regions.contains(&region),
    });
    found.sort_by(|one, other| one.username.cmp(&other.username));
    Ok(found)
}

fn account((id, username, role, display_name, organization, region, closed_at): Columns) -> Result<Account, Error> {
    let belongs = match (organization, region) {
        (Some(organization), None) => Belongs::Organization(organization),
        (None, Some(region)) => Belongs::Region(region),
        _ => return Err(Error::Internal("a stored account belongs nowhere", None)),
    };
    Ok(Account { id, username, role, display_name, belongs, closed: closed_at.is_some() })
}

/// True for whoever belongs to the topmost bureau of the installation: a region above which no other open account of the
/// bureau belongs. What all regions share (the catalogue, the dictionary of facts, the standards) is kept there.
pub fn is_topmost(connection: &mut AnyConnection, belongs: Belongs) -> Result<bool, Error> {
    let Belongs::Region(own) = belongs else { return Ok(false) };
    let regions = super::regions::list(connection, Revision::LATEST)?;
    let above: Vec<Option<RegionId>> =
        chain(&regions, own).into_iter().filter(|region| region.id != own).map(|region| Some(region.id)).collect();
    let open = accounts::table.filter(accounts::region_id.eq_any(above)).filter(accounts::closed_at.is_null());
    let anybody: bool = diesel::select(diesel::dsl::exists(open)).get_result(connection)?;
    Ok(!anybody)
}

/// The day it is, at an instant, where an account belongs.
pub fn today(connection: &mut AnyConnection, belongs: Belongs, now: DateTime<Utc>) -> Result<NaiveDate, Error> {
    let region = match belongs {
        Belongs::Region(region) => Some(region),
        Belongs::Organization(organization) => organizations::table
            .filter(organizations::id.eq(organization))
            .select(organizations::region_id)
            .first::<RegionId>(connection)
            .optional()?,
    };
    let regions = super::regions::list(connection, Revision::LATEST)?;
    Ok(region.map_or_else(|| local_day(now, DEFAULT_ZONE), |region| day_at(&regions, region, now)))
}

/// True for an account that may still act.
pub fn is_open(connection: &mut AnyConnection, id: AccountId) -> QueryResult<bool> {
    let open = accounts::table.filter(accounts::id.eq(id)).filter(accounts::closed_at.is_null());
    diesel::select(diesel::dsl::exists(open)).get_result(connection)
}

/// Adds an account. Its user name must be in lower case.
pub fn insert(
    change: &mut Change<'_>,
    account: &Account,
    password_hash: &str,
    created_at: DateTime<Utc>,
) -> Result<(), Error> {
    change.record(Subject::new(SubjectKind::Account, &account.username));
    let (organization, region) = match account.belongs {
        Belongs::Organization(organization) => (Some(organization), None),
        Belongs::Region(region) => (None, Some(region)),
    };
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(account.id),
            accounts::username.eq(&account.username),
            accounts::password_hash.eq(password_hash),
            accounts::role.eq(account.role),
            accounts::display_name.eq(&account.display_name),
            accounts::organization_id.eq(organization),
            accounts::region_id.eq(region),
            accounts::created_at.eq(Instant(created_at)),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Gives every account of the database the same password, whoever added it. For the demo only, where all accounts share
/// one and nobody's own is lost.
pub fn set_all_passwords(connection: &mut AnyConnection, password_hash: &str) -> QueryResult<usize> {
    diesel::update(accounts::table).set(accounts::password_hash.eq(password_hash)).execute(connection)
}
