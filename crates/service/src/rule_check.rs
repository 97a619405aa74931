//! The rule check of the standards of a bureau, together with whom they reach.

use std::sync::Arc;

use chrono::NaiveDate;

use base::error::Error;
use base::id::OrganizationId;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::draft::{StandardFinding, StandardText, adopted_texts, check_standards, with_texts};
use domain::organization::Organization;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::revision::Revision;

/// The stored data beside which standards are checked.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The reference data.
    pub reference_data: Arc<ReferenceData>,
    /// The organizations with their facts, without anything that was counted.
    pub organizations: Vec<OrganizationData>,
}

impl Stored {
    /// Loads the present state; with the organizations that an account may see, or with all.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn load(snapshot: &mut Snapshot<'_>, belongs: Option<Belongs>) -> Result<Self, Error> {
        let reference_data = snapshot.reference_data(Revision::LATEST)?;
        let organizations = match belongs {
            Some(belongs) => db::organizations::list_visible(snapshot.connection, belongs, Revision::LATEST)?,
            None => db::organizations::list(snapshot.connection, Revision::LATEST)?,
        };
        let ids: Vec<OrganizationId> = organizations.iter().map(|organization| organization.id).collect();
        let mut sheets = db::facts::list_sheets(snapshot.connection, &ids, Revision::LATEST)?;
        let with_facts = |organization: Organization| OrganizationData {
            sheet: sheets.remove(&organization.id).unwrap_or_default(),
            organization,
            depots: Vec::new(),
            counts: Vec::new(),
            resolutions: Vec::new(),
            acceptances: Vec::new(),
            targets: Vec::new(),
            exemptions: Vec::new(),
        };
        Ok(Self { reference_data, organizations: organizations.into_iter().map(with_facts).collect() })
    }

    /// The findings about some standards as they would hold from a day; without any, about those that are adopted.
    pub fn check(&self, texts: Option<&[StandardText]>, day: NaiveDate) -> Vec<StandardFinding> {
        match texts {
            Some(texts) => {
                let changed = with_texts(&self.reference_data, texts, day);
                check_standards(&changed, texts, &self.organizations, day)
            }
            None => {
                let texts = adopted_texts(&self.reference_data, day);
                check_standards(&self.reference_data, &texts, &self.organizations, day)
            }
        }
    }
}
