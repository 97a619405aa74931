//! Flags of counts, collected in one place.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::device_reports;
use super::flag_words::read_flags;
use super::sql_types::Instant;
use base::id::CountId;
use base::time::{CLOCK_TOLERANCE, is_ahead, is_corrected};
use domain::count::{CountFlag, StoredFlag};

/// The fields of a count that tell how it arrived.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The count.
    pub id: CountId,
    /// The time of counting, by the device's clock.
    pub counted_at: Instant,
    /// The time the server received it.
    pub received_at: Instant,
    /// The lag of the device's clock at sending, in microseconds.
    pub clock_offset_us: Option<i64>,
    /// The flags that were fixed at first receipt, as [`write_flags`](super::flag_words::write_flags) writes them.
    pub flags: String,
}

impl Arrival {
    /// The flags that it has by itself.
    pub fn flags(&self) -> impl Iterator<Item = CountFlag> {
        let offset = self.clock_offset_us.map(TimeDelta::microseconds);
        let corrected = offset.is_some_and(is_corrected).then_some(CountFlag::ClockCorrected);
        let ahead = is_ahead(self.counted_at.0, offset, self.received_at.0).then_some(CountFlag::CountedAhead);
        read_flags(&self.flags).into_iter().chain(corrected).chain(ahead)
    }
}

/// The flags of some counts, in order; a count without flags is left out.
///
/// Flags describe how a count arrived and are known with it, so a count has the same flags at every revision that knows
/// it.
pub fn flags_of(
    connection: &mut AnyConnection,
    counts: impl IntoIterator<Item = Arrival>,
) -> QueryResult<BTreeMap<CountId, Vec<CountFlag>>> {
    let (mut ids, mut flags) = (Vec::new(), BTreeMap::<CountId, BTreeSet<CountFlag>>::new());
    for arrival in counts {
        ids.push(arrival.id);
        let mut noted = arrival.flags().peekable();
        if noted.peek().is_some() {
            flags.entry(arrival.id).or_default().extend(noted);
        }
    }
    for (id, noted) in device_reports::flags_of(connection, &ids)? {
        flags.entry(id).or_default().extend(noted);
    }
    Ok(flags.into_iter().map(|(id, flags)| (id, flags.into_iter().collect())).collect())
}

/// The pattern of a flag among stored words, if it is wanted; otherwise one that no flags match.
pub(super) fn pattern(wanted: &[StoredFlag], flag: StoredFlag) -> String {
    let word: &'static str = flag.into();
    if wanted.contains(&flag) { format!("%{word}%") } else { "-".to_owned() }
}

/// The lag of a clock, in microseconds, beyond which a count was corrected, if that flag is wanted; otherwise one that no
/// clock reaches.
pub(super) fn corrected_beyond(wanted: &[StoredFlag]) -> i64 {
    let beyond = CLOCK_TOLERANCE.num_microseconds().unwrap_or(i64::MAX);
    if wanted.contains(&StoredFlag::ClockCorrected) { beyond } else { i64::MAX }
}

/// The condition that a count has any of some stored flags.
macro_rules! has_flag {
    ($wanted:expr) => {{
        use domain::count::StoredFlag::{CatalogueUnknown, ClockWentBack, Ledger, SeqJumped, SeqReused};
        use $crate::count_flags::{corrected_beyond, pattern};
        use $crate::schema::device_commands;

        let wanted = $wanted.as_slice();
        let beyond = corrected_beyond(wanted);
        let of_command = device_commands::table
            .filter(device_commands::command_id.eq(counts::id))
            .filter(device_commands::account_id.eq(counts::account_id))
            .filter(device_commands::device.nullable().eq(counts::device))
            .filter(device_commands::seq.nullable().eq(counts::seq))
            .filter(
                device_commands::flags
                    .like(pattern(wanted, ClockWentBack))
                    .or(device_commands::flags.like(pattern(wanted, SeqReused)))
                    .or(device_commands::flags.like(pattern(wanted, SeqJumped))),
            );
        counts::flags
            .like(pattern(wanted, CatalogueUnknown))
            .or(counts::flags.like(pattern(wanted, Ledger)))
            .or(counts::clock_offset_us.gt(beyond).assume_not_null())
            .or(counts::clock_offset_us.lt(-beyond).assume_not_null())
            .or(diesel::dsl::exists(of_command))
    }};
}
pub(super) use has_flag;
