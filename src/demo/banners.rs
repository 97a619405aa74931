//! Many banners alike, with as many counts as are asked for: data for measuring.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Days, Utc};

use super::history::{self, Rounds};
use super::{DemoError, actor, seed};
use auth::receipts::ReceiptKeys;
use base::error::Error;
use db::Db;
use db::locks::{Key, Locks};
use domain::organization::Organization;
use domain::revision::Revision;
use reference::{Banner, Reference, RegionEntry};

/// The counts of one write: a transaction is neither long nor large, and has one flush of the disk for all of them.
const COUNTS_OF_A_WRITE: u32 = 200;

/// The age of the oldest count in days, a little more than ten years.
const OLDEST_COUNT: u64 = 3_660;

/// The size of the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The number of banners. The first has the codes of the demo, the others begin theirs with `B2-`, `B3-` and so on.
    pub banners: u32,
    /// The counts of each organization.
    pub counts_per_organization: u32,
    /// The codes of the only organizations with counts; all have some if this is empty.
    pub only: BTreeSet<String>,
}

/// Fills an empty database: the same arguments and the same day give the same figures. `tell` is called after each banner
/// with its number.
///
/// # Errors
/// [`DemoError::NotEmpty`] if the database holds anything.
pub async fn generate(
    db: &Db,
    size: &Generated,
    password: &str,
    receipts: Arc<ReceiptKeys>,
    now: DateTime<Utc>,
    mut tell: impl FnMut(u32),
) -> Result<(), DemoError> {
    let (reference, example) = (Reference::load()?, Banner::load()?);
    let password_hash = auth::passwords::hash(password)?;
    let since = now.date_naive().checked_sub_days(Days::new(OLDEST_COUNT + 1)).unwrap_or_default();
    let mut regions = db
        .write_long(actor(), Locks::none().reference().accounts(), move |change| {
            if db::revisions::newest(change.connection)?.is_some() {
                return Ok(None);
            }
            seed::insert_reference(change, &reference)?;
            Ok(Some(BTreeMap::new()))
        })
        .await?
        .value
        .ok_or(DemoError::NotEmpty)?;
    for number in 1..=size.banners {
        let (prefix, banner) = numbered(&example, number);
        let codes: BTreeSet<String> = banner.organizations.iter().map(|one| one.code.clone()).collect();
        regions = db
            .write_long(actor(), Locks::none().reference().accounts(), {
                let password_hash = password_hash.clone();
                move |change| {
                    let mut regions = regions.clone();
                    let setting = seed::Setting { since, prefix: &prefix, password_hash: &password_hash, now };
                    seed::insert_banner(change, &banner, &mut regions, setting)?;
                    Ok(regions)
                }
            })
            .await?
            .value;
        let counting = |organization: &Organization| {
            codes.contains(&organization.code) && (size.only.is_empty() || size.only.contains(&organization.code))
        };
        let mut organizations = db.read(|snapshot| super::organizations(snapshot.connection)).await?;
        organizations.retain(counting);
        for organization in organizations {
            count(db, organization, size.counts_per_organization, &receipts, now).await?;
        }
        tell(number);
    }
    Ok(())
}

/// Adds the counts of an organization.
async fn count(
    db: &Db,
    organization: Organization,
    all: u32,
    receipts: &Arc<ReceiptKeys>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let owned = organization.clone();
    let (reference_data, records, catalogue, account) = db
        .read(move |snapshot| {
            let newest = snapshot.newest.map_or(Revision::LATEST, |newest| newest.revision);
            let reference_data = snapshot.reference_data(newest)?;
            let longest = reference_data.longest_validity_days();
            let organizations = std::slice::from_ref(&owned);
            let records =
                db::reference_data::records(snapshot.connection, organizations, Revision::LATEST, longest, |_| now)?;
            let account = db::accounts::find_by_username(snapshot.connection, &owned.code.to_lowercase())?;
            Ok((reference_data, Arc::new(records), newest, account))
        })
        .await?;
    let sender = account.map(|(account, _)| Key::sender(account.id));
    let mut last = all;
    while last > 0 {
        let first = last.saturating_sub(COUNTS_OF_A_WRITE - 1).max(1);
        let locks = Locks::organizations([organization.id]).keys(sender);
        let (reference_data, records, receipts) =
            (Arc::clone(&reference_data), Arc::clone(&records), Arc::clone(receipts));
        db.write_long(actor(), locks, move |change| {
            for records in records.iter() {
                let rounds = Rounds { records, catalogue, numbers: first..=last, all };
                history::insert_rounds(change, &receipts, &reference_data, &rounds, now)?;
            }
            Ok(())
        })
        .await?;
        last = first - 1;
    }
    Ok(())
}

/// The banner with a number, and the beginning of the user names of its bureau.
fn numbered(example: &Banner, number: u32) -> (String, Banner) {
    let mut banner = example.clone();
    if number == 1 {
        return (String::new(), banner);
    }
    let named = |code: &str| format!("B{number}-{code}");
    if let Some(RegionEntry { code, .. }) = banner.regions.last_mut() {
        let before = std::mem::replace(code, format!("9{number:05}"));
        for adoption in banner.adoptions.iter_mut().filter(|adoption| adoption.region == before) {
            adoption.region.clone_from(code);
        }
    }
    for organization in &mut banner.organizations {
        organization.code = named(&organization.code);
        organization.hosted_by = organization.hosted_by.as_deref().map(named);
    }
    for depot in &mut banner.depots {
        depot.code = named(&depot.code);
        depot.organization = named(&depot.organization);
    }
    for target in &mut banner.targets {
        target.organization = named(&target.organization);
    }
    (named("").to_lowercase(), banner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_banners_share_no_code() {
        let example = Banner::load().unwrap();
        let banners = [1, 2, 3].map(|number| numbered(&example, number));
        let codes: BTreeSet<&str> = banners
            .iter()
            .flat_map(|(_, banner)| {
                let organizations = banner.organizations.iter().map(|organization| organization.code.as_str());
                organizations.chain(banner.depots.iter().map(|depot| depot.code.as_str()))
            })
            .collect();
        assert_eq!(codes.len(), 3 * (example.organizations.len() + example.depots.len()));
        assert_eq!(banners.each_ref().map(|(prefix, _)| prefix.as_str()), ["", "b2-", "b3-"]);
        let homes = banners.each_ref().map(|(_, banner)| banner.regions.last().unwrap().code.as_str());
        assert_eq!(homes, ["159900", "900002", "900003"]);
    }
}
