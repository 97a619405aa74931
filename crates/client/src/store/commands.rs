//! Commands: queued, sent, and moved as the service's answer says. Each function is part of a transaction.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use serde::Serialize;
use uuid::Uuid;

use super::rows::{AcknowledgedRow, QuarantinedRow, QueueRow};
use super::schema::{acknowledged, quarantined, queue};
use super::settings;
use crate::Queued;
use crate::codes;
use crate::error::PhoneError;
use crate::receipts::received_at;
use crate::report::{Acknowledged, QuarantineState, Quarantined, Waiting, WaitingState};
use crate::wire::{Decision, Problem};

/// The table that holds a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueuePosition {
    /// Waiting.
    Queue,
    /// Accepted.
    Acknowledged,
    /// Not accepted.
    Quarantined,
}

/// A command to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Its id.
    pub id: Uuid,
    /// Its sequence number.
    pub seq: i64,
    /// Its type.
    pub kind: String,
    /// Its bytes.
    pub body: Vec<u8>,
    /// Its receipt, if it was accepted before.
    pub receipt: Option<String>,
    /// The id under which it is sent: another than its own where an officer applied it as another count.
    pub sent_as: Uuid,
    /// The table that holds it.
    pub place: QueuePosition,
}

/// The selection of commands to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// All that wait, and those to be pushed again after a restore.
    All,
    /// Those the service does not have yet, for a phone whose session has ended.
    Deposit,
    /// Those the service refused before, one at a time.
    Held,
}

/// Stores a command with the next sequence number. A repeat is the same command; other content under its id is refused.
pub fn insert(
    connection: &mut SqliteConnection,
    id: Uuid,
    kind: &str,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<Queued, PhoneError> {
    if let Some((seq, known_kind, known_body)) = find(connection, id)? {
        let is_same = known_kind == kind && known_body == body;
        return if is_same { Ok(Queued { id, seq, is_new: false }) } else { Err(PhoneError::IdReused(id)) };
    }
    let seq = settings::take_seq(connection)?;
    let row = (
        queue::id.eq(id.to_string()),
        queue::seq.eq(seq),
        queue::kind.eq(kind),
        queue::body.eq(body),
        queue::created_at.eq(now.timestamp_micros()),
    );
    diesel::insert_into(queue::table).values(row).execute(connection)?;
    Ok(Queued { id, seq, is_new: true })
}

/// The sequence number and the content of a command, in any table.
fn find(connection: &mut SqliteConnection, id: Uuid) -> Result<Option<(i64, String, Vec<u8>)>, PhoneError> {
    let id = id.to_string();
    macro_rules! look {
        ($($table:ident),*) => {$(
            let columns = ($table::seq, $table::kind, $table::body);
            if let Some(found) = $table::table.find(&id).select(columns).first(connection).optional()? {
                return Ok(Some(found));
            }
        )*};
    }
    look!(queue, acknowledged, quarantined);
    Ok(None)
}

/// The commands to send after a sequence number, oldest first, up to a number and a size, but at least one.
pub fn next(
    connection: &mut SqliteConnection,
    turn: Turn,
    after: i64,
    most: usize,
    bytes: usize,
) -> Result<Vec<Outgoing>, PhoneError> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let states: &[&str] = match turn {
        Turn::All => &[WaitingState::Waiting.into(), WaitingState::AwaitsSignIn.into()],
        Turn::Deposit => &[WaitingState::Waiting.into()],
        Turn::Held => &[WaitingState::Held.into()],
    };
    let waiting = queue::table.filter(queue::seq.gt(after)).filter(queue::state.eq_any(states));
    let rows: Vec<QueueRow> = waiting.order(queue::seq).limit(limit).select(QueueRow::as_select()).load(connection)?;
    let mut all = Vec::new();
    for row in rows {
        let Waiting { id, seq, kind, body, .. } = row.try_into()?;
        all.push(Outgoing { id, seq, kind, body, receipt: None, sent_as: id, place: QueuePosition::Queue });
    }
    if turn == Turn::All {
        all.extend(to_repeat(connection, after, limit)?);
        all.sort_by_key(|command| command.seq);
    }
    let mut room = bytes;
    let fits = |(number, command): &(usize, Outgoing)| {
        let fits = *number == 0 || command.body.len() <= room;
        room = room.saturating_sub(command.body.len());
        fits
    };
    Ok(all.into_iter().take(most).enumerate().take_while(fits).map(|(_, command)| command).collect())
}

fn to_repeat(connection: &mut SqliteConnection, after: i64, limit: i64) -> Result<Vec<Outgoing>, PhoneError> {
    let again = acknowledged::table.filter(acknowledged::is_to_repeat).filter(acknowledged::seq.gt(after));
    let rows: Vec<AcknowledgedRow> =
        again.order(acknowledged::seq).limit(limit).select(AcknowledgedRow::as_select()).load(connection)?;
    let mut all = Vec::new();
    for row in rows {
        let Acknowledged { id, seq, kind, body, receipt, count_id, applied_body, .. } = row.try_into()?;
        // A corrected command whose content is not known here is sent with its receipt all the same: the officer needs it to
        // decide once more.
        let (body, sent_as) = applied_body.map_or((body, id), |applied| (applied, count_id));
        let (receipt, place) = (Some(receipt), QueuePosition::Acknowledged);
        all.push(Outgoing { id, seq, kind, body, receipt, sent_as, place });
    }
    let again = quarantined::table.filter(quarantined::is_to_repeat).filter(quarantined::seq.gt(after));
    let rows: Vec<QuarantinedRow> =
        again.order(quarantined::seq).limit(limit).select(QuarantinedRow::as_select()).load(connection)?;
    for row in rows {
        let Quarantined { id, seq, kind, body, .. } = row.try_into()?;
        all.push(Outgoing { id, seq, kind, body, receipt: None, sent_as: id, place: QueuePosition::Quarantined });
    }
    Ok(all)
}

/// Counts another attempt for each command sent.
pub fn note_attempts(connection: &mut SqliteConnection, sent: &[Outgoing]) -> Result<(), PhoneError> {
    let ids = sent.iter().map(|command| command.id.to_string());
    diesel::update(queue::table.filter(queue::id.eq_any(ids)))
        .set(queue::attempts.eq(queue::attempts + 1))
        .execute(connection)?;
    Ok(())
}

/// The number of commands that the phone has to send.
pub fn count_waiting(connection: &mut SqliteConnection) -> Result<i64, PhoneError> {
    let waiting: i64 = queue::table.count().get_result(connection)?;
    let accepted: i64 = acknowledged::table.filter(acknowledged::is_to_repeat).count().get_result(connection)?;
    let others: i64 = quarantined::table.filter(quarantined::is_to_repeat).count().get_result(connection)?;
    Ok(waiting + accepted + others)
}

/// Moves a command out of the queue or quarantine and keeps it with its receipt; one accepted before keeps its receipt
/// and need not be repeated any more.
pub fn acknowledge(
    connection: &mut SqliteConnection,
    command: &Outgoing,
    receipt: &str,
    count_id: Uuid,
    is_own_content: bool,
    now: DateTime<Utc>,
) -> Result<(), PhoneError> {
    let id = command.id.to_string();
    if command.place == QueuePosition::Acknowledged {
        let settled = (acknowledged::is_to_repeat.eq(false), acknowledged::problem.eq(None::<String>));
        diesel::update(acknowledged::table.find(&id)).set(settled).execute(connection)?;
        return Ok(());
    }
    // Another process may have received the same answer in the meantime.
    if remove(connection, command)? {
        let row = (
            acknowledged::id.eq(&id),
            acknowledged::seq.eq(command.seq),
            acknowledged::kind.eq(&command.kind),
            acknowledged::body.eq(&command.body),
            acknowledged::receipt.eq(receipt),
            acknowledged::is_own_content.eq(is_own_content),
            acknowledged::count_id.eq(count_id.to_string()),
            acknowledged::acknowledged_at.eq(now.timestamp_micros()),
        );
        diesel::insert_into(acknowledged::table).values(row).execute(connection)?;
    }
    Ok(())
}

fn remove(connection: &mut SqliteConnection, command: &Outgoing) -> Result<bool, PhoneError> {
    let id = command.id.to_string();
    let removed = match command.place {
        QueuePosition::Queue => diesel::delete(queue::table.find(id)).execute(connection)?,
        QueuePosition::Acknowledged => diesel::delete(acknowledged::table.find(id)).execute(connection)?,
        QueuePosition::Quarantined => diesel::delete(quarantined::table.find(id)).execute(connection)?,
    };
    Ok(removed == 1)
}

/// Moves a command out of the queue to those not accepted. One accepted before stays with its receipt, and gets a note.
pub fn quarantine(
    connection: &mut SqliteConnection,
    command: &Outgoing,
    state: QuarantineState,
    problem: Option<&Problem>,
    decision: Option<&Decision>,
    now: DateTime<Utc>,
) -> Result<(), PhoneError> {
    let (id, state) = (command.id.to_string(), <&str>::from(state));
    let (problem, decision) = (text_of(problem)?, text_of(decision)?);
    match command.place {
        QueuePosition::Acknowledged => {
            let noted = (acknowledged::is_to_repeat.eq(false), acknowledged::problem.eq(problem));
            diesel::update(acknowledged::table.find(id)).set(noted).execute(connection)?;
        }
        QueuePosition::Quarantined => {
            let noted = (
                quarantined::is_to_repeat.eq(false),
                quarantined::state.eq(state),
                quarantined::problem.eq(problem),
                quarantined::decision.eq(decision),
            );
            diesel::update(quarantined::table.find(id)).set(noted).execute(connection)?;
        }
        QueuePosition::Queue => {
            if remove(connection, command)? {
                let row = (
                    quarantined::id.eq(id),
                    quarantined::seq.eq(command.seq),
                    quarantined::kind.eq(&command.kind),
                    quarantined::body.eq(&command.body),
                    quarantined::state.eq(state),
                    quarantined::problem.eq(problem),
                    quarantined::decision.eq(decision),
                    quarantined::quarantined_at.eq(now.timestamp_micros()),
                );
                diesel::insert_into(quarantined::table).values(row).execute(connection)?;
            }
        }
    }
    Ok(())
}

/// Notes why a command stays in the queue, and how it is sent from now on.
pub fn keep(
    connection: &mut SqliteConnection,
    command: &Outgoing,
    state: WaitingState,
    problem: &Problem,
) -> Result<(), PhoneError> {
    if command.place == QueuePosition::Queue {
        let noted = (queue::state.eq(<&str>::from(state)), queue::problem.eq(text_of(Some(problem))?));
        diesel::update(queue::table.find(command.id.to_string())).set(noted).execute(connection)?;
    }
    Ok(())
}

/// Keeps the content that an officer applied in place of a command's own.
pub fn keep_applied(connection: &mut SqliteConnection, id: Uuid, applied: &[u8]) -> Result<(), PhoneError> {
    let corrected = acknowledged::table.find(id.to_string()).filter(acknowledged::is_own_content.eq(false));
    diesel::update(corrected.filter(acknowledged::applied_body.is_null()))
        .set(acknowledged::applied_body.eq(applied))
        .execute(connection)?;
    Ok(())
}

/// Marks everything that the service once confirmed to be pushed again. It took what it rejected for no command.
pub fn repeat_all(connection: &mut SqliteConnection) -> Result<(), PhoneError> {
    diesel::update(acknowledged::table).set(acknowledged::is_to_repeat.eq(true)).execute(connection)?;
    let ours = quarantined::table.filter(quarantined::state.ne(<&str>::from(QuarantineState::Rejected)));
    diesel::update(ours).set(quarantined::is_to_repeat.eq(true)).execute(connection)?;
    Ok(())
}

/// Marks what was only deposited to be pushed again: the service applies it for an account that is signed in. So it does with
/// what it had accepted before a restore and kept since, as while the account was closed: the receipt proves it.
pub fn repeat_deposited(connection: &mut SqliteConnection) -> Result<(), PhoneError> {
    diesel::update(acknowledged::table.filter(acknowledged::problem.is_not_null()))
        .set(acknowledged::is_to_repeat.eq(true))
        .execute(connection)?;
    for command in list_quarantined(connection)? {
        let is_lapsed = command.problem.is_some_and(|problem| codes::LAPSED_SESSION.contains(&problem.code.as_str()));
        if command.state == QuarantineState::Undecided && is_lapsed {
            diesel::update(quarantined::table.find(command.id.to_string()))
                .set(quarantined::is_to_repeat.eq(true))
                .execute(connection)?;
        }
    }
    Ok(())
}

/// Drops commands accepted before an instant, unless they wait to be pushed again. The receipt tells that time, because
/// the phone's clock may have been wrong by a year then.
pub fn drop_acknowledged_before(connection: &mut SqliteConnection, instant: DateTime<Utc>) -> Result<(), PhoneError> {
    let old: Vec<(String, String)> = acknowledged::table
        .filter(acknowledged::acknowledged_at.lt(instant.timestamp_micros()))
        .filter(acknowledged::is_to_repeat.eq(false))
        .select((acknowledged::id, acknowledged::receipt))
        .load(connection)?;
    for (id, receipt) in old {
        if received_at(&receipt).is_none_or(|received_at| received_at < instant) {
            diesel::delete(acknowledged::table.filter(acknowledged::id.eq(id))).execute(connection)?;
        }
    }
    Ok(())
}

/// The waiting commands, oldest first.
pub fn list_waiting(connection: &mut SqliteConnection) -> Result<Vec<Waiting>, PhoneError> {
    let rows: Vec<QueueRow> = queue::table.order(queue::seq).select(QueueRow::as_select()).load(connection)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The accepted commands, oldest first.
pub fn list_acknowledged(connection: &mut SqliteConnection) -> Result<Vec<Acknowledged>, PhoneError> {
    let rows: Vec<AcknowledgedRow> =
        acknowledged::table.order(acknowledged::seq).select(AcknowledgedRow::as_select()).load(connection)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The commands not accepted, oldest first.
pub fn list_quarantined(connection: &mut SqliteConnection) -> Result<Vec<Quarantined>, PhoneError> {
    let rows: Vec<QuarantinedRow> =
        quarantined::table.order(quarantined::seq).select(QuarantinedRow::as_select()).load(connection)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

fn text_of<T: Serialize>(note: Option<&T>) -> Result<Option<String>, PhoneError> {
    note.map(|note| serde_json::to_string(note).map_err(|error| PhoneError::Storage(error.to_string()))).transpose()
}
