//! What is odd about how counts came, put together in one place.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use diesel::prelude::*;

use super::connection::AnyConnection;
use crate::domain::count::CountFlag;
use crate::domain::id::CountId;
use crate::domain::time::is_corrected;

/// The flags of some counts, in their order; a count that has none has none here. Each is given with how far its device's
/// clock was behind at sending, in microseconds.
///
/// Flags say how a count arrived and are known with it, so a count has the same at every revision that knows it.
pub fn flags_of(
    _: &mut AnyConnection,
    counts: impl IntoIterator<Item = (CountId, Option<i64>)>,
) -> QueryResult<BTreeMap<CountId, Vec<CountFlag>>> {
    let corrected = |offset: Option<i64>| offset.map(TimeDelta::microseconds).is_some_and(is_corrected);
    let flagged = counts.into_iter().filter(|(_, offset)| corrected(*offset));
    Ok(flagged.map(|(id, _)| (id, vec![CountFlag::ClockCorrected])).collect())
}
