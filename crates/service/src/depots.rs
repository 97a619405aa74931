//! Depots: opened, changed and closed by the bureau's people.

use super::keeping::{Condition, Keeper, Put, says_already};
use base::error::{Error, Fault};
use base::id::OrganizationId;
use db::connection::AnyConnection;
use db::sql_types::Day;
use db::write::Change;
use domain::depot::{Depot, NewDepot};
use domain::naming::{blank_faults, code_fault, day_fault, fixed, names};
use domain::organization::Organization;
use domain::revision::{Revision, last_change};
use text::messages::message;

/// The organization whose depot a change is about, where there is one: the change declares its lock.
pub fn owner_of(
    connection: &mut AnyConnection,
    key: &str,
    organization: Option<&str>,
) -> Result<Option<OrganizationId>, Error> {
    let all = db::organizations::list(connection, Revision::LATEST)?;
    let stored = find(connection, &all, key)?.map(|depot| depot.organization_id);
    let named = organization.and_then(|key| all.iter().find(|one| names(key, one.id, &one.code)));
    Ok(stored.or(named.map(|one| one.id)))
}

fn find(connection: &mut AnyConnection, owners: &[Organization], key: &str) -> Result<Option<Depot>, Error> {
    let ids: Vec<OrganizationId> = owners.iter().map(|one| one.id).collect();
    let all = db::depots::list(connection, &ids, Revision::LATEST)?;
    Ok(all.into_iter().find(|depot| names(key, depot.id, &depot.code)))
}

/// Puts what a depot is like from a day; a new one is an organization's that the keeper sees.
///
/// # Errors
/// `NotFound` for a depot that the keeper does not see; `Invalid` with every fault; what the condition says.
pub fn put(
    change: &mut Change<'_>,
    keeper: &Keeper,
    key: &str,
    new: &NewDepot,
    condition: Condition<'_>,
) -> Result<Put, Error> {
    // The code of a new depot must be new among those of all organizations.
    change.for_reference()?;
    let all = db::organizations::list(change.connection, Revision::LATEST)?;
    let visible = db::organizations::list_visible(change.connection, keeper.belongs, Revision::LATEST)?;
    let stored = find(change.connection, &all, key)?;
    let stored = stored.as_ref();
    if stored.is_some_and(|stored| visible.iter().all(|one| one.id != stored.organization_id)) {
        return Err(Error::NotFound("depot"));
    }
    let mut faults = blank_faults([("/name_en", new.name_en.as_str()), ("/name_zh", &new.name_zh)]);
    let named = new.organization.as_deref().map(|key| visible.iter().find(|one| names(key, one.id, &one.code)));
    let owner = match named {
        Some(None) => {
            faults.push(Fault::new("/organization", "organization_unknown", message!("depot-organization-unknown")));
            None
        }
        named => {
            let named = named.flatten().map(|one| one.id);
            fixed("organization", named.as_ref(), stored.map(|one| &one.organization_id), &mut faults)
        }
    };
    if stored.is_none() {
        faults.extend(code_fault("/depot", key, usize::MAX));
    }
    let valid_from = match (new.valid_from, owner) {
        (Some(day), _) => day,
        (None, Some(owner)) => db::organizations::day_of(change.connection, owner, keeper.now)?,
        (None, None) => keeper.today(change.connection)?,
    };
    faults.extend(day_fault("/valid_from", valid_from));
    let (Some(owner), true) = (owner, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
    let version = new.version(stored, valid_from);
    if let Some(put) = says_already(stored.map(|one| &one.versions[..]), valid_from, &version) {
        return Ok(put);
    }
    let put = Put::checked(valid_from, stored.map(|one| last_change(&one.versions)), condition)?;
    let owner = change.for_organization(owner)?;
    match stored {
        Some(one) => db::depots::insert_version(change, owner, (one.id, &one.code), Day(valid_from), &version)?,
        None => drop(db::depots::insert(change, key, owner, Day(valid_from), &version)?),
    }
    Ok(put)
}
