//! Managers of accounts: the accounts that they may see, and those that they may change.

use std::collections::{BTreeMap, BTreeSet};

use crate::sessions;
use base::error::Error;
use base::id::{AccountId, OrganizationId, RegionId};
use db::connection::AnyConnection;
use db::locks::LockedAccounts;
use db::write::Change;
use domain::account::{Account, AccountRecord, Belongs, manages};
use domain::region::subtree;
use domain::revision::Revision;
use text::messages::{Message, message};

/// The places whose accounts an account may see.
#[derive(Clone, Debug)]
pub struct Reach {
    belongs: Belongs,
    regions: BTreeSet<RegionId>,
    organizations: BTreeMap<OrganizationId, RegionId>,
}

impl Reach {
    /// The reach of an organization or a region.
    pub fn of(connection: &mut AnyConnection, belongs: Belongs) -> Result<Self, Error> {
        let regions = match belongs {
            Belongs::Region(region) => subtree(&db::regions::list(connection, Revision::LATEST)?, region),
            Belongs::Organization(_) => BTreeSet::new(),
        };
        Ok(Self { belongs, regions, organizations: db::accounts::regions_of_organizations(connection)? })
    }

    /// True for a place within it.
    pub fn covers(&self, place: Belongs) -> bool {
        match place {
            Belongs::Region(region) => self.regions.contains(&region),
            Belongs::Organization(organization) => {
                self.belongs == place
                    || self.organizations.get(&organization).is_some_and(|region| self.regions.contains(region))
            }
        }
    }
}

/// A manager of accounts, with their rights at the moment of the change.
#[derive(Clone, Debug)]
pub struct Manager {
    account: Account,
    reach: Reach,
}

impl Manager {
    /// The author of a change.
    ///
    /// # Errors
    /// `Unauthenticated` if the account was closed in the meantime.
    pub fn of(change: &mut Change<'_>, _: LockedAccounts<'_>) -> Result<Self, Error> {
        let id = change.actor().account().ok_or(Error::Internal("nobody manages accounts", None))?;
        let record = db::accounts::find(change.connection, id)?;
        let account = record.map(|record| record.account).filter(|account| !account.closed);
        let account = account.ok_or_else(sessions::closed)?;
        let reach = Reach::of(change.connection, account.belongs)?;
        Ok(Self { account, reach })
    }

    /// The manager's own account.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Finds an account within reach.
    ///
    /// # Errors
    /// `NotFound` if there is none, or it is beyond reach.
    pub fn see(&self, connection: &mut AnyConnection, id: AccountId) -> Result<AccountRecord, Error> {
        let record = db::accounts::find(connection, id)?;
        record.filter(|record| self.reach.covers(record.account.belongs)).ok_or(Error::NotFound("account"))
    }

    /// True for a place within reach.
    pub fn reaches(&self, place: Belongs) -> bool {
        self.reach.covers(place)
    }

    /// Requires that the manager may manage an account.
    ///
    /// # Errors
    /// `Forbidden` if its role or its place does not allow that.
    pub fn require(&self, account: &Account) -> Result<(), Error> {
        if manages(self.account.role, account.role) && self.reach.covers(account.belongs) {
            return Ok(());
        }
        Err(forbidden("account_not_manageable", message!("account-not-manageable")))
    }

    /// The message about a user name that another account uses. It reveals nothing about an account beyond reach.
    pub(crate) fn why_unavailable(&self, taken: &Account) -> Message {
        if taken.closed && self.require(taken).is_ok() {
            return message!("unavailable-closed-account", name = &taken.username, id = taken.id.to_string());
        }
        message!("unavailable", name = &taken.username)
    }

    /// Requires that an account is somebody else's.
    pub(crate) fn require_other(&self, id: AccountId) -> Result<(), Error> {
        if id == self.account.id {
            return Err(forbidden("own_account", message!("own-account")));
        }
        Ok(())
    }
}

fn forbidden(code: &'static str, detail: Message) -> Error {
    Error::Forbidden { code, detail }
}
