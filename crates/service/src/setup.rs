//! The first account: created once, with the code that the service shows at start.

use chrono::{DateTime, Utc};

use auth::setup_code::{self, CodeHash, SetupCode};
use base::error::Error;
use base::id::{AccountId, RegionId};
use base::time::{DEFAULT_ZONE, local_day};
use db::connection::AnyConnection;
use db::locks::{LockedAccounts, LockedReference};
use db::sql_types::Day;
use db::write::Change;
use domain::account::{Account, Belongs, Role};
use domain::region::RegionVersion;
use domain::revision::Revision;
use text::messages::message;

/// Makes a code, replacing the one before; `None` if there is an account already.
pub fn make_code(
    change: &mut Change<'_>,
    _: LockedAccounts<'_>,
    now: DateTime<Utc>,
) -> Result<Option<SetupCode>, Error> {
    if !db::setup_codes::are_needed(change.connection)? {
        return Ok(None);
    }
    let code = SetupCode::generate();
    db::setup_codes::replace(change.connection, &code.hash(), now, now + setup_code::LIFETIME)?;
    Ok(Some(code))
}

/// Requires that there is no account yet, and that the code is the one shown.
///
/// # Errors
/// `Conflict` if there is an account already, `Forbidden` if the code is wrong or expired.
pub fn check_code(connection: &mut AnyConnection, code: &CodeHash, now: DateTime<Utc>) -> Result<(), Error> {
    if !db::setup_codes::are_needed(connection)? {
        return Err(Error::conflict("already_set_up", message!("already-set-up")));
    }
    let stored = db::setup_codes::find(connection, now)?;
    if stored.is_some_and(|stored| setup_code::is_same(code, &stored)) {
        return Ok(());
    }
    Err(Error::Forbidden { code: "setup_code_wrong", detail: message!("setup-code-wrong") })
}

/// The first admin and the region at the top.
#[derive(Clone, Debug)]
pub struct FirstAdmin {
    /// The user name, in lower case.
    pub username: String,
    /// The hash of its password.
    pub password_hash: String,
    /// The holder's name.
    pub display_name: String,
    /// The code of the region at the top.
    pub region_code: String,
    /// The names and settings of that region.
    pub region: RegionVersion,
}

/// Creates the first admin, and the top region unless it exists. The code is used up.
///
/// # Errors
/// As [`check_code`]; `Conflict` if another region is at the top.
pub fn set_up(
    change: &mut Change<'_>,
    _: LockedAccounts<'_>,
    reference: LockedReference<'_>,
    code: &CodeHash,
    first: &FirstAdmin,
    now: DateTime<Utc>,
) -> Result<Account, Error> {
    check_code(change.connection, code, now)?;
    let region = top_region(change, reference, first, now)?;
    let account = Account {
        id: AccountId::new(),
        username: first.username.clone(),
        role: Role::Admin,
        display_name: first.display_name.clone(),
        belongs: Belongs::Region(region),
        closed: false,
    };
    db::accounts::insert(change, &account, Some(&first.password_hash), now)?;
    db::setup_codes::remove(change.connection)?;
    Ok(account)
}

fn top_region(
    change: &mut Change<'_>,
    _: LockedReference<'_>,
    first: &FirstAdmin,
    now: DateTime<Utc>,
) -> Result<RegionId, Error> {
    let regions = db::regions::list(change.connection, Revision::LATEST)?;
    let mut tops = regions.iter().filter(|region| region.parent_id.is_none());
    if let Some(found) = tops.clone().find(|region| region.code == first.region_code) {
        return Ok(found.id);
    }
    if let Some(other) = tops.next() {
        return Err(Error::conflict(
            "other_region_at_the_top",
            message!("other-region-at-the-top", region = &other.code),
        ));
    }
    let today = local_day(now, first.region.time_zone.unwrap_or(DEFAULT_ZONE));
    let id = RegionId::new();
    db::regions::insert(change, id, &first.region_code, None, Day(today), &first.region)?;
    Ok(id)
}
