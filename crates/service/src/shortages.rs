//! Figures, computed from the stored data at every read, so that they cannot be out of date.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::moment::Moment;
use base::error::Error;
use base::id::{ContactId, LineId};
use base::time::end_of_day;
use db::connection::AnyConnection;
use db::read::Snapshot;
use db::{receipts, stock_counts};
use domain::assessment;
use domain::depot::Depot;
use domain::explanation::ExplainedLine;
use domain::organization::Organization;
use domain::reference_data::{OrganizationData, ReferenceData};
use text::language::Language;
use tokio_util::sync::CancellationToken;

/// The number of organizations loaded at once: a page rarely needs more.
const READ_BATCH: usize = 8;

/// The most voided counts of a depot that an explanation names.
const MOST_VOIDED: i64 = 50;

/// Reads organizations' data, a few at a time, with the reference data of a moment.
#[derive(Debug)]
pub struct Reader {
    /// The reference data.
    pub reference_data: Arc<ReferenceData>,
    moment: Moment,
    /// Set when nobody waits for the outcome any more.
    stop: CancellationToken,
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
        Ok(Self {
            reference_data: snapshot.reference_data(moment.revision)?,
            moment: *moment,
            stop: snapshot.stop.clone(),
        })
    }

    /// Visits organizations in the order given, until `visit` returns `false`.
    ///
    /// # Errors
    /// The error of `visit`; `Busy` if nobody waits for the outcome any more.
    pub fn visit(
        &self,
        connection: &mut AnyConnection,
        organizations: &[impl Borrow<Organization>],
        mut visit: impl FnMut(&ReferenceData, OnDay) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        self.walk(connection, organizations, false, |_, reference_data, on_day, _| visit(reference_data, on_day))
    }

    /// Visits them with the names of the keepers of their depots.
    ///
    /// # Errors
    /// Those of [`Self::visit`].
    pub fn visit_with_keepers(
        &self,
        connection: &mut AnyConnection,
        organizations: &[impl Borrow<Organization>],
        mut visit: impl FnMut(&ReferenceData, OnDay, &ContactNames) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        self.walk(connection, organizations, true, |_, reference_data, on_day, names| {
            visit(reference_data, on_day, names)
        })
    }

    /// The same for a visitor that reads more.
    ///
    /// # Errors
    /// Those of [`Self::visit`].
    pub fn visit_with(
        &self,
        connection: &mut AnyConnection,
        organizations: &[impl Borrow<Organization>],
        visit: impl FnMut(&mut AnyConnection, &ReferenceData, OnDay, &ContactNames) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        self.walk(connection, organizations, true, visit)
    }

    fn walk(
        &self,
        connection: &mut AnyConnection,
        organizations: &[impl Borrow<Organization>],
        with_keepers: bool,
        mut visit: impl FnMut(&mut AnyConnection, &ReferenceData, OnDay, &ContactNames) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let day_of =
            |organization: &Organization| self.moment.day_in(&self.reference_data.regions, organization.region_id);
        // The day ends in the zone in force on that day, in which the figures are computed.
        let before = |organization: &Organization| {
            let day = day_of(organization);
            end_of_day(day, self.reference_data.zone_of(organization, day))
        };
        let longest = self.reference_data.longest_validity_days();
        for some in organizations.chunks(READ_BATCH) {
            let some: Vec<Organization> = some.iter().map(|one| one.borrow().clone()).collect();
            let read = db::reference_data::records(connection, &some, self.moment.revision, longest, before)?;
            let depots = read.iter().flat_map(|records| &records.depots).filter(|_| with_keepers);
            let names = db::contacts::names(connection, &keepers_of(depots))?;
            for records in read {
                if self.stop.is_cancelled() {
                    return Err(Error::Busy("the work was given up"));
                }
                let day = day_of(&records.organization);
                if !visit(connection, &self.reference_data, OnDay { records, day }, &names)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// The names of contacts; `None` of one that is erased.
pub type ContactNames = BTreeMap<ContactId, Option<String>>;

/// The keepers of some depots, on any day.
pub fn keepers_of<'d>(depots: impl IntoIterator<Item = &'d Depot>) -> BTreeSet<ContactId> {
    let versions = depots.into_iter().flat_map(|depot| &depot.versions);
    versions.flat_map(|row| row.value.keepers()).map(|(_, id)| id).collect()
}

/// A line with its proof, and the data that its words are made from.
#[derive(Debug)]
pub struct Explained {
    /// The line, sealed, without words about the line as a whole.
    pub line: ExplainedLine,
    /// The organization's data, and its day.
    pub on_day: OnDay,
    /// The reference data.
    pub reference_data: Arc<ReferenceData>,
}

/// Explains a line of an organization at a moment, with the hashes and receipts of the counts; `None` if the organization
/// has no such line on its day.
///
/// # Errors
/// If the stored data cannot be read.
pub fn explain(
    snapshot: &mut Snapshot<'_>,
    moment: &Moment,
    organization: Organization,
    line: LineId,
    language: Language,
) -> Result<Option<Explained>, Error> {
    let reader = Reader::at(snapshot, moment)?;
    let mut found = None;
    reader.visit(snapshot.connection, &[organization], |_, on_day| {
        found = Some(on_day);
        Ok(false)
    })?;
    let Some(mut on_day) = found else { return Ok(None) };
    let reference_data = Arc::clone(&reader.reference_data);
    let end = end_of_day(on_day.day, reference_data.zone_of(&on_day.records.organization, on_day.day));
    for depot in &on_day.records.depots {
        let voided = stock_counts::voided(snapshot.connection, depot.id, moment.revision, end, MOST_VOIDED)?;
        on_day.records.counts.extend(voided);
    }
    let explained = assessment::explain(&reference_data, &on_day.records, on_day.day, line, language);
    let Some((figures, explanation)) = explained else { return Ok(None) };
    let mut line = ExplainedLine::new(figures, explanation, moment.revision, moment.known_at);
    line.attach(receipts::proofs_of(snapshot.connection, &line.counts())?);
    line.seal().map_err(|error| Error::internal("an explanation cannot be written", error))?;
    Ok(Some(Explained { line, on_day, reference_data }))
}
