//! Figures, computed from stored data at every read: right by construction.

use std::sync::Arc;

use chrono::NaiveDate;

use super::moment::Moment;
use base::error::Error;
use base::time::end_of_day;
use db::connection::AnyConnection;
use db::read::Snapshot;
use domain::organization::Organization;
use domain::reference_data::{OrganizationData, ReferenceData};

/// The number of organizations loaded at once: a page seldom needs more.
const READ_BATCH: usize = 8;

/// Reads organizations' data, a few at a time, with the reference data of a moment.
#[derive(Debug)]
pub struct Reader {
    /// The reference data.
    pub reference_data: Arc<ReferenceData>,
    moment: Moment,
}

/// The data of an organization, and the day asked for.
#[derive(Debug)]
pub struct OnDay {
    /// Its data.
    pub records: OrganizationData,
    /// Its day.
    pub day: NaiveDate,
}

impl Reader {
    /// A reader for a moment.
    pub fn at(snapshot: &mut Snapshot<'_>, moment: &Moment) -> Result<Self, Error> {
        Ok(Self { reference_data: snapshot.reference_data(moment.revision)?, moment: *moment })
    }

    /// Visits organizations in the order given, until `visit` returns `false`.
    pub fn visit(
        &self,
        connection: &mut AnyConnection,
        organizations: &[Organization],
        mut visit: impl FnMut(&ReferenceData, OnDay) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let day_of =
            |organization: &Organization| self.moment.day_in(&self.reference_data.regions, organization.region_id);
        // The day ends in the zone that holds on that day, in which its figures are computed.
        let before = |organization: &Organization| {
            let day = day_of(organization);
            end_of_day(day, self.reference_data.zone_of(organization, day))
        };
        let longest = self.reference_data.longest_validity_days();
        for some in organizations.chunks(READ_BATCH) {
            for records in db::reference_data::records(connection, some, self.moment.revision, longest, before)? {
                let day = day_of(&records.organization);
                if !visit(&self.reference_data, OnDay { records, day })? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}
