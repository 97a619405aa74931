//! Accounts as their managers see them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::api::labels::{OrganizationLabel, RegionLabel};
use base::error::Error;
use base::id::{AccountId, OrganizationId, RegionId};
use db::connection::AnyConnection;
use domain::account::{Account, AccountRecord, Belongs, Role, manages};
use domain::organization::Organization;
use domain::region::Region;
use domain::revision::Revision;
use service::reach::Reach;
use text::language::Language;

/// The name of an account.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000005", "username": "t3", "display_name": "Quartermaster of T3"
}))]
pub struct AccountLabel {
    /// Its id.
    pub id: AccountId,
    /// The name it signs in with.
    #[schema(max_length = 64)]
    pub username: String,
    /// The holder's name.
    #[schema(max_length = 100)]
    pub display_name: String,
}

impl AccountLabel {
    /// The name of an account.
    pub fn of(account: &Account) -> Self {
        let (username, display_name) = (account.username.clone(), account.display_name.clone());
        Self { id: account.id, username, display_name }
    }
}

/// An account.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000005", "username": "t3", "display_name": "Quartermaster of T3",
    "role": "quartermaster",
    "organization": {"id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade"},
    "region": null, "has_password": true, "created_at": "2026-11-23T02:00:00Z", "open": true, "closed_at": null,
    "closed_reason": null, "manageable": true
}))]
pub struct AccountView {
    /// The account.
    #[serde(flatten)]
    pub label: AccountLabel,
    /// Its role.
    pub role: Role,
    /// The organization of a quartermaster; `null` for other roles.
    pub organization: Option<OrganizationLabel>,
    /// The region of an officer, viewer or admin; `null` for a quartermaster.
    pub region: Option<RegionLabel>,
    /// False if it signs in by enrolment codes only.
    pub has_password: bool,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// False once it was closed.
    pub open: bool,
    /// The time it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The reason why it was closed.
    #[schema(max_length = 1000)]
    pub closed_reason: Option<String>,
    /// True if the caller may change it.
    pub manageable: bool,
}

/// The context of account views: the names of organizations and regions, and the reader.
pub struct Viewer {
    /// The places within reach.
    pub reach: Reach,
    account: Account,
    organizations: BTreeMap<OrganizationId, Organization>,
    regions: BTreeMap<RegionId, Region>,
    day: NaiveDate,
    language: Language,
}

impl Viewer {
    /// A reader of accounts.
    pub fn of(
        connection: &mut AnyConnection,
        account: &Account,
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let organizations = db::organizations::list_visible(connection, account.belongs, Revision::LATEST)?;
        let regions = db::regions::list(connection, Revision::LATEST)?;
        Ok(Self {
            reach: Reach::of(connection, account.belongs)?,
            account: account.clone(),
            organizations: organizations.into_iter().map(|organization| (organization.id, organization)).collect(),
            regions: regions.into_iter().map(|region| (region.id, region)).collect(),
            day: db::accounts::today(connection, account.belongs, now)?,
            language,
        })
    }

    /// The name of the place: an organization, or a region.
    pub fn place(&self, belongs: Belongs) -> (Option<OrganizationLabel>, Option<RegionLabel>) {
        let (organization, region) = match belongs {
            Belongs::Organization(id) => (self.organizations.get(&id), None),
            Belongs::Region(id) => (None, self.regions.get(&id)),
        };
        (
            organization.map(|found| OrganizationLabel::of(found, self.day, self.language)),
            region.map(|found| RegionLabel::of(found, self.day, self.language)),
        )
    }

    /// The view of an account.
    pub fn view(&self, record: &AccountRecord) -> AccountView {
        let AccountRecord { account, has_password, created_at, closing } = record;
        let (organization, region) = self.place(account.belongs);
        AccountView {
            label: AccountLabel::of(account),
            role: account.role,
            organization,
            region,
            has_password: *has_password,
            created_at: *created_at,
            open: closing.is_none(),
            closed_at: closing.as_ref().map(|closing| closing.at),
            closed_reason: closing.as_ref().map(|closing| closing.reason.clone()),
            manageable: manages(self.account.role, account.role) && self.reach.covers(account.belongs),
        }
    }

    /// Finds an account by its id within reach.
    ///
    /// # Errors
    /// `NotFound` if there is none, or it is beyond reach.
    pub fn find(&self, connection: &mut AnyConnection, id: AccountId) -> Result<AccountRecord, Error> {
        let record = db::accounts::find(connection, id)?;
        record.filter(|record| self.reach.covers(record.account.belongs)).ok_or(Error::NotFound("account"))
    }
}
