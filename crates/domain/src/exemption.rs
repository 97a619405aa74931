//! Exemptions: an officer's leave not to hold what a rule asks for, with a reason and a last day.

use chrono::NaiveDate;
use serde::Serialize;

use super::revision::{Learnt, Revision};
use base::id::ExemptionId;

/// Leave given to one organization for one rule, and how it was ended before its time, where it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemption {
    /// Its id.
    pub id: ExemptionId,
    /// The code of the rule that asks nothing of the organization meanwhile.
    pub rule: String,
    /// The first day of it.
    pub valid_from: NaiveDate,
    /// The last day, as it was granted.
    pub ends_on: NaiveDate,
    /// Why it was granted.
    pub reason: String,
    /// What people called whoever granted it; empty where the program did.
    pub granted_by: String,
    /// When it was granted.
    pub learnt: Learnt,
    /// The decisions to end it early, in any order.
    pub ends: Vec<ExemptionEnd>,
}

/// A decision to end an exemption before its last day.
#[derive(Clone, Debug, PartialEq)]
pub struct ExemptionEnd {
    /// The first day on which the rule asks again.
    pub valid_from: NaiveDate,
    /// Why.
    pub reason: String,
    /// What people called whoever ended it.
    pub ended_by: String,
    /// When it was decided.
    pub learnt: Learnt,
}

impl Exemption {
    /// The last decision to end it early.
    pub fn last_end(&self) -> Option<&ExemptionEnd> {
        self.ends.iter().max_by_key(|end| end.learnt.revision)
    }

    /// The last day on which it holds; a day before the first where it was ended before it began.
    pub fn last_day(&self) -> NaiveDate {
        let ended = self.last_end().map(|end| end.valid_from.pred_opt().unwrap_or(end.valid_from));
        ended.map_or(self.ends_on, |ended| ended.min(self.ends_on))
    }

    /// The revision of the last decision about it.
    pub fn last_change(&self) -> Revision {
        self.last_end().map_or(self.learnt.revision, |end| end.learnt.revision)
    }

    /// True on a day on which it holds.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && day <= self.last_day()
    }
}

/// An exemption as an explanation cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ExemptionCited {
    /// Its id.
    pub id: ExemptionId,
    /// Why it was granted.
    #[schema(max_length = 1000)]
    pub reason: String,
    /// The first day of it.
    pub valid_from: NaiveDate,
    /// The last day of it.
    pub ends_on: NaiveDate,
    /// What people called whoever granted it.
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
