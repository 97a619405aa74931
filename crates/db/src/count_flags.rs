//! Flags of counts, collected in one place.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::device_reports;
use base::id::CountId;
use base::time::is_corrected;
use domain::count::CountFlag;

/// The flags of some counts, in order; a count without flags is left out. Each comes with the lag of its device's clock
/// at sending, in microseconds.
///
/// Flags describe how a count arrived and are known with it, so a count has the same flags at every revision that knows
/// it.
pub fn flags_of(
    connection: &mut AnyConnection,
    counts: impl IntoIterator<Item = (CountId, Option<i64>)>,
) -> QueryResult<BTreeMap<CountId, Vec<CountFlag>>> {
    let corrected = |offset: Option<i64>| offset.map(TimeDelta::microseconds).is_some_and(is_corrected);
    let (mut ids, mut flags) = (Vec::new(), BTreeMap::<CountId, BTreeSet<CountFlag>>::new());
    for (id, offset) in counts {
        ids.push(id);
        if corrected(offset) {
            flags.entry(id).or_default().insert(CountFlag::ClockCorrected);
        }
    }
    for (id, noted) in device_reports::flags_of(connection, &ids)? {
        flags.entry(id).or_default().extend(noted);
    }
    Ok(flags.into_iter().map(|(id, flags)| (id, flags.into_iter().collect())).collect())
}
