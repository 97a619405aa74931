//! The history of counts. It is the same every day, relative to that day.

mod diary;
mod habits;
mod incidents;
mod rounds;
mod shelves;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use self::diary::{Diary, Planned};
use super::EXAMPLE_ORGANIZATION;
use super::accounts::{OFFICER, author};
use auth::receipts::ReceiptKeys;
use base::content::Content;
use base::error::Error;
use base::id::ContactId;
use base::time::local_day;
use db::connection::AnyConnection;
use db::write::Change;
use domain::count::CountKind;
use domain::organization::Organization;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::revision::Revision;
use service::chain::Signer;
use service::counts::VoidRequest;

/// The quantity of the example's item counted in the example's depot.
pub(super) const EXAMPLE_COUNTED: i16 = shelves::EXAMPLE_COUNTED;

/// The namespace of everything derived or named here (RFC 9562, version 5).
const DEMO: Uuid = Uuid::from_u128(0x6d75_7374_6572_5064_8e6d_6f20_6869_7374);

/// The basis of fictitious counts: the rules, the data of one organization, and its present day.
#[derive(Clone, Copy)]
struct Scene<'a> {
    reference_data: &'a ReferenceData,
    records: &'a OrganizationData,
    keepers: &'a Keepers,
    zone: Tz,
    today: NaiveDate,
}

impl<'a> Scene<'a> {
    /// The scene at an instant.
    fn at(
        reference_data: &'a ReferenceData,
        records: &'a OrganizationData,
        keepers: &'a Keepers,
        now: DateTime<Utc>,
    ) -> Self {
        let zone = reference_data.zone_of(&records.organization, now.date_naive());
        Self { reference_data, records, keepers, zone, today: local_day(now, zone) }
    }

    fn code(&self) -> &str {
        &self.records.organization.code
    }
}

/// The names of the keepers, who count.
pub(super) type Keepers = BTreeMap<ContactId, Option<String>>;

/// The names of the keepers of an organization's depots.
pub(super) fn keepers(connection: &mut AnyConnection, records: &OrganizationData) -> Result<Keepers, Error> {
    let versions = records.depots.iter().flat_map(|depot| &depot.versions);
    let ids = versions.flat_map(|row| row.value.keepers()).map(|(_, id)| id).collect();
    Ok(db::contacts::names(connection, &ids)?)
}

/// A number derived from a name: always the same, and practically random between names.
fn draw(name: &str) -> u64 {
    Uuid::new_v5(&DEMO, name.as_bytes()).as_u64_pair().0
}

/// A number below `bound` derived from a name.
fn draw_below(name: &str, bound: u32) -> u32 {
    u32::try_from(draw(name) % u64::from(bound.max(1))).unwrap_or_default()
}

/// True for about one name in `many`.
fn one_in(many: u32, name: &str) -> bool {
    draw_below(name, many) == 0
}

/// Adds the history unless it exists, and returns the number of counts added.
pub(super) fn insert(
    change: &mut Change<'_>,
    receipts: &ReceiptKeys,
    organizations: &[Organization],
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    // One change adds all of it, so one existing count means that all exist.
    let first = diary::count_id(EXAMPLE_ORGANIZATION, 1);
    if db::counts::content_of(change.connection, first)?.is_some() {
        return Ok(0);
    }
    let Some(learnt) = db::revisions::newest(change.connection)? else { return Ok(0) };
    let reference_data = db::reference_data::reference_data(change.connection, Revision::LATEST)?;
    let records = db::reference_data::records(
        change.connection,
        organizations,
        Revision::LATEST,
        reference_data.longest_validity_days(),
        |_| now,
    )?;
    let mut added = 0;
    for records in &records {
        let keepers = keepers(change.connection, records)?;
        for planned in plan(&reference_data, records, &keepers, learnt.revision, now)? {
            submit(change, receipts, &records.organization, &planned)?;
            added += 1;
        }
    }
    Ok(added)
}

/// The counts of one organization, in the order in which they were made. `catalogue` is the catalogue revision of those
/// who counted.
fn plan(
    reference_data: &ReferenceData,
    records: &OrganizationData,
    keepers: &Keepers,
    catalogue: Revision,
    now: DateTime<Utc>,
) -> Result<Vec<Planned>, Error> {
    let mut diary = Diary::new(Scene::at(reference_data, records, keepers, now), catalogue, 0);
    habits::write(&mut diary);
    incidents::write(&mut diary);
    diary.close()
}

/// Some of the many counts of an organization.
pub(super) struct Rounds<'a> {
    /// Its data, without its counts.
    pub records: &'a OrganizationData,
    /// The names of its keepers.
    pub keepers: &'a Keepers,
    /// The catalogue revision of those who counted.
    pub catalogue: Revision,
    /// The numbers of the counts, from 1 for the newest.
    pub numbers: RangeInclusive<u32>,
    /// The number of all its counts.
    pub all: u32,
    /// The number of those made on one day.
    pub of_day: u32,
}

/// Counts that are ready to be submitted.
pub(super) struct PlannedRounds(Vec<Planned>);

/// Plans some of the many counts of an organization, the oldest first.
pub(super) fn plan_rounds(
    reference_data: &ReferenceData,
    rounds: &Rounds<'_>,
    now: DateTime<Utc>,
) -> Result<PlannedRounds, Error> {
    let Rounds { records, keepers, catalogue, numbers, all, of_day } = rounds;
    // The ids of older counts have smaller numbers.
    let before = usize::try_from(all.saturating_sub(*numbers.end())).unwrap_or_default();
    let mut diary = Diary::new(Scene::at(reference_data, records, keepers, now), *catalogue, before);
    rounds::write(&mut diary, numbers.clone(), *all, *of_day);
    diary.close().map(PlannedRounds)
}

impl PlannedRounds {
    /// Submits them in their order.
    pub fn submit(
        &self,
        change: &mut Change<'_>,
        receipts: &ReceiptKeys,
        organization: &Organization,
    ) -> Result<(), Error> {
        self.0.iter().try_for_each(|planned| submit(change, receipts, organization, planned))
    }
}

/// Submits a count as the API does.
fn submit(
    change: &mut Change<'_>,
    receipts: &ReceiptKeys,
    organization: &Organization,
    planned: &Planned,
) -> Result<(), Error> {
    let (id, count) = (planned.submission.id, planned.submission.count.count());
    let kind = count.kind.unwrap_or_default();
    let username = match kind {
        CountKind::Own => organization.code.to_lowercase(),
        CountKind::Inspection => OFFICER.to_owned(),
    };
    let author = author(change.connection, &username)?;
    let locked = change.for_organization(organization.id)?;
    let signer = Signer { author: &author, keys: receipts };
    service::counts::submit(change, signer, locked, &planned.submission)?;
    if let Some((reason, at)) = &planned.void {
        let content = content(&serde_json::json!({ "reason": reason }))?;
        let request = VoidRequest { reason, content: &content, at: *at };
        service::counts::void(change, signer, locked, id, kind, request)?;
    }
    Ok(())
}

/// A body as a client would send it.
fn content<T: serde::Serialize>(body: &T) -> Result<Content, Error> {
    serde_json::to_vec(body)
        .and_then(Content::of_json)
        .map_err(|error| Error::internal("a body of the demo cannot be written", error))
}
