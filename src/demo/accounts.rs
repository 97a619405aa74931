//! The demo's accounts: three of the bureau, and a quartermaster for each organization.

use chrono::{DateTime, Utc};

use base::error::Error;
use base::id::{AccountId, OrganizationId, RegionId};
use db::connection::AnyConnection;
use db::write::Change;
use domain::account::Author;
use domain::account::{Account, Belongs, Role};

/// The user name of the administrator, who may do everything.
pub(super) const ADMIN: &str = "admin";
/// The user name of the bureau's officer.
pub(super) const OFFICER: &str = "officer";

/// The user names of the bureau's accounts. The others are the codes of the organizations in lower case.
pub const BUREAU_USERNAMES: [&str; 3] = [ADMIN, OFFICER, "viewer"];

/// The accounts to try, one for each way of using the demo: the bureau's, and the quartermaster of an organization.
pub(super) fn to_try(organization: &str) -> Vec<(String, Role)> {
    let of_bureau = [("viewer", Role::Viewer), (OFFICER, Role::Officer), (ADMIN, Role::Admin)];
    let of_bureau = of_bureau.map(|(username, role)| (username.to_owned(), role));
    of_bureau.into_iter().chain([(organization.to_lowercase(), Role::Quartermaster)]).collect()
}

/// Adds an account for each role of the bureau, whose user name begins with a prefix.
pub(super) fn insert_bureau(
    change: &mut Change<'_>,
    prefix: &str,
    region: RegionId,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    for (username, role, name) in [
        (ADMIN, Role::Admin, "Administrator"),
        (OFFICER, Role::Officer, "Duty officer of the bureau"),
        ("viewer", Role::Viewer, "Viewer of the bureau"),
    ] {
        insert(change, &format!("{prefix}{username}"), role, name, Belongs::Region(region), password_hash, now)?;
    }
    Ok(())
}

/// Adds the account that sees every banner below a region: user name `all`.
pub(super) fn insert_viewer_of_all(
    change: &mut Change<'_>,
    region: RegionId,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    insert(change, "all", Role::Viewer, "Viewer of all banners", Belongs::Region(region), password_hash, now)
}

/// Adds the account of an organization's quartermaster.
pub(super) fn insert_quartermaster(
    change: &mut Change<'_>,
    code: &str,
    organization: OrganizationId,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (username, name) = (code.to_lowercase(), format!("Quartermaster of {code}"));
    let belongs = Belongs::Organization(organization);
    insert(change, &username, Role::Quartermaster, &name, belongs, password_hash, now)
}

fn insert(
    change: &mut Change<'_>,
    username: &str,
    role: Role,
    display_name: &str,
    belongs: Belongs,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (username, display_name) = (username.to_owned(), display_name.to_owned());
    let account = Account { id: AccountId::new(), username, role, display_name, belongs, closed: false };
    db::accounts::insert(change, &account, Some(password_hash), now)
}

/// The account with a user name, as the author of a change.
pub(super) fn author(connection: &mut AnyConnection, username: &str) -> Result<Author, Error> {
    let (account, _) = db::accounts::find_by_username(connection, username)?.ok_or(Error::NotFound("account"))?;
    Ok(Author { account: account.id, name: account.display_name, role: account.role })
}
