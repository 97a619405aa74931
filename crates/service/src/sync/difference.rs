//! The difference of two states of a device: computed part by part, so that a device that sees many organizations is sent it
//! without all of it being in memory, and a page of it costs no more than a page.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cursor::SyncPoint;
use super::part::{Part, Phase};
use super::rights::Reader;
use super::state::{Step, View};
use base::error::Error;
use base::id::OrganizationId;
use base::time::local_day;
use db::connection::AnyConnection;
use db::organization_changes;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::organization::Organization;

/// The number of organizations whose data is read at once.
const ORGANIZATION_BATCH: usize = 8;

/// The difference of two states, without the parts that cannot differ.
pub struct Difference<'a> {
    /// Without it the device begins with nothing.
    before: Option<View<'a>>,
    after: View<'a>,
    /// By their ids.
    organizations: BTreeMap<OrganizationId, Differing>,
}

/// An organization whose documents may differ, as of both states.
#[derive(Default)]
struct Differing {
    before: Option<Organization>,
    after: Option<Organization>,
    /// True if nothing but counts changed.
    is_counted: bool,
}

impl<'a> Difference<'a> {
    /// The difference of the states of two points.
    ///
    /// # Errors
    /// If the database fails.
    pub fn between(
        snapshot: &mut Snapshot<'_>,
        reader: &'a Reader,
        base: Option<SyncPoint>,
        next: SyncPoint,
    ) -> Result<Self, Error> {
        let after = View::of(snapshot, reader, next)?;
        let before = base.map(|base| View::of(snapshot, reader, base)).transpose()?;
        let connection = &mut *snapshot.connection;
        let touched = match &before {
            Some(before) => touched(connection, before, &after)?,
            None => Touched::All,
        };
        let mut organizations = BTreeMap::<_, Differing>::new();
        let list = |view: &View<'_>, connection: &mut AnyConnection| match &touched {
            Touched::All => view.list_all(connection),
            Touched::Some { whole, .. } => view.list_some(connection, whole),
        };
        for one in list(&after, connection)? {
            let id = one.id;
            organizations.entry(id).or_default().after = Some(one);
        }
        if let Some(before) = &before {
            for one in list(before, connection)? {
                let id = one.id;
                organizations.entry(id).or_default().before = Some(one);
            }
        }
        if let Touched::Some { counted, .. } = &touched {
            for one in after.list_some(connection, counted)? {
                organizations.insert(one.id, Differing { before: None, after: Some(one), is_counted: true });
            }
        }
        Ok(Self { before, after, organizations })
    }

    /// True if the device begins with a state.
    pub fn has_base(&self) -> bool {
        self.before.is_some()
    }

    /// Visits the parts from one on, in their order, until `visit` returns `false`.
    ///
    /// # Errors
    /// The error of `visit`; `Busy` if nobody waits for the outcome any more.
    pub fn visit(
        &self,
        snapshot: &mut Snapshot<'_>,
        from: Part,
        mut visit: impl FnMut(Part, Step) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        let stop = snapshot.stop.clone();
        let connection = &mut *snapshot.connection;
        let mut visit = |part: Part, mut step: Step| {
            if stop.is_cancelled() {
                return Err(Error::Busy("the work was given up"));
            }
            for state in [&mut step.before, &mut step.after] {
                state.retain(|(kind, _), _| self.after.reader.may_know(*kind));
            }
            visit(part, step)
        };
        for (organization, differing) in self.organizations.iter().filter(|(_, one)| !one.is_counted) {
            let part = Part { phase: Phase::Organizations, organization: *organization };
            if part.is_at_or_after(&from) && !visit(part, self.of_organization(differing)?)? {
                return Ok(());
            }
        }
        let catalogue = Part::of(Phase::Catalogue);
        if catalogue.is_at_or_after(&from) && !visit(catalogue, self.of_catalogue(connection)?)? {
            return Ok(());
        }
        let rest = self.organizations.iter().map(|(id, one)| (part_of(*id, one), one));
        let rest: Vec<(Part, &Differing)> = rest.filter(|(part, _)| part.is_at_or_after(&from)).collect();
        for some in rest.chunks(ORGANIZATION_BATCH) {
            let mut steps = self.of_records(connection, some)?;
            for (part, _) in some {
                if !visit(*part, steps.remove(&part.organization).unwrap_or_default())? {
                    return Ok(());
                }
            }
        }
        let quarantine = Part::of(Phase::Quarantine);
        if quarantine.is_at_or_after(&from) {
            visit(quarantine, self.of_quarantine(connection)?)?;
        }
        Ok(())
    }

    fn of_organization(&self, Differing { before, after, .. }: &Differing) -> Result<Step, Error> {
        let mut step = Step::default();
        if let Some((view, one)) = self.before.as_ref().zip(before.as_ref()) {
            view.add_organization(one, &mut step.before)?;
        }
        if let Some(one) = after {
            self.after.add_organization(one, &mut step.after)?;
        }
        Ok(step)
    }

    fn of_catalogue(&self, connection: &mut AnyConnection) -> Result<Step, Error> {
        let mut step = Step::default();
        if self.before.as_ref().is_none_or(|before| !before.has_catalogue_of(&self.after)) {
            self.after.add_catalogue(connection, &mut step.after)?;
            if let Some(before) = &self.before {
                before.add_catalogue(connection, &mut step.before)?;
            }
        }
        Ok(step)
    }

    fn of_records(
        &self,
        connection: &mut AnyConnection,
        some: &[(Part, &Differing)],
    ) -> Result<BTreeMap<OrganizationId, Step>, Error> {
        let mut steps = BTreeMap::<_, Step>::new();
        if let Some(view) = &self.before {
            let organizations: Vec<Organization> = some.iter().filter_map(|(_, one)| one.before.clone()).collect();
            for records in view.records(connection, &organizations)? {
                view.add_records(&records, &mut steps.entry(records.organization.id).or_default().before)?;
            }
        }
        let organizations: Vec<Organization> = some.iter().filter_map(|(_, one)| one.after.clone()).collect();
        for records in self.after.records(connection, &organizations)? {
            let id = records.organization.id;
            let step = steps.entry(id).or_default();
            let is_counted = self.organizations.get(&id).is_some_and(|one| one.is_counted);
            match self.before.as_ref().filter(|_| is_counted) {
                Some(before) => self.after.add_counted(connection, &records, before.point.revision, step)?,
                None => self.after.add_records(&records, &mut step.after)?,
            }
        }
        Ok(steps)
    }

    fn of_quarantine(&self, connection: &mut AnyConnection) -> Result<Step, Error> {
        let mut step = Step::default();
        let after = &self.after;
        let is_as_after =
            |before: &View<'_>| before.point.revision == after.point.revision && before.today == after.today;
        if self.before.as_ref().is_none_or(|before| !is_as_after(before)) {
            after.add_quarantine(connection, &mut step.after)?;
            if let Some(before) = &self.before {
                before.add_quarantine(connection, &mut step.before)?;
            }
        }
        Ok(step)
    }
}

fn part_of(organization: OrganizationId, one: &Differing) -> Part {
    Part { phase: if one.is_counted { Phase::Counted } else { Phase::Whole }, organization }
}

/// The organizations whose documents may have changed between two points.
#[derive(Debug)]
enum Touched {
    All,
    Some {
        /// Those of which any document may have changed.
        whole: Vec<OrganizationId>,
        /// Those of which nothing but counts changed.
        counted: Vec<OrganizationId>,
    },
}

fn touched(connection: &mut AnyConnection, before: &View<'_>, after: &View<'_>) -> Result<Touched, Error> {
    let have_days_turned = || {
        let mut zones = after.reference_data.zones().into_iter();
        zones.any(|zone| local_day(before.point.at, zone) != local_day(after.point.at, zone))
    };
    if !Arc::ptr_eq(&before.reference_data, &after.reference_data) || have_days_turned() {
        return Ok(Touched::All);
    }
    let (base, next) = (before.point.revision, after.point.revision);
    let changed = match after.reader.account.belongs {
        _ if base == next => BTreeMap::new(),
        Belongs::Organization(own) => organization_changes::of(connection, &[own])?,
        Belongs::Region(_) => organization_changes::since(connection, base)?,
    };
    let (mut whole, mut counted) = (Vec::new(), Vec::new());
    for (organization, last) in changed.into_iter().filter(|(_, last)| last.revision > base) {
        // What changed after the later point hides what changed before it.
        let is_counted = last.other <= base && last.revision <= next;
        if is_counted { &mut counted } else { &mut whole }.push(organization);
    }
    Ok(Touched::Some { whole, counted })
}
