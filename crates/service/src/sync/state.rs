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
use base::id::{CountId, DepotId, OrganizationId, RegionId};
use base::time::end_of_day;
use db::bearing_counts;
use db::connection::AnyConnection;
use db::quarantine::Kept;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::assessment::{Assessment, assess};
use domain::item::label_numbers;
use domain::organization::Organization;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::region::day_at;
use domain::revision::{Revision, in_force, in_force_or_first};
use domain::stock::stock;

/// The documents that a device should have, or some of them, as JSON by key.
pub type SyncState = BTreeMap<Key, String>;

/// The days for which a device is sent an officer's decision.
const DECISION_DAYS: Days = Days::new(90);

/// A part of two states, without the documents that cannot differ between them.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// The earlier state.
    pub before: SyncState,
    /// The later state.
    pub after: SyncState,
}

/// The data from which a state is computed.
pub(super) struct View<'a> {
    pub(super) reader: &'a Reader,
    pub(super) point: SyncPoint,
    pub(super) reference_data: Arc<ReferenceData>,
    /// The present day in the place that the account belongs to.
    pub(super) today: NaiveDate,
}

impl<'a> View<'a> {
    pub(super) fn of(snapshot: &mut Snapshot<'_>, reader: &'a Reader, point: SyncPoint) -> Result<Self, Error> {
        let reference_data = snapshot.reference_data(point.revision)?;
        let region = match reader.account.belongs {
            Belongs::Region(region) => Some(region),
            Belongs::Organization(id) => db::organizations::region_of(snapshot.connection, id)?,
        };
        let today = region.map_or(point.at.date_naive(), |region| day_at(&reference_data.regions, region, point.at));
        Ok(Self { reader, point, reference_data, today })
    }

    fn day_of(&self, region: RegionId) -> NaiveDate {
        day_at(&self.reference_data.regions, region, self.point.at)
    }

    /// The organizations that the account may see.
    pub(super) fn list_all(&self, connection: &mut AnyConnection) -> Result<Vec<Organization>, Error> {
        db::organizations::list_visible(connection, self.reader.account.belongs, self.point.revision)
    }

    /// Those of some organizations that the account may see.
    pub(super) fn list_some(
        &self,
        connection: &mut AnyConnection,
        ids: &[OrganizationId],
    ) -> Result<Vec<Organization>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found = db::organizations::list_some(connection, &[], ids, self.point.revision)?;
        db::organizations::retain_visible(connection, self.reader.account.belongs, found)
    }

    pub(super) fn has_catalogue_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.reference_data, &other.reference_data) && self.today == other.today
    }

    pub(super) fn add_catalogue(&self, connection: &mut AnyConnection, state: &mut SyncState) -> Result<(), Error> {
        for (code, versions) in db::items::list_classes(connection, self.point.revision)? {
            if let Some(version) = in_force_or_first(&versions, self.today) {
                state.extend([entry((ChangeType::ItemClass, code), &ItemClassData::from(&version.value))?]);
            }
        }
        let labels = label_numbers(&self.reference_data.items);
        for (code, item) in &self.reference_data.items {
            // An item whose first version has not begun yet is not in the catalogue.
            if let Some((version, label)) = in_force(&item.versions, self.today).zip(labels.get(code.as_str())) {
                let data = ItemData::of(item, &version.value, *label)?;
                state.extend([entry((ChangeType::Item, code.clone()), &data)?]);
            }
        }
        Ok(())
    }

    /// The document of an organization itself.
    pub(super) fn add_organization(&self, organization: &Organization, state: &mut SyncState) -> Result<(), Error> {
        let day = self.day_of(organization.region_id);
        if let Some(version) = in_force_or_first(&organization.versions, day) {
            let data = documents::OrganizationData::of(organization, &version.value, &self.reference_data, day);
            state.extend([entry((ChangeType::Organization, organization.code.clone()), &data)?]);
        }
        Ok(())
    }

    /// Adds what counts made after a revision have changed: the assessments of an organization, and the stock of its depots.
    pub(super) fn add_counted(
        &self,
        connection: &mut AnyConnection,
        records: &OrganizationData,
        base: Revision,
        step: &mut Step,
    ) -> Result<(), Error> {
        let ids: Vec<DepotId> = records.depots.iter().map(|depot| depot.id).collect();
        let counted = bearing_counts::changed_since(connection, &ids, base)?;
        let day = self.day_of(records.organization.region_id);
        self.add_assessments(records, &assess(&self.reference_data, records, day), &mut step.after)?;
        let of_depots = self.stock_of(records, day)?;
        for depot in records.depots.iter().filter(|depot| counted.contains(&depot.id)) {
            let key = (ChangeType::Stock, depot.code.clone());
            match of_depots.get(&key) {
                Some(document) => step.after.insert(key, document.clone()),
                // It is deleted, if the device has it.
                None => step.before.insert(key, String::new()),
            };
        }
        Ok(())
    }

    /// Reads the data of some organizations.
    pub(super) fn records(
        &self,
        connection: &mut AnyConnection,
        organizations: &[Organization],
    ) -> Result<Vec<OrganizationData>, Error> {
        let before = |organization: &Organization| -> DateTime<Utc> {
            let day = self.day_of(organization.region_id);
            end_of_day(day, self.reference_data.zone_of(organization, day))
        };
        let longest = self.reference_data.longest_validity_days();
        db::reference_data::records(connection, organizations, self.point.revision, longest, before)
    }

    /// The documents of an organization, without that of itself.
    pub(super) fn add_records(&self, records: &OrganizationData, state: &mut SyncState) -> Result<(), Error> {
        let organization = &records.organization;
        let (code, day) = (&organization.code, self.day_of(organization.region_id));
        for depot in &records.depots {
            if let Some(version) = in_force(&depot.versions, day) {
                let data = DepotData::of(depot, &version.value, organization);
                state.extend([entry((ChangeType::Depot, depot.code.clone()), &data)?]);
            }
        }
        let assessments = assess(&self.reference_data, records, day);
        if !assessments.is_empty() {
            let requirements = RequirementsDocument::of(&assessments);
            state.extend([entry((ChangeType::Requirements, code.clone()), &requirements)?]);
        }
        self.add_assessments(records, &assessments, state)?;
        state.extend(self.stock_of(records, day)?);
        Ok(())
    }

    fn add_assessments(
        &self,
        records: &OrganizationData,
        assessments: &[Assessment],
        state: &mut SyncState,
    ) -> Result<(), Error> {
        if !assessments.is_empty() {
            let key = (ChangeType::Assessments, records.organization.code.clone());
            state.extend([entry(key, &AssessmentsDocument::of(assessments))?]);
        }
        Ok(())
    }

    /// The stock of each depot in which something was counted.
    fn stock_of(&self, records: &OrganizationData, day: NaiveDate) -> Result<SyncState, Error> {
        let stock = stock(&self.reference_data, records, day);
        let depots: BTreeSet<&str> = stock.iter().map(|one| one.depot_code.as_str()).collect();
        let document = |depot: &str| {
            let document = StockDocument::of(stock.iter().filter(|one| one.depot_code == depot));
            entry((ChangeType::Stock, depot.to_owned()), &document)
        };
        depots.into_iter().map(document).collect()
    }

    pub(super) fn add_quarantine(&self, connection: &mut AnyConnection, state: &mut SyncState) -> Result<(), Error> {
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
