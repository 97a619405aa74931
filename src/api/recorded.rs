//! Histories to read: what was recorded, from when it holds, by whom, and why.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use base::error::Error;
use base::id::AccountId;
use base::time::serialize_instant;
use db::authors::Recorded;
use db::connection::AnyConnection;
use domain::revision::Revision;

/// Who recorded something, and when.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "valid_from": "2026-12-01", "author": "Officer Wang", "reason": null, "revision": 12,
    "recorded_at": "2026-11-23T02:10:00.000000Z"
}))]
pub struct RecordedBy {
    /// The first day on which it holds.
    pub valid_from: NaiveDate,
    /// What people call whoever recorded it; `null` where the program did.
    #[schema(max_length = 200)]
    pub author: Option<String>,
    /// Why, where it is a correction or an end.
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
    /// The revision that brought it.
    pub revision: Revision,
    /// When that was committed.
    #[serde(serialize_with = "serialize_instant")]
    pub recorded_at: DateTime<Utc>,
}

/// What people call the authors of some rows.
pub struct Authors(BTreeMap<AccountId, String>);

impl Authors {
    /// The authors of some rows.
    pub fn of<T>(connection: &mut AnyConnection, rows: &[Recorded<T>]) -> Result<Self, Error> {
        Ok(Self(db::authors::names(connection, rows.iter().filter_map(|row| row.author))?))
    }

    /// Who recorded a row.
    pub fn sign<T>(&self, recorded: &Recorded<T>) -> RecordedBy {
        RecordedBy {
            valid_from: recorded.row.valid_from,
            author: recorded.author.and_then(|author| self.0.get(&author).cloned()),
            reason: recorded.reason.clone(),
            revision: recorded.row.learnt.revision,
            recorded_at: recorded.row.learnt.at,
        }
    }
}
