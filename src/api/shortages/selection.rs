//! The lines that a request asks for.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::api::any_of::{AnyOf, Code};
use crate::api::selection::{list_organizations, within_named};
use base::error::Error;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::assessment::{Assessment, Status};
use domain::organization::Organization;
use domain::organization_status::LineState;
use domain::reference_data::ReferenceData;
use domain::requirement::{Basis, LineSelector};
use domain::revision::{in_force, in_force_or_first};
use domain::rule::{Selector, Strength};
use service::moment::Moment;
use service::today::{Chosen, Lines, Today};

/// The requested organizations.
#[derive(Clone, Debug, Default)]
pub struct OrganizationSelection {
    /// Organizations, by id or code.
    pub organization: AnyOf<Code>,
    /// The organizations of these regions and all below them, by id or code.
    pub region: AnyOf<Code>,
    /// The organizations of these sectors.
    pub sector: AnyOf<Code>,
}

impl OrganizationSelection {
    /// The requested organizations among those that the caller sees, in the order of their codes.
    pub fn choose(
        &self,
        today: &Today,
        snapshot: &mut Snapshot<'_>,
        belongs: Belongs,
        moment: &Moment,
    ) -> Result<Vec<Arc<Organization>>, Error> {
        let mut organizations = if self.organization.is_all() {
            today.visible(snapshot, belongs, moment.revision)?
        } else {
            let named = list_organizations(snapshot.connection, belongs, &self.organization, moment.revision)?;
            named.into_iter().map(Arc::new).collect()
        };
        let reference_data = snapshot.reference_data(moment.revision)?;
        if let Some(chosen) = within_named(&reference_data.regions, &self.region)? {
            organizations.retain(|organization| chosen.contains(&organization.region_id));
        }
        if !self.sector.is_all() {
            organizations.retain(|organization| {
                let day = moment.day_in(&reference_data.regions, organization.region_id);
                in_force(&organization.versions, day)
                    .is_some_and(|row| self.sector.takes_some(row.value.sector.as_deref()))
            });
        }
        Ok(organizations)
    }
}

/// The requested lines of an organization.
#[derive(Clone, Debug, Default)]
pub struct LineSelection {
    /// Lines that one of these items can meet.
    pub item: AnyOf<Code>,
    /// Lines of these item classes.
    pub item_class: AnyOf<Code>,
    /// Lines with these statuses.
    pub status: AnyOf<Status>,
    /// Lines of these strengths.
    pub strength: AnyOf<Strength>,
    /// Lines on these bases.
    pub basis: AnyOf<Basis>,
}

impl LineSelection {
    /// True if all lines were requested.
    pub fn is_all(&self) -> bool {
        let Self { item, item_class, status, strength, basis } = self;
        item.is_all() && item_class.is_all() && status.is_all() && strength.is_all() && basis.is_all()
    }

    /// True if lines of a selector were requested, by their items.
    pub fn includes_selector(&self, selector: &Selector, reference_data: &ReferenceData, day: NaiveDate) -> bool {
        self.includes_items(selector)
            && (self.item_class.is_all()
                || self.item_class.takes_some(class_of(selector, reference_data, day).map(String::as_str)))
    }

    /// True if lines were requested that an item of a selector can meet.
    pub fn includes_items_of(&self, selector: LineSelector<'_>) -> bool {
        self.item.is_all() || self.includes_items(&selector.to_selector())
    }

    fn includes_items(&self, selector: &Selector) -> bool {
        self.item.is_all() || selector.items().into_iter().any(|item| self.item.takes_code(item))
    }

    /// True if lines in a state were requested.
    pub fn includes_state(&self, state: LineState) -> bool {
        self.status.takes(&state.status) && self.strength.takes(&state.strength) && self.basis.takes(&state.basis)
    }

    /// True if a line was requested.
    pub fn includes(&self, line: &Assessment, reference_data: &ReferenceData) -> bool {
        self.includes_state(line.into()) && self.includes_selector(&line.selector, reference_data, line.as_of)
    }

    /// Those of some organizations that have a requested line.
    ///
    /// # Errors
    /// `Busy` if nobody waits for the outcome any more.
    pub fn choose(
        &self,
        today: &Today,
        snapshot: &mut Snapshot<'_>,
        moment: &Moment,
        organizations: Vec<Arc<Organization>>,
    ) -> Result<Vec<Arc<Organization>>, Error> {
        let reference_data = snapshot.reference_data(moment.revision)?;
        let Chosen { selectors, organizations } = today.figures(snapshot, moment, organizations)?;
        let mut asked_for = OnDays::default();
        let mut has_one = |lines: &Lines| {
            lines.iter().any(|(number, line)| {
                let is_asked_for = || {
                    let selector = selectors.all().get(number);
                    selector.is_some_and(|one| self.includes_selector(one, &reference_data, lines.day))
                };
                self.includes_state(line.state) && asked_for.of(number, lines.day, is_asked_for) == Some(true)
            })
        };
        Ok(organizations.into_iter().filter(|(_, lines)| has_one(lines)).map(|(one, _)| one).collect())
    }
}

/// What is worked out once for each selector, by its number, and day.
#[derive(Debug)]
pub struct OnDays<T>(Vec<(NaiveDate, Vec<Option<T>>)>);

impl<T: Copy> Default for OnDays<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> OnDays<T> {
    /// What is known of a selector on a day, worked out unless it is.
    pub fn of(&mut self, number: usize, day: NaiveDate, work_out: impl FnOnce() -> T) -> Option<T> {
        // Organizations lie in few zones, so there are one or two days.
        if !self.0.iter().any(|(known, _)| *known == day) {
            self.0.push((day, Vec::new()));
        }
        let (_, known) = self.0.iter_mut().find(|(known, _)| *known == day)?;
        if known.len() <= number {
            known.resize(number.checked_add(1)?, None);
        }
        Some(*known.get_mut(number)?.get_or_insert_with(work_out))
    }
}

/// The class of the item of a selector on a day; `None` if it has no item.
pub fn class_of<'a>(selector: &Selector, reference_data: &'a ReferenceData, day: NaiveDate) -> Option<&'a String> {
    let Selector::Item(code) = selector else { return None };
    let item = reference_data.items.get(code)?;
    in_force_or_first(&item.versions, day).map(|row| &row.value.class)
}
