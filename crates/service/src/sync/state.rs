//! The state that a device should have: a function of a revision, a day and the device's account. A device is sent the
//! difference of two states, so that after any number of pulls it has the same data as a fresh device.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::value::RawValue;

use super::cursor::SyncPoint;
use super::documents::{
    self, AssessmentsDocument, DepotData, ItemClassData, ItemData, QuarantineData, RequirementsDocument, StockDocument,
    entry,
};
use super::key::{ChangeType, Key};
use super::rights::Reader;
use base::error::Error;
use base::id::{CountId, OrganizationId, RegionId};
use base::time::end_of_day;
use db::connection::AnyConnection;
use db::quarantine::Kept;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::actor::SubjectKind;
use domain::assessment::assess;
use domain::item::label_numbers;
use domain::organization::Organization;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::region::day_at;
use domain::revision::{in_force, in_force_or_first};
use domain::stock::stock;

/// The documents that a device should have, as JSON by key.
pub type SyncState = BTreeMap<Key, String>;

/// Above this many counts, skip the owner lookup and rebuild everything.
const COUNTS_LOOKED_UP: usize = 1_000;

/// The days for which a device is sent an officer's decision.
const DECISION_DAYS: Days = Days::new(90);

/// The number of organizations loaded at once.
const ORGANIZATION_BATCH: usize = 8;

/// Two states, without the documents that cannot differ between them.
#[derive(Debug, Default)]
pub struct Step {
    /// The earlier state.
    pub before: SyncState,
    /// The later state.
    pub after: SyncState,
}

/// Computes the states of two points, leaving out the parts that cannot differ between them. Without a base the first
/// state is empty.
pub fn step(
    snapshot: &mut Snapshot<'_>,
    reader: &Reader,
    base: Option<SyncPoint>,
    next: SyncPoint,
) -> Result<Step, Error> {
    let mut step = Step::default();
    let after = View::of(snapshot, reader, next)?;
    let before = base.map(|base| View::of(snapshot, reader, base)).transpose()?;
    if before.as_ref().is_none_or(|before| !before.has_catalogue_of(&after)) {
        after.add_catalogue(snapshot.connection, &mut step.after)?;
        if let Some(before) = &before {
            before.add_catalogue(snapshot.connection, &mut step.before)?;
        }
    }
    let touched = match &before {
        Some(before) => touched(snapshot.connection, before, &after)?,
        None => Touched::All,
    };
    after.add_organizations(snapshot.connection, &touched, &mut step.after)?;
    if let Some(before) = &before {
        before.add_organizations(snapshot.connection, &touched, &mut step.before)?;
    }
    let is_as_before = |before: &View<'_>| before.point.revision == after.point.revision && before.today == after.today;
    if before.as_ref().is_none_or(|before| !is_as_before(before)) {
        after.add_quarantine(snapshot.connection, &mut step.after)?;
        if let Some(before) = &before {
            before.add_quarantine(snapshot.connection, &mut step.before)?;
        }
    }
    for state in [&mut step.before, &mut step.after] {
        state.retain(|(kind, _), _| reader.may_know(*kind));
    }
    Ok(step)
}

/// The organizations whose documents may have changed between two points.
#[derive(Debug)]
enum Touched {
    All,
    Some(BTreeSet<OrganizationId>),
}

fn touched(connection: &mut AnyConnection, before: &View<'_>, after: &View<'_>) -> Result<Touched, Error> {
    let days_turned =
        || after.organizations.iter().any(|one| before.day_of(one.region_id) != after.day_of(one.region_id));
    if !Arc::ptr_eq(&before.reference_data, &after.reference_data) || days_turned() {
        return Ok(Touched::All);
    }
    let mut counts = Vec::new();
    for subject in db::audit::subjects_between(connection, before.point.revision, after.point.revision)? {
        match subject.kind {
            SubjectKind::Count | SubjectKind::Void => counts.extend(subject.key.parse::<CountId>()),
            SubjectKind::Quarantine
            | SubjectKind::Draft
            | SubjectKind::Account
            | SubjectKind::Enrolment
            | SubjectKind::Device
            | SubjectKind::Session
            | SubjectKind::TableCheck => {}
            _ => return Ok(Touched::All),
        }
    }
    if counts.len() > COUNTS_LOOKED_UP {
        return Ok(Touched::All);
    }
    let counts = db::counts::fixed(connection, &counts)?;
    Ok(Touched::Some(counts.into_iter().map(|count| count.organization).collect()))
}

/// The data from which a state is computed.
struct View<'a> {
    reader: &'a Reader,
    point: SyncPoint,
    reference_data: Arc<ReferenceData>,
    organizations: Vec<Organization>,
    /// The present day in the place that the account belongs to.
    today: NaiveDate,
}

impl<'a> View<'a> {
    fn of(snapshot: &mut Snapshot<'_>, reader: &'a Reader, point: SyncPoint) -> Result<Self, Error> {
        let reference_data = snapshot.reference_data(point.revision)?;
        let organizations =
            db::organizations::list_visible(snapshot.connection, reader.account.belongs, point.revision)?;
        let region = match reader.account.belongs {
            Belongs::Region(region) => Some(region),
            Belongs::Organization(_) => organizations.first().map(|organization| organization.region_id),
        };
        let today = region.map_or(point.at.date_naive(), |region| day_at(&reference_data.regions, region, point.at));
        Ok(Self { reader, point, reference_data, organizations, today })
    }

    fn day_of(&self, region: RegionId) -> NaiveDate {
        day_at(&self.reference_data.regions, region, self.point.at)
    }

    fn has_catalogue_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.reference_data, &other.reference_data) && self.today == other.today
    }

    fn add_catalogue(&self, connection: &mut AnyConnection, state: &mut SyncState) -> Result<(), Error> {
        for (code, versions) in db::items::list_classes(connection, self.point.revision)? {
            if let Some(version) = in_force_or_first(&versions, self.today) {
                state.extend([entry((ChangeType::ItemClass, code), &ItemClassData::from(&version.value))?]);
            }
        }
        let labels = label_numbers(&self.reference_data.items);
        for (code, item) in &self.reference_data.items {
            // An item whose first version has not begun yet is not in the catalogue.
            if let Some((version, label)) = in_force(&item.versions, self.today).zip(labels.get(code.as_str())) {
                let data = ItemData::of(item, &version.value, *label);
                state.extend([entry((ChangeType::Item, code.clone()), &data)?]);
            }
        }
        Ok(())
    }

    fn add_organizations(
        &self,
        connection: &mut AnyConnection,
        touched: &Touched,
        state: &mut SyncState,
    ) -> Result<(), Error> {
        let wanted: Vec<Organization> = self
            .organizations
            .iter()
            .filter(|organization| match touched {
                Touched::All => true,
                Touched::Some(some) => some.contains(&organization.id),
            })
            .cloned()
            .collect();
        let before = |organization: &Organization| -> DateTime<Utc> {
            let day = self.day_of(organization.region_id);
            end_of_day(day, self.reference_data.zone_of(organization, day))
        };
        let longest = self.reference_data.longest_validity_days();
        for some in wanted.chunks(ORGANIZATION_BATCH) {
            for records in db::reference_data::records(connection, some, self.point.revision, longest, before)? {
                self.add_organization(&records, state)?;
            }
        }
        Ok(())
    }

    fn add_organization(&self, records: &OrganizationData, state: &mut SyncState) -> Result<(), Error> {
        let organization = &records.organization;
        let (code, day) = (&organization.code, self.day_of(organization.region_id));
        if let Some(version) = in_force_or_first(&organization.versions, day) {
            let data = documents::OrganizationData::of(organization, &version.value, &self.reference_data, day);
            state.extend([entry((ChangeType::Organization, code.clone()), &data)?]);
        }
        for depot in &records.depots {
            if let Some(version) = in_force(&depot.versions, day) {
                let data = DepotData::of(depot, &version.value, organization);
                state.extend([entry((ChangeType::Depot, depot.code.clone()), &data)?]);
            }
        }
        let assessments = assess(&self.reference_data, records, day);
        if !assessments.is_empty() {
            let requirements = RequirementsDocument::of(&assessments);
            state.extend([
                entry((ChangeType::Requirements, code.clone()), &requirements)?,
                entry((ChangeType::Assessments, code.clone()), &AssessmentsDocument::of(&assessments))?,
            ]);
        }
        let stock = stock(&self.reference_data, records, day);
        let depots: BTreeSet<&str> = stock.iter().map(|one| one.depot_code.as_str()).collect();
        for depot in depots {
            let document = StockDocument::of(stock.iter().filter(|one| one.depot_code == depot));
            state.extend([entry((ChangeType::Stock, depot.to_owned()), &document)?]);
        }
        Ok(())
    }

    fn add_quarantine(&self, connection: &mut AnyConnection, state: &mut SyncState) -> Result<(), Error> {
        let oldest = self.today.checked_sub_days(DECISION_DAYS).unwrap_or(NaiveDate::MIN);
        let account = self.reader.account.id;
        for Kept { id, command_id, sha256, code, decision } in
            db::quarantine::list_of(connection, account, self.point.revision)?
        {
            if decision.as_ref().is_some_and(|decided| decided.decided_at.0.date_naive() < oldest) {
                continue;
            }
            let count_id = decision.as_ref().and_then(|decided| decided.count_id);
            let data = QuarantineData {
                command_id,
                status: decision.as_ref().map(|decided| decided.decision).into(),
                code,
                reason: decision.map(|decided| decided.reason),
                count_id,
                receipt: count_id.map(|count| db::receipts::receipt_of(connection, count)).transpose()?.flatten(),
                data: count_id.map(|count| other_content(connection, count, &sha256)).transpose()?.flatten(),
            };
            state.extend([entry((ChangeType::Quarantine, id.to_string()), &data)?]);
        }
        Ok(())
    }
}

/// The content of a count, where it is another than the one with some hash.
fn other_content(connection: &mut AnyConnection, count: CountId, sha256: &str) -> Result<Option<Box<RawValue>>, Error> {
    let stored = db::counts::fixed(connection, &[count])?.pop();
    if stored.is_none_or(|stored| stored.sha256 == sha256) {
        return Ok(None);
    }
    let body = db::counts::body_of(connection, count)?;
    let text = body.and_then(|body| String::from_utf8(body).ok()).map(RawValue::from_string).transpose();
    text.map_err(|error| Error::internal("a stored count is no JSON", error))
}
