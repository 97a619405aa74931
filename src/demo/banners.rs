//! Many banners alike, with as many counts as are asked for: data for measuring.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::history::{self, Keepers, Rounds};
use super::{DemoError, accounts, actor, seed};
use auth::receipts::ReceiptKeys;
use base::error::Error;
use base::holding::run_blocking;
use base::id::RegionId;
use db::Db;
use db::locks::{Key, Locks};
use domain::organization::Organization;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::revision::Revision;
use reference::{Banner, Reference, RegionEntry};

/// The counts of one write: those of an organization that has few are one.
const COUNTS_OF_A_WRITE: u32 = 50;

/// The organizations whose data is read at once.
const ORGANIZATIONS_OF_A_READ: usize = 32;

/// The reads whose organizations count at the same time: their writes fill a commit (64 of them) while the next one is planned.
const READS_AT_ONCE: usize = 4;

/// The age of the oldest count in days, a little more than ten years.
const OLDEST_COUNT: u64 = 3_660;

/// The number of counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// So many of each organization, a quarter of a year apart, in its depots in turn.
    OfOrganization(u32),
    /// So many of each depot, a quarter of a year apart.
    OfDepot(u32),
}

/// The size of the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The number of banners. The first has the codes of the demo, the others begin theirs with `B2-`, `B3-` and so on.
    pub banners: u32,
    /// The number of counts.
    pub counts: Counts,
    /// The codes of the only organizations with counts; all have some if this is empty.
    pub only: BTreeSet<String>,
}

/// How far the generation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many banners are there, without their counts.
    Banners(u32),
    /// So many counts are there.
    Counts {
        /// The counts.
        counts: u64,
        /// The organizations that have made theirs.
        organizations: usize,
        /// All organizations with counts.
        of: usize,
    },
}

/// Fills an empty database: the same arguments and the same day give the same figures. `tell` is called after each step.
///
/// First come the banners, then the counts of all of them: the reference data changes with every banner, and is read once.
///
/// # Errors
/// [`DemoError::NotEmpty`] if the database holds anything.
pub async fn generate(
    db: &Db,
    size: &Generated,
    password: &str,
    receipts: Arc<ReceiptKeys>,
    now: DateTime<Utc>,
    mut tell: impl FnMut(Step),
) -> Result<(), DemoError> {
    let (reference, example) = (Reference::load()?, Banner::load()?);
    let password_hash = auth::passwords::hash(password)?;
    let since = now.date_naive().checked_sub_days(Days::new(OLDEST_COUNT + 1)).unwrap_or_default();
    let mut shared = db
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
        shared =
            add_banner(db, &example, number, shared, Seeding { since, password_hash: &password_hash, now }).await?;
        tell(Step::Banners(number));
    }
    let mut organizations = db.read(|snapshot| super::organizations(snapshot.connection)).await?;
    organizations.retain(|organization| size.only.is_empty() || size.only.contains(&organization.code));
    let counter = Counter { db, counts: size.counts, receipts, now };
    let (mut counts, mut done, of) = (0, 0, organizations.len());
    let mut reads = stream::iter(organizations.chunks(ORGANIZATIONS_OF_A_READ))
        .map(async |some| Ok::<_, Error>((counter.count(some.to_vec()).await?, some.len())))
        .buffer_unordered(READS_AT_ONCE);
    while let Some((added, organizations)) = reads.try_next().await? {
        counts += added;
        done += organizations;
        tell(Step::Counts { counts, organizations: done, of });
    }
    Ok(())
}

/// The same for all banners.
#[derive(Clone, Copy)]
struct Seeding<'a> {
    since: NaiveDate,
    password_hash: &'a str,
    now: DateTime<Utc>,
}

/// Adds a banner without its counts, and returns the regions that it shares with others. The first brings the account that
/// sees all of them.
async fn add_banner(
    db: &Db,
    example: &Banner,
    number: u32,
    shared: BTreeMap<String, RegionId>,
    seeding: Seeding<'_>,
) -> Result<BTreeMap<String, RegionId>, Error> {
    let (prefix, banner) = numbered(example, number);
    let Seeding { since, now, .. } = seeding;
    let password_hash = seeding.password_hash.to_owned();
    let add = move |change: &mut db::write::Change<'_>| {
        let mut regions = shared.clone();
        let setting = seed::Setting { since, prefix: &prefix, password_hash: &password_hash, now };
        seed::insert_banner(change, &banner, &mut regions, setting)?;
        if let (1, Some(top)) = (number, banner.regions.first().and_then(|top| regions.get(&top.code))) {
            accounts::insert_viewer_of_all(change, *top, &password_hash, now)?;
        }
        if let Some(home) = banner.regions.last() {
            regions.remove(&home.code);
        }
        Ok(regions)
    };
    Ok(db.write_long(actor(), Locks::none().reference().accounts(), add).await?.value)
}

/// Adds the counts of organizations.
struct Counter<'a> {
    db: &'a Db,
    counts: Counts,
    receipts: Arc<ReceiptKeys>,
    now: DateTime<Utc>,
}

/// What one organization counts by.
struct Counting {
    reference_data: Arc<ReferenceData>,
    records: Arc<OrganizationData>,
    keepers: Arc<Keepers>,
    catalogue: Revision,
    sender: Option<Key>,
}

impl Counter<'_> {
    /// Adds the counts of some organizations, each of which counts for itself, and returns their number.
    async fn count(&self, organizations: Vec<Organization>) -> Result<u64, Error> {
        let at_once = organizations.len().max(1);
        let countings = self.read(organizations).await?;
        let counts = stream::iter(countings).map(|counting| self.count_one(counting)).buffer_unordered(at_once);
        counts.try_fold(0, async |all, counts| Ok(all + u64::from(counts))).await
    }

    async fn read(&self, organizations: Vec<Organization>) -> Result<Vec<Counting>, Error> {
        let now = self.now;
        self.db
            .read(move |snapshot| {
                let catalogue = snapshot.newest.map_or(Revision::LATEST, |newest| newest.revision);
                let reference_data = snapshot.reference_data(catalogue)?;
                let longest = reference_data.longest_validity_days();
                let records = db::reference_data::records(
                    snapshot.connection,
                    &organizations,
                    Revision::LATEST,
                    longest,
                    |_| now,
                )?;
                records
                    .into_iter()
                    .map(|records| {
                        let username = records.organization.code.to_lowercase();
                        let account = db::accounts::find_by_username(snapshot.connection, &username)?;
                        let sender = account.map(|(account, _)| Key::sender(account.id));
                        let reference_data = Arc::clone(&reference_data);
                        let keepers = Arc::new(history::keepers(snapshot.connection, &records)?);
                        Ok(Counting { reference_data, records: Arc::new(records), keepers, catalogue, sender })
                    })
                    .collect()
            })
            .await
    }

    /// Adds the counts of one organization, the oldest first, and returns their number. They are planned while the writer is
    /// busy with others.
    async fn count_one(&self, counting: Counting) -> Result<u32, Error> {
        let Counting { reference_data, records, keepers, catalogue, sender } = counting;
        let depots = u32::try_from(records.depots.len()).unwrap_or_default();
        let (all, of_day) = match self.counts {
            Counts::OfOrganization(counts) => (counts, 1),
            Counts::OfDepot(counts) => (counts.saturating_mul(depots), depots),
        };
        let now = self.now;
        let mut last = all;
        while last > 0 {
            let first = last.saturating_sub(COUNTS_OF_A_WRITE - 1).max(1);
            let (reference_data, planned) = (Arc::clone(&reference_data), Arc::clone(&records));
            let keepers = Arc::clone(&keepers);
            let planned = run_blocking(move || {
                let rounds =
                    Rounds { records: &planned, keepers: &keepers, catalogue, numbers: first..=last, all, of_day };
                history::plan_rounds(&reference_data, &rounds, now)
            });
            let planned =
                planned.await.map_err(|error| Error::internal("the planning of counts panicked", error))??;
            let locks = Locks::organizations([records.organization.id]).keys(sender);
            let (records, receipts) = (Arc::clone(&records), Arc::clone(&self.receipts));
            let submit =
                move |change: &mut db::write::Change<'_>| planned.submit(change, &receipts, &records.organization);
            self.db.write(actor(), locks, submit).await?;
            last = first - 1;
        }
        Ok(all)
    }
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
