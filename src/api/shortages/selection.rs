//! The lines that a request asks for.

use crate::api::any_of::{AnyOf, Code};
use crate::api::selection::{list_organizations, regions_within};
use base::error::Error;
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::assessment::{Assessment, Status};
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use domain::requirement::Basis;
use domain::revision::{in_force, in_force_or_first};
use domain::rule::{Selector, Strength};
use service::moment::Moment;

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
        connection: &mut AnyConnection,
        belongs: Belongs,
        moment: &Moment,
    ) -> Result<Vec<Organization>, Error> {
        let mut organizations = list_organizations(connection, belongs, &self.organization, moment.revision)?;
        if let Some(chosen) = regions_within(connection, &self.region, moment.revision)? {
            organizations.retain(|organization| chosen.contains(&organization.region_id));
        }
        if !self.sector.is_all() {
            let regions = db::regions::list(connection, moment.revision)?;
            organizations.retain(|organization| {
                in_force(&organization.versions, moment.day_in(&regions, organization.region_id))
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
    /// True if a line was requested.
    pub fn includes(&self, line: &Assessment, reference_data: &ReferenceData) -> bool {
        (self.item.is_all() || line.selector.items().into_iter().any(|item| self.item.takes_code(item)))
            && (self.item_class.is_all()
                || self.item_class.takes_some(class_of(line, reference_data).map(String::as_str)))
            && self.status.takes(&line.status)
            && self.strength.takes(&line.strength)
            && self.basis.takes(&line.basis)
    }
}

/// The class of a line's item; `None` if it has no item.
pub fn class_of<'a>(line: &Assessment, reference_data: &'a ReferenceData) -> Option<&'a String> {
    let Selector::Item(code) = &line.selector else { return None };
    let item = reference_data.items.get(code)?;
    in_force_or_first(&item.versions, line.as_of).map(|row| &row.value.class)
}
