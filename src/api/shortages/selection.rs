//! The lines that a request asks for.

use crate::api::selection::{find_organization, find_region};
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
    /// One organization, by id or code.
    pub organization: Option<String>,
    /// The organizations of this region and all below it, by id or code.
    pub region: Option<String>,
    /// The organizations of this sector.
    pub sector: Option<String>,
}

impl OrganizationSelection {
    /// The requested organizations among those that the caller sees, in the order of their codes.
    pub fn choose(
        &self,
        connection: &mut AnyConnection,
        belongs: Belongs,
        moment: &Moment,
    ) -> Result<Vec<Organization>, Error> {
        let mut organizations = match &self.organization {
            Some(key) => vec![find_organization(connection, belongs, key, moment.revision)?],
            None => db::organizations::list_visible(connection, belongs, moment.revision)?,
        };
        if let Some(region) = &self.region {
            let chosen = find_region(connection, region, moment.revision)?;
            organizations.retain(|organization| chosen.contains(&organization.region_id));
        }
        if let Some(sector) = &self.sector {
            let regions = db::regions::list(connection, moment.revision)?;
            organizations.retain(|organization| {
                in_force(&organization.versions, moment.day_in(&regions, organization.region_id))
                    .is_some_and(|row| row.value.sector.as_ref() == Some(sector))
            });
        }
        Ok(organizations)
    }
}

/// The requested lines of an organization.
#[derive(Clone, Debug, Default)]
pub struct LineSelection {
    /// Lines that this item can meet.
    pub item: Option<String>,
    /// Lines of this item class.
    pub item_class: Option<String>,
    /// Lines with this status.
    pub status: Option<Status>,
    /// Lines of this strength.
    pub strength: Option<Strength>,
    /// Lines on this basis.
    pub basis: Option<Basis>,
}

impl LineSelection {
    /// True if a line was requested.
    pub fn includes(&self, line: &Assessment, reference_data: &ReferenceData) -> bool {
        self.item.as_ref().is_none_or(|wanted| line.selector.items().contains(&wanted))
            && self.item_class.as_ref().is_none_or(|wanted| class_of(line, reference_data) == Some(wanted))
            && self.status.is_none_or(|wanted| line.status == wanted)
            && self.strength.is_none_or(|wanted| line.strength == wanted)
            && self.basis.is_none_or(|wanted| line.basis == wanted)
    }
}

/// The class of a line's item; `None` if it has no item.
pub fn class_of<'a>(line: &Assessment, reference_data: &'a ReferenceData) -> Option<&'a String> {
    let Selector::Item(code) = &line.selector else { return None };
    let item = reference_data.items.get(code)?;
    in_force_or_first(&item.versions, line.as_of).map(|row| &row.value.class)
}
