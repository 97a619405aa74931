//! Standards as issued, and their adoption by bureaus.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::revision::{Dated, in_force};
use super::rule::{Rule, Strength};
use base::id::RegionId;

/// The code of one edition of a standard, such as `GB30077-2013`.
pub type StandardCode = String;

/// One edition of a standard in Muster's own form, without its rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StandardDocument {
    /// Title in English.
    pub title_en: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// The jurisdiction it was issued for, such as `CN` or `CN-4403`.
    pub jurisdiction: String,
    /// Its official status, such as `in_force`, `superseded`, `illustrative`.
    pub status: StandardStatus,
    /// The day it came into force, if known.
    #[serde(default, deserialize_with = "base::sent::optional", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_from: Option<NaiveDate>,
    /// The last day it is in force, if known.
    #[serde(default, deserialize_with = "base::sent::optional", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_to: Option<NaiveDate>,
    /// The edition that replaced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub replaced_by: Option<StandardCode>,
    /// A remark on the transcription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub note: Option<String>,
}

impl StandardDocument {
    /// A document without any content yet.
    pub(crate) fn unsaid() -> Self {
        Self {
            title_en: String::new(),
            title_zh: String::new(),
            jurisdiction: String::new(),
            status: StandardStatus::Reference,
            valid_from: None,
            valid_to: None,
            replaced_by: None,
            note: None,
        }
    }
}

/// The official status of a standard.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StandardStatus {
    /// Not issued yet; never binding.
    Draft,
    /// In force.
    InForce,
    /// Replaced by another edition.
    Superseded,
    /// Issued for another jurisdiction; kept for comparison.
    Comparison,
    /// Of unknown issuer; kept for reference.
    Reference,
    /// A default of this project, never law.
    Illustrative,
}

/// An edition of a standard with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Standard {
    /// Its code.
    pub code: StandardCode,
    /// Its documents, by revision.
    pub versions: Vec<Dated<StandardDocument>>,
    /// Its rules, each with its history.
    pub rules: Vec<RuleHistory>,
}

/// A rule with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleHistory {
    /// Its code.
    pub code: String,
    /// Its texts, by day; `None` from the day it was withdrawn.
    pub versions: Vec<Dated<Option<Rule>>>,
}

impl RuleHistory {
    /// The rule on a day; `None` before its first day and after it was withdrawn.
    pub fn on(&self, day: NaiveDate) -> Option<&Rule> {
        in_force(&self.versions, day).and_then(|row| row.value.as_ref())
    }
}

/// The adoptions of one standard in one region, by day.
#[derive(Clone, Debug, PartialEq)]
pub struct Adoption {
    /// The region whose bureau adopted it.
    pub region_id: RegionId,
    /// The standard.
    pub standard: StandardCode,
    /// Its strengths, by day; `None` ends the adoption.
    pub versions: Vec<Dated<Option<Strength>>>,
}

/// A period in which a standard binds with one strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdoptionPeriod {
    /// The strength.
    pub strength: Strength,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day; `None` if no end is known.
    pub valid_to: Option<NaiveDate>,
}

impl Adoption {
    /// The periods in which the standard binds, in order.
    pub fn periods(&self) -> Vec<AdoptionPeriod> {
        let days: BTreeSet<NaiveDate> = self.versions.iter().map(|row| row.valid_from).collect();
        let mut periods: Vec<AdoptionPeriod> = Vec::new();
        let mut open: Option<AdoptionPeriod> = None;
        for day in days {
            let strength = in_force(&self.versions, day).and_then(|row| row.value);
            if open.map(|period| period.strength) == strength {
                continue;
            }
            periods.extend(open.map(|period| AdoptionPeriod { valid_to: day.pred_opt(), ..period }));
            open = strength.map(|strength| AdoptionPeriod { strength, valid_from: day, valid_to: None });
        }
        periods.extend(open);
        periods
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::revision::{Learnt, Revision};

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, day).unwrap()
    }

    fn row(from: u32, revision: i64, value: Option<Strength>) -> Dated<Option<Strength>> {
        let learnt = Learnt { revision: Revision(revision), at: DateTime::UNIX_EPOCH };
        Dated { valid_from: day(from), learnt, value }
    }

    #[test]
    fn an_adoption_holds_until_the_day_before_the_next_row() {
        use Strength::{Mandatory, Recommended};
        let versions = vec![
            row(20, 3, None),
            row(1, 1, Some(Recommended)),
            row(10, 2, Some(Recommended)),
            row(10, 4, Some(Mandatory)),
            row(15, 5, Some(Mandatory)),
            row(25, 6, Some(Recommended)),
        ];
        let adoption = Adoption { region_id: RegionId::new(), standard: "S".into(), versions };
        let periods: Vec<_> = adoption
            .periods()
            .into_iter()
            .map(|period| (period.strength, period.valid_from, period.valid_to))
            .collect();
        assert_eq!(
            periods,
            [(Recommended, day(1), Some(day(9))), (Mandatory, day(10), Some(day(19))), (Recommended, day(25), None)]
        );
    }
}
