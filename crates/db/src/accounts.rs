//! Accounts of people and of clients; clients have further columns in a file of their own.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::schema::{accounts, clients, organizations};
use super::sql_types::Instant;
use super::write::Change;
use base::error::Error;
use base::id::{AccountId, OrganizationId, RegionId};
use base::time::{DEFAULT_ZONE, local_day};
use domain::account::{Account, AccountRecord, Belongs, Closing, Role};
use domain::actor::{Subject, SubjectKind};
use domain::audit::{Field, ValueChange, differences};
use domain::region::{day_at, subtree};
use domain::revision::Revision;

/// The columns of an [`Account`].
pub(super) type Columns = (AccountId, String, Role, String, Option<OrganizationId>, Option<RegionId>, Option<Instant>);

/// Selects the columns of [`Columns`].
macro_rules! columns {
    () => {{
        use $crate::schema::accounts::dsl;

        (dsl::id, dsl::username, dsl::role, dsl::display_name, dsl::organization_id, dsl::region_id, dsl::closed_at)
    }};
}
pub(super) use columns;

/// Makes an account from its columns.
pub(super) fn account(
    (id, username, role, display_name, organization, region, closed_at): Columns,
) -> Result<Account, Error> {
    let belongs = match (organization, region) {
        (Some(organization), None) => Belongs::Organization(organization),
        (None, Some(region)) => Belongs::Region(region),
        _ => return Err(Error::Internal("a stored account belongs nowhere", None)),
    };
    Ok(Account { id, username, role, display_name, belongs, closed: closed_at.is_some() })
}

/// Restricts a query to the accounts of people, leaving out those of clients.
macro_rules! of_people {
    () => {
        accounts::table.filter(accounts::id.ne_all(clients::table.select(clients::account_id)))
    };
}

fn columns_of(belongs: Belongs) -> (Option<OrganizationId>, Option<RegionId>) {
    match belongs {
        Belongs::Organization(organization) => (Some(organization), None),
        Belongs::Region(region) => (None, Some(region)),
    }
}

/// Finds a person's account by its user name, with the hash of its password if it has one.
pub fn find_by_username(
    connection: &mut AnyConnection,
    username: &str,
) -> Result<Option<(Account, Option<String>)>, Error> {
    let row: Option<(Columns, Option<String>)> = of_people!()
        .filter(accounts::username.eq(username))
        .select((columns!(), accounts::password_hash))
        .first(connection)
        .optional()?;
    row.map(|(columns, password_hash)| Ok((account(columns)?, password_hash))).transpose()
}

/// The hash of an account's password, if it has one.
pub fn password_hash(connection: &mut AnyConnection, id: AccountId) -> QueryResult<Option<String>> {
    let found = accounts::table.filter(accounts::id.eq(id)).select(accounts::password_hash);
    Ok(found.first::<Option<String>>(connection).optional()?.flatten())
}

type RecordColumns = (Columns, Option<String>, Instant, Option<String>);

fn record((columns, password_hash, Instant(created_at), closed_reason): RecordColumns) -> Result<AccountRecord, Error> {
    let closed_at = columns.6;
    let closing = closed_at.map(|Instant(at)| Closing { at, reason: closed_reason.unwrap_or_default() });
    Ok(AccountRecord { account: account(columns)?, has_password: password_hash.is_some(), created_at, closing })
}

/// Finds a person's account by its id.
pub fn find(connection: &mut AnyConnection, id: AccountId) -> Result<Option<AccountRecord>, Error> {
    let row: Option<RecordColumns> = of_people!()
        .filter(accounts::id.eq(id))
        .select((columns!(), accounts::password_hash, accounts::created_at, accounts::closed_reason))
        .first(connection)
        .optional()?;
    row.map(record).transpose()
}

/// Finds accounts by their ids, including those of clients.
pub fn find_some(connection: &mut AnyConnection, ids: &[AccountId]) -> Result<BTreeMap<AccountId, Account>, Error> {
    let rows: Vec<Columns> =
        accounts::table.filter(accounts::id.eq_any(ids.to_vec())).select(columns!()).load(connection)?;
    rows.into_iter().map(|columns| account(columns).map(|account| (account.id, account))).collect()
}

/// Every account of a person.
pub fn list(connection: &mut AnyConnection) -> Result<Vec<AccountRecord>, Error> {
    let rows: Vec<RecordColumns> = of_people!()
        .select((columns!(), accounts::password_hash, accounts::created_at, accounts::closed_reason))
        .load(connection)?;
    rows.into_iter().map(record).collect()
}

/// The regions of all organizations, which place their accounts.
pub fn regions_of_organizations(connection: &mut AnyConnection) -> QueryResult<BTreeMap<OrganizationId, RegionId>> {
    let rows: Vec<(OrganizationId, RegionId)> =
        organizations::table.select((organizations::id, organizations::region_id)).load(connection)?;
    Ok(rows.into_iter().collect())
}

/// The accounts of a region and of everything below it, including organizations, or those of one organization, ordered
/// by user name; includes closed ones and those of clients.
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

/// True for the topmost bureau of the installation: a region above which no other open account of the bureau belongs.
/// It maintains the data that all regions share: the catalogue, the fact dictionary, the standards.
pub fn is_topmost(connection: &mut AnyConnection, belongs: Belongs) -> Result<bool, Error> {
    let Belongs::Region(own) = belongs else { return Ok(false) };
    let above: Vec<Option<RegionId>> = super::regions::list_above(connection, own)?
        .into_iter()
        .filter(|region| region.id != own)
        .map(|region| Some(region.id))
        .collect();
    let open = of_people!().filter(accounts::region_id.eq_any(above)).filter(accounts::closed_at.is_null());
    let anybody: bool = diesel::select(diesel::dsl::exists(open)).get_result(connection)?;
    Ok(!anybody)
}

/// The day at an instant, in the place an account belongs to.
pub fn today(connection: &mut AnyConnection, belongs: Belongs, now: DateTime<Utc>) -> Result<NaiveDate, Error> {
    let region = match belongs {
        Belongs::Region(region) => Some(region),
        Belongs::Organization(organization) => organizations::table
            .filter(organizations::id.eq(organization))
            .select(organizations::region_id)
            .first::<RegionId>(connection)
            .optional()?,
    };
    let Some(region) = region else { return Ok(local_day(now, DEFAULT_ZONE)) };
    Ok(day_at(&super::regions::list_above(connection, region)?, region, now))
}

/// True if the account may still act.
pub fn is_open(connection: &mut AnyConnection, id: AccountId) -> QueryResult<bool> {
    let open = accounts::table.filter(accounts::id.eq(id)).filter(accounts::closed_at.is_null());
    diesel::select(diesel::dsl::exists(open)).get_result(connection)
}

/// The account as a subject of the audit.
pub fn subject(account: &Account) -> Subject {
    Subject::new(SubjectKind::Account, &account.username)
}

/// The values that the audit tells of an account; of its holder's name only that it changed.
pub(super) fn fields(account: &Account) -> Vec<Field> {
    let (organization, region) = columns_of(account.belongs);
    vec![
        Field::withheld("display_name", &account.display_name),
        Field::code("role", account.role),
        Field::plain("organization", organization),
        Field::plain("region", region),
    ]
}

/// The values that closing an account changes, or opening it again.
pub(super) fn closing_values(closing: Option<&Closing>) -> Vec<ValueChange> {
    let reason = closing.map(|closing| ValueChange::new("reason", &closing.reason));
    [ValueChange::of("closed", closing.is_none(), closing.is_some())].into_iter().chain(reason).collect()
}

/// Adds an account. Its user name must be in lower case; without a password it signs in by enrolment only.
pub fn insert(
    change: &mut Change<'_>,
    account: &Account,
    password_hash: Option<&str>,
    created_at: DateTime<Utc>,
) -> Result<(), Error> {
    let password = password_hash.map(|_| ValueChange::withheld("password"));
    change.record_values(subject(account), differences(&[], &fields(account), None).into_iter().chain(password));
    Ok(add(change.connection, account, password_hash, created_at)?)
}

/// Adds an account; the caller must have recorded the subject.
pub(super) fn add(
    connection: &mut AnyConnection,
    account: &Account,
    password_hash: Option<&str>,
    created_at: DateTime<Utc>,
) -> QueryResult<()> {
    let (organization, region) = columns_of(account.belongs);
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
        .execute(connection)?;
    Ok(())
}

/// Changes the name, the role and the place of an account.
pub fn update(change: &mut Change<'_>, account: &Account) -> Result<(), Error> {
    let before = find_some(change.connection, &[account.id])?;
    let before = before.get(&account.id).map(fields).unwrap_or_default();
    change.record_values(subject(account), differences(&before, &fields(account), None));
    let (organization, region) = columns_of(account.belongs);
    diesel::update(accounts::table.filter(accounts::id.eq(account.id)))
        .set((
            accounts::role.eq(account.role),
            accounts::display_name.eq(&account.display_name),
            accounts::organization_id.eq(organization),
            accounts::region_id.eq(region),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Closes an account, or opens it again.
pub fn set_closing(change: &mut Change<'_>, account: &Account, closing: Option<&Closing>) -> Result<(), Error> {
    change.record_values(subject(account), closing_values(closing));
    Ok(store_closing(change.connection, account.id, closing)?)
}

/// Closes an account or opens it again; the caller must have recorded the subject.
pub(super) fn store_closing(
    connection: &mut AnyConnection,
    id: AccountId,
    closing: Option<&Closing>,
) -> QueryResult<()> {
    diesel::update(accounts::table.filter(accounts::id.eq(id)))
        .set((
            accounts::closed_at.eq(closing.map(|closing| Instant(closing.at))),
            accounts::closed_reason.eq(closing.map(|closing| closing.reason.as_str())),
        ))
        .execute(connection)?;
    Ok(())
}

/// Sets or removes an account's password.
pub fn set_password(change: &mut Change<'_>, account: &Account, password_hash: Option<&str>) -> Result<(), Error> {
    change.record_values(subject(account), [ValueChange::withheld("password")]);
    diesel::update(accounts::table.filter(accounts::id.eq(account.id)))
        .set(accounts::password_hash.eq(password_hash))
        .execute(change.connection)?;
    Ok(())
}

/// Stores another hash of the same password. This is not a change in the sense of the audit. Nothing is stored if the
/// password was changed in the meantime.
pub fn replace_hash(connection: &mut AnyConnection, id: AccountId, old: &str, new: &str) -> QueryResult<()> {
    diesel::update(accounts::table.filter(accounts::id.eq(id)).filter(accounts::password_hash.eq(old)))
        .set(accounts::password_hash.eq(new))
        .execute(connection)?;
    Ok(())
}

/// Gives all accounts of people in the database the same password. Only for the demo, where all accounts share one.
pub fn set_all_passwords(connection: &mut AnyConnection, password_hash: &str) -> QueryResult<usize> {
    diesel::update(of_people!()).set(accounts::password_hash.eq(password_hash)).execute(connection)
}
