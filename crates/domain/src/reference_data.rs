//! The inputs of figures: reference data, the data of one organization, and the settings of regions.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::acceptance::Acceptance;
use super::count::Count;
use super::depot::Depot;
use super::exemption::Exemption;
use super::fact::{FactDefinition, FactSheet};
use super::item::{Item, ItemCode, ItemVersion};
use super::organization::Organization;
use super::region::{Region, chain, day_at, nearest, zone_on};
use super::resolution::Resolution;
use super::revision::in_force;
use super::standard::{Adoption, Standard};
use super::target::DeclaredTarget;
use base::id::RegionId;
use base::time::DEFAULT_ZONE;

/// The number of days for which a count is valid if neither a rule nor a region sets it.
pub const DEFAULT_VALIDITY_DAYS: u32 = 90;

/// The number of days for which an inspection stands if no region sets it.
pub const DEFAULT_INSPECTION_STANDS_DAYS: u32 = 30;

/// Reference data as of one revision, shared by all organizations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReferenceData {
    /// The regions, as a tree.
    pub regions: Vec<Region>,
    /// The catalogue.
    pub items: BTreeMap<ItemCode, Item>,
    /// The facts that rules may ask for.
    pub dictionary: Vec<FactDefinition>,
    /// The standards with their rules.
    pub standards: Vec<Standard>,
    /// The adoptions of standards by regions.
    pub adoptions: Vec<Adoption>,
}

/// The data of one organization as of that revision.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationData {
    /// The organization.
    pub organization: Organization,
    /// Its facts.
    pub sheet: FactSheet,
    /// Its depots, open or closed.
    pub depots: Vec<Depot>,
    /// The counts of those depots, in any order.
    pub counts: Vec<Count>,
    /// The resolutions that exclude some of them, in any order.
    pub resolutions: Vec<Resolution>,
    /// The acceptances of own counts that inspections contest, in any order.
    pub acceptances: Vec<Acceptance>,
    /// Its declared targets, for rules that say "as needed".
    pub targets: Vec<DeclaredTarget>,
    /// Its exemptions.
    pub exemptions: Vec<Exemption>,
}

/// The validity of counts, as a region sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValiditySetting<'a> {
    /// The number of days after the local day of the count.
    pub days: u32,
    /// The code of the region that sets it; `None` for [`DEFAULT_VALIDITY_DAYS`].
    pub region: Option<&'a str>,
}

impl ReferenceData {
    /// The region and all above it, nearest first. An unknown region ends the chain.
    pub fn chain(&self, region: RegionId) -> Vec<&Region> {
        chain(&self.regions, region)
    }

    /// The zones in which the days of some region may ever turn.
    pub fn zones(&self) -> HashSet<Tz> {
        let stated = self.regions.iter().flat_map(|region| &region.versions).filter_map(|row| row.value.time_zone);
        stated.chain([DEFAULT_ZONE]).collect()
    }

    /// The time zone of an organization's days: that of the nearest region that sets one on that day.
    pub fn zone_of(&self, organization: &Organization, day: NaiveDate) -> Tz {
        zone_on(&self.regions, organization.region_id, day)
    }

    /// The organization's day at an instant.
    pub fn day_of(&self, organization: &Organization, instant: DateTime<Utc>) -> NaiveDate {
        day_at(&self.regions, organization.region_id, instant)
    }

    /// The validity of an organization's counts if no rule sets it: the setting of the nearest region that has one on
    /// that day.
    pub fn validity_of(&self, organization: &Organization, day: NaiveDate) -> ValiditySetting<'_> {
        nearest(&self.regions, organization.region_id, day, |version| version.validity_days).map_or(
            ValiditySetting { days: DEFAULT_VALIDITY_DAYS, region: None },
            |(region, days)| ValiditySetting { days, region: Some(&region.code) },
        )
    }

    /// The longest validity that any region or rule has ever set, or the default: no count is valid for more days.
    pub fn longest_validity_days(&self) -> u32 {
        let regions = self.regions.iter().flat_map(|region| &region.versions);
        let of_regions = regions.filter_map(|row| row.value.validity_days);
        let rules = self.standards.iter().flat_map(|standard| &standard.rules).flat_map(|rule| &rule.versions);
        let of_rules = rules.filter_map(|row| row.value.as_ref()?.validity_days);
        of_regions.chain(of_rules).max().unwrap_or(0).max(DEFAULT_VALIDITY_DAYS)
    }

    /// The number of days for which an inspection made on a day stands against the organization's later own counts that
    /// found more.
    pub fn inspection_stands_of(&self, organization: &Organization, day: NaiveDate) -> u32 {
        nearest(&self.regions, organization.region_id, day, |version| version.inspection_stands_days)
            .map_or(DEFAULT_INSPECTION_STANDS_DAYS, |(_, days)| days)
    }

    /// True for an item of the catalogue that is measured and not counted.
    pub fn is_measured(&self, item: &str) -> bool {
        self.items.get(item).is_some_and(|item| item.unit.measured)
    }

    /// The catalogue's entry for an item on a day.
    pub fn item_on(&self, item: &str, day: NaiveDate) -> Option<&ItemVersion> {
        self.items.get(item).and_then(|item| in_force(&item.versions, day)).map(|row| &row.value)
    }
}
