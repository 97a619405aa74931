//! Regions: a tree of administrative divisions, with settings that apply to everything below them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::naming::{in_both, name_faults};
use super::revision::{Dated, in_force};
use base::error::Fault;
use base::id::RegionId;
use base::time::{DEFAULT_ZONE, end_of_day};
use text::messages::message;

/// A region with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Its id.
    pub id: RegionId,
    /// Its GB/T 2260 code, or an invented code for an invented region; never changes.
    pub code: String,
    /// The region above it.
    pub parent_id: Option<RegionId>,
    /// Its names and settings, by day.
    pub versions: Vec<Dated<RegionVersion>>,
}

/// The names and settings of a region from a day.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionVersion {
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// The time zone of its organizations' days; `None` takes the parent's, at the top Asia/Shanghai.
    pub time_zone: Option<Tz>,
    /// The number of days for which a count is valid if no rule sets it; `None` takes the parent's, at the top 90.
    pub validity_days: Option<u32>,
    /// The number of days for which an inspection stands against own counts that found more; `None` takes the parent's,
    /// at the top 30.
    pub inspection_stands_days: Option<u32>,
}

/// The region and those above it, nearest first. A parent that does not exist ends the chain.
pub fn chain(regions: &[Region], id: RegionId) -> Vec<&Region> {
    let mut found: Vec<&Region> = Vec::new();
    let mut next = Some(id);
    while let Some(region) = next.and_then(|id| regions.iter().find(|region| region.id == id)) {
        // Circles are refused when stored; if there is one all the same, it must not cause an endless loop.
        if found.iter().any(|above| above.id == region.id) {
            break;
        }
        found.push(region);
        next = region.parent_id;
    }
    found
}

/// The setting that applies to a region on a day, its own or that of the nearest region above that has one, with the
/// region it comes from.
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

/// The time zone of a region's days: its own, or that of the nearest region above that sets one.
pub fn zone_on(regions: &[Region], id: RegionId, day: NaiveDate) -> Tz {
    nearest(regions, id, day, |version| version.time_zone).map_or(DEFAULT_ZONE, |(_, zone)| zone)
}

/// The first instant of a day in a region: the end of the day before, in the zone that applies on that.
pub fn day_begins(regions: &[Region], id: RegionId, day: NaiveDate) -> DateTime<Utc> {
    day.pred_opt().map_or(DateTime::<Utc>::MIN_UTC, |eve| end_of_day(eve, zone_on(regions, id, eve)))
}

/// The day in a region at an instant. Each day ends at midnight of the zone that applies on it, so days follow one
/// another even when the zone changes; one of them is then longer or shorter, and none is repeated.
pub fn day_at(regions: &[Region], id: RegionId, instant: DateTime<Utc>) -> NaiveDate {
    // Every zone is within a day of UTC.
    let utc = instant.date_naive();
    let latest = utc.succ_opt().unwrap_or(utc);
    let begun = |day: &NaiveDate| day_begins(regions, id, *day) <= instant;
    (0..3)
        .filter_map(|back| latest.checked_sub_days(Days::new(back)))
        .find(begun)
        .unwrap_or_else(|| utc.pred_opt().unwrap_or(utc))
}

/// True if two regions are the same, or one lies above the other.
pub fn are_in_line(regions: &[Region], one: RegionId, other: RegionId) -> bool {
    let is_below = |one, other| chain(regions, one).iter().any(|above| above.id == other);
    is_below(one, other) || is_below(other, one)
}

/// A region and all below it.
pub fn subtree(regions: &[Region], id: RegionId) -> BTreeSet<RegionId> {
    let mut children: BTreeMap<RegionId, Vec<RegionId>> = BTreeMap::new();
    for region in regions {
        region.parent_id.into_iter().for_each(|parent| children.entry(parent).or_default().push(region.id));
    }
    let mut found = BTreeSet::new();
    let mut left: Vec<RegionId> = regions.iter().map(|region| region.id).filter(|region| *region == id).collect();
    while let Some(region) = left.pop() {
        // Circles are refused when stored; if there is one all the same, it must not cause an endless loop.
        if found.insert(region) {
            left.extend(children.get(&region).into_iter().flatten());
        }
    }
    found
}

/// New names and settings of a region from a day.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "valid_from": "2026-12-01", "parent": "159900", "name_en": "Demo Township", "name_zh": "示例镇",
    "time_zone": "Asia/Shanghai", "validity_days": 60
}))]
pub struct NewRegion {
    /// The first day; today if left out. It holds until the first day of the next change.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// The region above it, by id or code. Required for a new region; never changes.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "159900")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub parent: Option<String>,
    /// Name in English; left out or blank, the same as in Chinese.
    #[serde(default)]
    #[schema(max_length = 200)]
    #[validate(length(max = 200), non_control_character)]
    pub name_en: String,
    /// Name in Chinese; left out or blank, the same as in English.
    #[serde(default)]
    #[schema(max_length = 200)]
    #[validate(length(max = 200), non_control_character)]
    pub name_zh: String,
    /// The time zone of its organizations' days, as named in the IANA database; left out, that of the region above.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "Asia/Shanghai")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub time_zone: Option<String>,
    /// The number of days for which a count is valid if no rule sets it; left out, the setting of the region above.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    #[validate(range(min = 1, max = 3650))]
    pub validity_days: Option<u32>,
    /// The number of days after an inspection for which an own count that found more is contested; left out, the setting
    /// of the region above, at the top 30.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    #[validate(range(min = 1, max = 3650))]
    pub inspection_stands_days: Option<u32>,
}

impl NewRegion {
    /// Returns the new version.
    ///
    /// # Errors
    /// The faults of the values by themselves.
    pub fn version(&self) -> Result<RegionVersion, Vec<Fault>> {
        let mut faults = name_faults(&self.name_en, &self.name_zh);
        let time_zone = self.time_zone.as_deref().and_then(|name| {
            let zone = name.parse().ok();
            if zone.is_none() {
                faults.push(Fault::new("/time_zone", "time_zone_unknown", message!("region-time-zone", name = name)));
            }
            zone
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        let (name_en, name_zh) = in_both(&self.name_en, &self.name_zh);
        Ok(RegionVersion {
            name_en,
            name_zh,
            time_zone,
            validity_days: self.validity_days,
            inspection_stands_days: self.inspection_stands_days,
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use chrono_tz::Tz;

    use super::*;
    use crate::sample::{BANNER, World, always, dated, day, region_id, region_version};
    use base::time::local_day;

    const ZONES: [Tz; 6] = [
        chrono_tz::Asia::Shanghai,
        chrono_tz::Asia::Urumqi,
        chrono_tz::America::St_Johns,
        chrono_tz::Pacific::Kiritimati,
        chrono_tz::Pacific::Pago_Pago,
        chrono_tz::UTC,
    ];

    fn zoned(before: Tz, after: Option<(&str, Tz)>) -> Vec<Region> {
        let mut regions = World::new().reference_data.regions;
        let version = |zone| RegionVersion { time_zone: Some(zone), ..region_version() };
        regions[1].versions = always(version(before));
        regions[1].versions.extend(after.map(|(from, zone)| dated(day(from), 2, version(zone))));
        regions
    }

    /// The minutes of a few days around the turn of a month.
    fn minutes() -> impl Iterator<Item = DateTime<Utc>> {
        let first: DateTime<Utc> = "2026-11-28T00:00:00Z".parse().unwrap();
        (0..6 * 24 * 60).map(move |minute| first + TimeDelta::minutes(minute))
    }

    #[test]
    fn in_one_zone_the_day_is_that_of_its_clocks() {
        for zone in ZONES {
            let regions = zoned(zone, None);
            for instant in minutes().step_by(5) {
                assert_eq!(day_at(&regions, region_id(BANNER), instant), local_day(instant, zone), "{zone} {instant}");
            }
        }
    }

    #[test]
    fn where_the_zone_changes_no_day_comes_back_and_each_ends_at_the_midnight_of_its_zone() {
        for before in ZONES {
            for after in ZONES {
                let regions = zoned(before, Some(("2026-12-01", after)));
                let mut last = day("2026-11-20");
                for instant in minutes() {
                    let today = day_at(&regions, region_id(BANNER), instant);
                    assert!(today >= last, "{before} to {after}: {today} comes after {last} at {instant}");
                    if today > last && last > day("2026-11-27") {
                        let eve = today.pred_opt().unwrap();
                        let zone = if eve < day("2026-12-01") { before } else { after };
                        let ended = end_of_day(eve, zone);
                        // A day that the change of zone skips would end before it begins.
                        assert!(
                            ended == instant || ended < instant && today.pred_opt() > Some(last),
                            "{before} to {after}"
                        );
                    }
                    last = today;
                }
            }
        }
    }
}
