//! The state that a device should have: a function of a revision, a day and whose device it is. What a device is sent is
//! the difference of two of them, so that whatever it fetched when, it has what a fresh one gets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;

use super::cursor::Place;
use super::documents::{
    AssessmentsDocument, DepotData, ItemClassData, ItemData, OrganizationData, QuarantineData, RequirementsDocument,
    StockDocument, entry,
};
use base::error::Error;
use base::id::{CountId, OrganizationId, RegionId};
use base::time::end_of_day;
use db::connection::AnyConnection;
use db::quarantine::Kept;
use db::read::Snapshot;
use domain::account::{Account, Belongs};
use domain::actor::SubjectKind;
use domain::assessment::assess;
use domain::books::{Books, Records};
use domain::organization::Organization;
use domain::region::day_at;
use domain::revision::{Revision, in_force, in_force_or_first};
use domain::scope::{Scope, ScopeSet};
use domain::stock::stock;

/// What sort of thing a change is about, in the order in which a fresh device is sent them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeType {
    /// An organization, by its code.
    Organization,
    /// A class of items, by its code.
    ItemClass,
    /// An item, by its code.
    Item,
    /// A depot, by its code.
    Depot,
    /// The requirement lines of an organization, by its code.
    Requirements,
    /// The assessments of an organization, by its code.
    Assessments,
    /// The stock of a depot, by its code.
    Stock,
    /// A command of one's own in quarantine, by its id there.
    Quarantine,
}

/// What a change is about.
pub type Key = (ChangeType, String);

/// What there is, by key: JSON.
pub type State = BTreeMap<Key, String>;

/// Whose device it is.
#[derive(Clone, Debug)]
pub struct Whose {
    /// The account.
    pub account: Account,
    /// What it may do at most, where it is a client's.
    pub scopes: Option<ScopeSet>,
}

impl Whose {
    /// True for what the account may know of: a client what its scopes say.
    fn may_know(&self, kind: ChangeType) -> bool {
        let scope = match kind {
            ChangeType::Organization | ChangeType::ItemClass | ChangeType::Item | ChangeType::Depot => {
                Scope::CatalogueRead
            }
            ChangeType::Requirements | ChangeType::Assessments => Scope::ShortagesRead,
            ChangeType::Stock => Scope::StockRead,
            ChangeType::Quarantine => Scope::CountsWrite,
        };
        self.scopes.as_ref().is_none_or(|scopes| scopes.contains(scope))
    }
}

/// Of more counts than these it is not looked up whose they are: a device that was away for long is worked out anew.
const COUNTS_LOOKED_UP: usize = 1_000;

/// For how many days a device is told of a decision on what it sent.
const DECISIONS_TOLD: Days = Days::new(90);

/// How many organizations are loaded at once.
const TOGETHER: usize = 8;

/// Two states, as far as they may differ.
#[derive(Debug, Default)]
pub struct Step {
    /// What there was.
    pub before: State,
    /// What there is.
    pub after: State,
}

/// Works out the states of two places, leaving out what cannot differ between them. Without a first place there was nothing.
pub fn step(snapshot: &mut Snapshot<'_>, whose: &Whose, base: Option<Place>, next: Place) -> Result<Step, Error> {
    let mut step = Step::default();
    let after = View::of(snapshot, whose, next)?;
    let before = base.map(|base| View::of(snapshot, whose, base)).transpose()?;
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
    let is_as_before = |before: &View<'_>| before.place.revision == after.place.revision && before.today == after.today;
    if before.as_ref().is_none_or(|before| !is_as_before(before)) {
        after.add_quarantine(snapshot.connection, &mut step.after)?;
        if let Some(before) = &before {
            before.add_quarantine(snapshot.connection, &mut step.before)?;
        }
    }
    for state in [&mut step.before, &mut step.after] {
        state.retain(|(kind, _), _| whose.may_know(*kind));
    }
    Ok(step)
}

/// Whose documents may have changed between two places.
#[derive(Debug)]
enum Touched {
    All,
    Some(BTreeSet<OrganizationId>),
}

fn touched(connection: &mut AnyConnection, before: &View<'_>, after: &View<'_>) -> Result<Touched, Error> {
    let days_turned =
        || after.organizations.iter().any(|one| before.day_of(one.region_id) != after.day_of(one.region_id));
    if !Arc::ptr_eq(&before.books, &after.books) || days_turned() {
        return Ok(Touched::All);
    }
    let mut counts = Vec::new();
    for subject in db::audit::subjects_between(connection, (before.place.revision, after.place.revision))? {
        match subject.kind {
            SubjectKind::Count | SubjectKind::Void => counts.extend(subject.key.parse::<CountId>()),
            SubjectKind::Quarantine
            | SubjectKind::Draft
            | SubjectKind::Account
            | SubjectKind::Enrolment
            | SubjectKind::Device
            | SubjectKind::Session => {}
            _ => return Ok(Touched::All),
        }
    }
    if counts.len() > COUNTS_LOOKED_UP {
        return Ok(Touched::All);
    }
    let counts = db::counts::fixed(connection, &counts)?;
    Ok(Touched::Some(counts.into_iter().map(|count| count.organization).collect()))
}

/// What is needed to work a state out.
struct View<'a> {
    whose: &'a Whose,
    place: Place,
    books: Arc<Books>,
    organizations: Vec<Organization>,
    /// The day where the account belongs.
    today: NaiveDate,
}

impl<'a> View<'a> {
    fn of(snapshot: &mut Snapshot<'_>, whose: &'a Whose, place: Place) -> Result<Self, Error> {
        let books = snapshot.books(place.revision)?;
        let organizations =
            db::organizations::list_visible(snapshot.connection, whose.account.belongs, place.revision)?;
        let region = match whose.account.belongs {
            Belongs::Region(region) => Some(region),
            Belongs::Organization(_) => organizations.first().map(|organization| organization.region_id),
        };
        let today = region.map_or(place.at.date_naive(), |region| day_at(&books.regions, region, place.at));
        Ok(Self { whose, place, books, organizations, today })
    }

    fn day_of(&self, region: RegionId) -> NaiveDate {
        day_at(&self.books.regions, region, self.place.at)
    }

    fn has_catalogue_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.books, &other.books) && self.today == other.today
    }

    fn add_catalogue(&self, connection: &mut AnyConnection, state: &mut State) -> Result<(), Error> {
        for (code, versions) in db::items::list_classes(connection, self.place.revision)? {
            if let Some(version) = in_force_or_first(&versions, self.today) {
                state.extend([entry((ChangeType::ItemClass, code), &ItemClassData::from(&version.value))?]);
            }
        }
        for (code, item) in &self.books.items {
            // One that is to come is not yet in the catalogue.
            if let Some(version) = in_force(&item.versions, self.today) {
                state.extend([entry((ChangeType::Item, code.clone()), &ItemData::of(item, &version.value))?]);
            }
        }
        Ok(())
    }

    fn add_organizations(
        &self,
        connection: &mut AnyConnection,
        touched: &Touched,
        state: &mut State,
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
            end_of_day(day, self.books.zone_of(organization, day))
        };
        for some in wanted.chunks(TOGETHER) {
            for records in db::books::records(connection, some, self.place.revision, before)? {
                self.add_organization(&records, state)?;
            }
        }
        Ok(())
    }

    fn add_organization(&self, records: &Records, state: &mut State) -> Result<(), Error> {
        let organization = &records.organization;
        let (code, day) = (&organization.code, self.day_of(organization.region_id));
        if let Some(version) = in_force_or_first(&organization.versions, day) {
            let data = OrganizationData::of(organization, &version.value, &self.books, day);
            state.extend([entry((ChangeType::Organization, code.clone()), &data)?]);
        }
        for depot in &records.depots {
            if let Some(version) = in_force(&depot.versions, day) {
                let data = DepotData::of(depot, &version.value, organization);
                state.extend([entry((ChangeType::Depot, depot.code.clone()), &data)?]);
            }
        }
        let assessments = assess(&self.books, records, day);
        if !assessments.is_empty() {
            let requirements = RequirementsDocument::of(&assessments);
            state.extend([
                entry((ChangeType::Requirements, code.clone()), &requirements)?,
                entry((ChangeType::Assessments, code.clone()), &AssessmentsDocument::of(&assessments))?,
            ]);
        }
        let stock = stock(&self.books, records, day);
        let depots: BTreeSet<&str> = stock.iter().map(|one| one.depot_code.as_str()).collect();
        for depot in depots {
            let document = StockDocument::of(stock.iter().filter(|one| one.depot_code == depot));
            state.extend([entry((ChangeType::Stock, depot.to_owned()), &document)?]);
        }
        Ok(())
    }

    fn add_quarantine(&self, connection: &mut AnyConnection, state: &mut State) -> Result<(), Error> {
        let oldest = self.today.checked_sub_days(DECISIONS_TOLD).unwrap_or(NaiveDate::MIN);
        let account = self.whose.account.id;
        for Kept { id, command_id, code, decision } in
            db::quarantine::list_of(connection, account, self.place.revision)?
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
            };
            state.extend([entry((ChangeType::Quarantine, id.to_string()), &data)?]);
        }
        Ok(())
    }
}

/// The state of the present, for a device of its own.
pub fn present(snapshot: &mut Snapshot<'_>, now: DateTime<Utc>) -> Result<Place, Error> {
    let newest = snapshot.newest.map_or(Revision(0), |newest| newest.revision);
    let change_set = db::revisions::change_set_of(snapshot.connection, newest)?;
    let change_set = change_set.ok_or(Error::Busy("nothing is recorded yet"))?;
    Ok(Place::new(newest, change_set, now))
}
