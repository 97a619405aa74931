//! Regions: administrative divisions in a tree, and the settings they give to what is below them.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::id::RegionId;
use super::revision::{Dated, in_force};
use super::time::DEFAULT_ZONE;

/// A region with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Its id.
    pub id: RegionId,
    /// Its code in GB/T 2260 (or a made-up one for a made-up region); never changes.
    pub code: String,
    /// The region above it.
    pub parent_id: Option<RegionId>,
    /// What it was called and what it set, by day.
    pub versions: Vec<Dated<RegionVersion>>,
}

/// What a region is called and what it sets, from a day.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionVersion {
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// The zone of its organizations' days; `None` takes the parent's, at the top Asia/Shanghai.
    pub time_zone: Option<Tz>,
    /// For how many days a count speaks where no rule says so; `None` takes the parent's, at the top 90.
    pub validity_days: Option<u32>,
}

/// A region and those above it, nearest first. A parent that is named but not there ends the chain.
pub fn chain(regions: &[Region], id: RegionId) -> Vec<&Region> {
    let mut found: Vec<&Region> = Vec::new();
    let mut next = Some(id);
    while let Some(region) = next.and_then(|id| regions.iter().find(|region| region.id == id)) {
        // A tree that bites its own tail is refused when stored; here it must only not run for ever.
        if found.iter().any(|above| above.id == region.id) {
            break;
        }
        found.push(region);
        next = region.parent_id;
    }
    found
}

/// What a region sets on a day: its own setting, or that of the nearest region above it that states one, and which it is.
pub fn nearest<T>(
    regions: &[Region],
    id: RegionId,
    day: NaiveDate,
    setting: impl Fn(&RegionVersion) -> Option<T>,
) -> Option<(&Region, T)> {
    chain(regions, id).into_iter().find_map(|region| {
        let stated = setting(&in_force(&region.versions, day)?.value)?;
        Some((region, stated))
    })
}

/// The zone of a region's days: its own, or that of the nearest region above it that states one.
pub fn zone_on(regions: &[Region], id: RegionId, day: NaiveDate) -> Tz {
    nearest(regions, id, day, |version| version.time_zone).map_or(DEFAULT_ZONE, |(_, zone)| zone)
}

/// A region and all below it.
pub fn subtree(regions: &[Region], id: RegionId) -> BTreeSet<RegionId> {
    regions.iter().filter(|region| chain(regions, region.id).iter().any(|above| above.id == id)).map(|r| r.id).collect()
}
