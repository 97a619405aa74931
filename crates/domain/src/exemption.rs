//! Exemptions: an officer's permission not to hold what a rule requires, with a reason and a last day.

use chrono::NaiveDate;
use serde::Serialize;

use super::revision::{Learnt, Revision};
use base::id::ExemptionId;

/// An exemption of one organization from one rule, with the decisions that ended it early.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemption {
    /// Its id.
    pub id: ExemptionId,
    /// The code of the rule, which requires nothing of the organization while the exemption holds.
    pub rule: String,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day, as granted.
    pub ends_on: NaiveDate,
    /// The reason.
    pub reason: String,
    /// The name of the officer who granted it; empty if the program did.
    pub granted_by: String,
    /// The revision and time at which it was granted.
    pub learnt: Learnt,
    /// The decisions to end it early, in any order.
    pub ends: Vec<ExemptionEnd>,
}

/// A decision to end an exemption before its last day.
#[derive(Clone, Debug, PartialEq)]
pub struct ExemptionEnd {
    /// The first day on which the rule applies again.
    pub valid_from: NaiveDate,
    /// The reason.
    pub reason: String,
    /// The name of the officer who ended it.
    pub ended_by: String,
    /// The revision and time of the decision.
    pub learnt: Learnt,
}

impl Exemption {
    /// The last decision to end it early.
    pub fn last_end(&self) -> Option<&ExemptionEnd> {
        self.ends.iter().max_by_key(|end| end.learnt.revision)
    }

    /// The last day on which it holds; the day before the first if it was ended before it began.
    pub fn last_day(&self) -> NaiveDate {
        let ended = self.last_end().map(|end| end.valid_from.pred_opt().unwrap_or(end.valid_from));
        ended.map_or(self.ends_on, |ended| ended.min(self.ends_on))
    }

    /// The revision of the last decision about it.
    pub fn last_change(&self) -> Revision {
        self.last_end().map_or(self.learnt.revision, |end| end.learnt.revision)
    }

    /// True if it holds on the day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && day <= self.last_day()
    }
}

/// An exemption as an explanation cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ExemptionCited {
    /// Its id.
    pub id: ExemptionId,
    /// The reason.
    #[schema(max_length = 1000)]
    pub reason: String,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// The name of the officer who granted it.
    #[schema(max_length = 200)]
    pub granted_by: String,
}

impl From<&Exemption> for ExemptionCited {
    fn from(exemption: &Exemption) -> Self {
        Self {
            id: exemption.id,
            reason: exemption.reason.clone(),
            valid_from: exemption.valid_from,
            ends_on: exemption.last_day(),
            granted_by: exemption.granted_by.clone(),
        }
    }
}
