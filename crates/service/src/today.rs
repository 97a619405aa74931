//! The figures of today, and of a few other days asked for, in memory, as summaries and selections need them: of each
//! organization what its lines are about, their status, and what is required and usable.
//!
//! An organization's figures are computed when they are first asked for, and again once anything changed that they are made of,
//! or its day has turned: a read compares the revision of its snapshot with the one that the figures are known to hold for,
//! and looks up which organizations changed between the two. So they are never older than the snapshot, whoever wrote.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

use super::moment::Moment;
use super::shortages::{OnDay, Reader};
use base::error::Error;
use base::id::{OrganizationId, RegionId};
use base::quantity::Quantity;
use db::organization_changes;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::assessment::{Assessment, assess};
use domain::interval::Interval;
use domain::organization::Organization;
use domain::organization_status::LineState;
use domain::reference_data::ReferenceData;
use domain::region::{day_at, subtree};
use domain::revision::{Learnt, Revision};
use domain::rule::Selector;
use domain::summary::LineFigures;

/// The most days whose figures are kept: the todays of all zones, and others that somebody asks for again and again.
const MOST_DAYS: usize = 6;

/// The most lines that are kept of several days together, which is some 500 MB; one day is kept whole.
const MOST_LINES: usize = 12_000_000;

/// The figures of all organizations that were asked for, shared by all requests.
#[derive(Debug, Default)]
pub struct Today(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The newest revision for which everything here holds.
    newest: Option<Learnt>,
    /// The first revision for which anything here was known: changes before it were not noted.
    since: Option<Revision>,
    /// The revision of the last change of each organization that changed since.
    changed: HashMap<OrganizationId, Revision>,
    /// Those that changed, and were not looked at since by [`Today::compute_changed`].
    recent: BTreeSet<OrganizationId>,
    /// The reference data behind it.
    reference_data: Option<Arc<ReferenceData>>,
    /// All organizations, by their codes.
    organizations: BTreeMap<String, Arc<Organization>>,
    days: HashMap<NaiveDate, Day>,
    selectors: Selectors,
    /// The number of times that days were asked for.
    asked: u64,
}

/// The figures of a day.
#[derive(Debug, Default)]
struct Day {
    figures: HashMap<OrganizationId, Arc<Lines>>,
    /// The number of their lines.
    lines: usize,
    /// When it was last asked for, as a number among all such times.
    asked: u64,
}

/// The selectors of lines, each once.
#[derive(Clone, Debug, Default)]
pub struct Selectors {
    all: Vec<Arc<Selector>>,
    numbers: HashMap<Arc<Selector>, u32>,
}

/// The lines of an organization on a day.
#[derive(Debug)]
pub struct Lines {
    /// The day.
    pub day: NaiveDate,
    lines: Box<[Line]>,
}

/// A line, in few bytes: there may be millions.
#[derive(Clone, Copy, Debug)]
struct Line {
    selector: u32,
    state: LineState,
    required: Range,
    usable: Range,
}

/// An interval in thousandths; no upper end is the greatest number.
#[derive(Clone, Copy, Debug)]
struct Range {
    min: i64,
    max: i64,
}

/// Organizations with their figures on a day, in the order of their codes.
#[derive(Debug)]
pub struct Chosen {
    /// The selectors of the lines.
    pub selectors: Selectors,
    /// The organizations.
    pub organizations: Vec<(Arc<Organization>, Arc<Lines>)>,
}

impl Today {
    /// The organizations that an account may see, in the order of their codes.
    ///
    /// # Errors
    /// If the database fails.
    pub fn visible(
        &self,
        snapshot: &mut Snapshot<'_>,
        belongs: Belongs,
        revision: Revision,
    ) -> Result<Vec<Arc<Organization>>, Error> {
        let Belongs::Region(top) = belongs else { return stored(snapshot, belongs, revision) };
        let regions = subtree(&snapshot.reference_data(revision)?.regions, top);
        let Some(known) = self.known_at(snapshot, revision)? else { return stored(snapshot, belongs, revision) };
        let mut organizations: Vec<Arc<Organization>> =
            known.organizations.values().filter(|one| regions.contains(&one.region_id)).cloned().collect();
        let changed: BTreeSet<OrganizationId> =
            organizations.iter().map(|one| one.id).filter(|id| known.has_changed_after(*id, revision)).collect();
        drop(known);
        if !changed.is_empty() {
            let ids: Vec<OrganizationId> = changed.iter().copied().collect();
            let then = db::organizations::list_some(snapshot.connection, &[], &ids, revision)?;
            // Those that were added since are not among them.
            organizations.retain(|one| !changed.contains(&one.id));
            organizations.extend(then.into_iter().map(Arc::new));
            organizations.sort_by(|one, other| one.code.cmp(&other.code));
        }
        Ok(organizations)
    }

    /// True if what is known holds for a moment too, but for organizations that changed since: their figures are found by it, and
    /// need not be computed one after the other.
    ///
    /// # Errors
    /// If the database fails.
    pub fn covers(&self, snapshot: &mut Snapshot<'_>, moment: &Moment) -> Result<bool, Error> {
        Ok(self.known_at(snapshot, moment.revision)?.is_some())
    }

    /// The figures of some organizations at a moment.
    ///
    /// # Errors
    /// `Busy` if nobody waits for the outcome any more.
    pub fn figures(
        &self,
        snapshot: &mut Snapshot<'_>,
        moment: &Moment,
        organizations: Vec<Arc<Organization>>,
    ) -> Result<Chosen, Error> {
        let reference_data = snapshot.reference_data(moment.revision)?;
        let mut days = HashMap::new();
        let mut day_of = |region: RegionId| {
            *days
                .entry(region)
                .or_insert_with(|| moment.as_of.unwrap_or_else(|| day_at(&reference_data.regions, region, moment.now)))
        };
        let mut found: HashMap<OrganizationId, Arc<Lines>> = HashMap::new();
        let mut selectors = Selectors::default();
        let known = self.known_at(snapshot, moment.revision)?;
        let is_covered = known.is_some();
        if let Some(mut known) = known {
            let unchanged = organizations.iter().filter(|one| !known.has_changed_after(one.id, moment.revision));
            for organization in unchanged {
                let day = day_of(organization.region_id);
                if let Some(lines) = known.find(day, organization.id) {
                    found.insert(organization.id, Arc::clone(lines));
                }
            }
            days.values().for_each(|day| known.note_asked(*day));
            selectors = known.selectors.clone();
        }
        let missing: Vec<Organization> = organizations
            .iter()
            .filter(|one| !found.contains_key(&one.id))
            .map(|one| Organization::clone(one))
            .collect();
        let mut computed = Vec::new();
        Reader::at(snapshot, moment)?.visit(
            snapshot.connection,
            &missing,
            |reference_data, OnDay { records, day }| {
                let line = |line: &Assessment| Line::of(line, &mut selectors);
                let lines = assess(reference_data, &records, day).iter().map(line).collect();
                computed.push((records.organization.id, Arc::new(Lines { day, lines })));
                Ok(true)
            },
        )?;
        if is_covered && !computed.is_empty() {
            self.keep(moment.revision, &reference_data, &selectors, &computed);
        }
        found.extend(computed);
        let organizations = organizations
            .into_iter()
            .filter_map(|organization| {
                let lines = found.remove(&organization.id)?;
                Some((organization, lines))
            })
            .collect();
        Ok(Chosen { selectors, organizations })
    }

    /// Computes the figures of organizations that changed since the last call, at most `limit`. Returns their number.
    ///
    /// # Errors
    /// `Busy` if nobody waits for the outcome any more.
    pub fn compute_changed(&self, snapshot: &mut Snapshot<'_>, moment: &Moment, limit: usize) -> Result<usize, Error> {
        let reference_data = snapshot.reference_data(moment.revision)?;
        let Some(mut known) = self.known(snapshot, &reference_data)? else { return Ok(0) };
        let ids: Vec<OrganizationId> = std::iter::from_fn(|| known.recent.pop_first()).take(limit).collect();
        drop(known);
        if ids.is_empty() {
            return Ok(0);
        }
        let changed = db::organizations::list_some(snapshot.connection, &[], &ids, moment.revision)?;
        self.figures(snapshot, moment, changed.into_iter().map(Arc::new).collect())?;
        Ok(ids.len())
    }

    /// Computes the figures of some organizations that are not known for their day yet, at most `limit`; it looks through all of them.
    /// Returns their number.
    ///
    /// # Errors
    /// `Busy` if nobody waits for the outcome any more.
    pub fn compute_missing(&self, snapshot: &mut Snapshot<'_>, moment: &Moment, limit: usize) -> Result<usize, Error> {
        let reference_data = snapshot.reference_data(moment.revision)?;
        let Some(mut known) = self.known(snapshot, &reference_data)? else { return Ok(0) };
        let missing = known.missing(&reference_data, moment, limit);
        drop(known);
        let number = missing.len();
        self.figures(snapshot, moment, missing)?;
        Ok(number)
    }

    /// What is known, brought up to the snapshot, where it holds for a revision too, but for organizations that changed since.
    fn known_at(
        &self,
        snapshot: &mut Snapshot<'_>,
        revision: Revision,
    ) -> Result<Option<MutexGuard<'_, Known>>, Error> {
        let newest = snapshot.reference_data(snapshot.newest_revision())?;
        let asked = snapshot.reference_data(revision)?;
        let known = self.known(snapshot, &newest)?;
        Ok(known.filter(|known| Arc::ptr_eq(&newest, &asked) && known.since.is_some_and(|since| since <= revision)))
    }

    /// What is known, brought up to the snapshot; `None` if it is of a later one already.
    fn known(
        &self,
        snapshot: &mut Snapshot<'_>,
        reference_data: &Arc<ReferenceData>,
    ) -> Result<Option<MutexGuard<'_, Known>>, Error> {
        let Some(newest) = snapshot.newest else { return Ok(None) };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = known.newest
            && !is_in_history(snapshot, before)?
        {
            *known = Known::default();
        }
        let Some(before) = known.newest else {
            let all = db::organizations::list(snapshot.connection, newest.revision)?;
            known.organizations = all.into_iter().map(|one| (one.code.clone(), Arc::new(one))).collect();
            (known.since, known.newest) = (Some(newest.revision), Some(newest));
            known.reference_data = Some(Arc::clone(reference_data));
            return Ok(Some(known));
        };
        if before.revision > newest.revision {
            return Ok(None);
        }
        if known.reference_data.as_ref().is_none_or(|kept| !Arc::ptr_eq(kept, reference_data)) {
            known.reference_data = Some(Arc::clone(reference_data));
            known.days.clear();
            known.selectors = Selectors::default();
        }
        if before.revision < newest.revision {
            let changed = organization_changes::since(snapshot.connection, before.revision)?;
            known.days.values_mut().for_each(|day| changed.keys().for_each(|id| day.remove(*id)));
            known.changed.extend(changed.iter().map(|(id, last)| (*id, last.revision)));
            known.recent.extend(changed.keys().copied());
            let others = changed.iter().filter(|(_, last)| last.other > before.revision);
            let others: Vec<OrganizationId> = others.map(|(id, _)| *id).collect();
            if !others.is_empty() {
                let anew = db::organizations::list_some(snapshot.connection, &[], &others, newest.revision)?;
                known.organizations.extend(anew.into_iter().map(|one| (one.code.clone(), Arc::new(one))));
            }
            known.newest = Some(newest);
        }
        Ok(Some(known))
    }

    /// Keeps figures computed at a revision, but those of organizations that changed since: others write all the time.
    fn keep(
        &self,
        revision: Revision,
        reference_data: &Arc<ReferenceData>,
        selectors: &Selectors,
        computed: &[(OrganizationId, Arc<Lines>)],
    ) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = known.reference_data.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, reference_data));
        // Numbers of selectors that were given in another order by another read name other selectors there.
        let is_noted = known.since.is_some_and(|since| since <= revision);
        if is_noted && is_same && known.selectors.is_beginning_of(selectors) {
            known.selectors = selectors.clone();
            let Known { changed, days, asked, .. } = &mut *known;
            let stands = |id: &OrganizationId| changed.get(id).is_none_or(|at| *at <= revision);
            for (id, lines) in computed.iter().filter(|(id, _)| stands(id)) {
                let day = days.entry(lines.day).or_insert_with(|| Day { asked: *asked, ..Day::default() });
                day.put(*id, Arc::clone(lines));
            }
            known.forget_beyond_bounds();
        }
    }
}

impl Known {
    /// True if an organization changed after a revision, which is not before `since`.
    fn has_changed_after(&self, organization: OrganizationId, revision: Revision) -> bool {
        self.changed.get(&organization).is_some_and(|last| *last > revision)
    }

    /// The first organizations whose figures are not known for their day.
    fn missing(&mut self, reference_data: &ReferenceData, moment: &Moment, limit: usize) -> Vec<Arc<Organization>> {
        let mut days = HashMap::new();
        let mut day_of = |region: RegionId| {
            *days.entry(region).or_insert_with(|| day_at(&reference_data.regions, region, moment.now))
        };
        let is_missing = |one: &&Arc<Organization>| self.find(day_of(one.region_id), one.id).is_none();
        let missing = self.organizations.values().filter(is_missing).take(limit).cloned().collect();
        days.values().for_each(|day| self.note_asked(*day));
        missing
    }

    fn find(&self, day: NaiveDate, organization: OrganizationId) -> Option<&Arc<Lines>> {
        self.days.get(&day)?.figures.get(&organization)
    }

    fn note_asked(&mut self, day: NaiveDate) {
        self.asked = self.asked.saturating_add(1);
        if let Some(day) = self.days.get_mut(&day) {
            day.asked = self.asked;
        }
    }

    /// Forgets the days that were not asked for the longest while there are too many of them, or too many lines.
    fn forget_beyond_bounds(&mut self) {
        loop {
            let lines = self.days.values().map(|day| day.lines).fold(0_usize, usize::saturating_add);
            if self.days.len() <= 1 || (self.days.len() <= MOST_DAYS && lines <= MOST_LINES) {
                return;
            }
            let Some(last) = self.days.iter().min_by_key(|(_, day)| day.asked).map(|(day, _)| *day) else { return };
            self.days.remove(&last);
        }
    }
}

impl Day {
    fn put(&mut self, organization: OrganizationId, lines: Arc<Lines>) {
        self.remove(organization);
        self.lines = self.lines.saturating_add(lines.lines.len());
        self.figures.insert(organization, lines);
    }

    fn remove(&mut self, organization: OrganizationId) {
        let removed = self.figures.remove(&organization).map_or(0, |lines| lines.lines.len());
        self.lines = self.lines.saturating_sub(removed);
    }
}

/// True unless the database was replaced by one without a revision, such as one that lacked the last commits when it took over.
fn is_in_history(snapshot: &mut Snapshot<'_>, learnt: Learnt) -> Result<bool, Error> {
    match snapshot.newest {
        Some(newest) if newest.revision == learnt.revision => Ok(newest == learnt),
        Some(newest) if newest.revision > learnt.revision => {
            Ok(db::revisions::find(snapshot.connection, learnt.revision)? == Some(learnt))
        }
        _ => Ok(true),
    }
}

/// The organizations that an account may see as of a revision, from the database.
fn stored(snapshot: &mut Snapshot<'_>, belongs: Belongs, revision: Revision) -> Result<Vec<Arc<Organization>>, Error> {
    let organizations = db::organizations::list_visible(snapshot.connection, belongs, revision)?;
    Ok(organizations.into_iter().map(Arc::new).collect())
}

impl Selectors {
    /// All of them; a line names its own by its place.
    pub fn all(&self) -> &[Arc<Selector>] {
        &self.all
    }

    fn number_of(&mut self, selector: &Selector) -> u32 {
        if let Some(number) = self.numbers.get(selector) {
            return *number;
        }
        let selector = Arc::new(selector.clone());
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(Arc::clone(&selector));
        self.numbers.insert(selector, number);
        number
    }

    fn is_beginning_of(&self, other: &Self) -> bool {
        self.all.len() <= other.all.len() && self.all.iter().zip(&other.all).all(|(one, other)| Arc::ptr_eq(one, other))
    }
}

impl Lines {
    /// The lines: the number of each one's selector, and its figures.
    pub fn iter(&self) -> impl Iterator<Item = (usize, LineFigures)> {
        self.lines.iter().map(|line| {
            let Line { selector, state, required, usable } = *line;
            let figures = LineFigures { state, required: required.into(), usable: usable.into() };
            (usize::try_from(selector).unwrap_or(usize::MAX), figures)
        })
    }
}

impl Line {
    fn of(line: &Assessment, selectors: &mut Selectors) -> Self {
        let selector = selectors.number_of(&line.selector);
        Self { selector, state: line.into(), required: line.required.into(), usable: line.usable.into() }
    }
}

impl From<Interval> for Range {
    fn from(Interval { min, max }: Interval) -> Self {
        Self { min: min.thousandths(), max: max.map_or(i64::MAX, Quantity::thousandths) }
    }
}

impl From<Range> for Interval {
    fn from(Range { min, max }: Range) -> Self {
        // Both were quantities.
        let quantity = |thousandths: i64| Quantity::from_thousandths(thousandths).ok();
        Self { min: quantity(min).unwrap_or_default(), max: quantity(max).filter(|_| max != i64::MAX) }
    }
}
