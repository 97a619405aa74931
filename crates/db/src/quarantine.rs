//! Quarantined commands, and officers' decisions on them.

use std::collections::BTreeMap;

use diesel::dsl::{count_star, exists, not, sum};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::history::recorded_after;
use super::schema::{quarantine, quarantine_decisions, revisions};
use super::sql_types::Instant;
use super::write::Change;
use base::id::{AccountId, ChangeSetId, CommandId, CountId, OrganizationId, QuarantineId};
use domain::account::Role;
use domain::quarantine::{Decision, QuarantineStatus};
use domain::revision::Revision;

/// A quarantined command as stored, without its content: many contents together are large.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = quarantine, treat_none_as_default_value = false)]
pub struct QuarantineRow {
    /// Its id in quarantine, derived from command and content.
    pub id: QuarantineId,
    /// The command's id.
    pub command_id: CommandId,
    /// SHA-256 of the RFC 8785 form of the content, or of its bytes where it has none.
    pub sha256: String,
    /// The change set that added it.
    pub change_set: ChangeSetId,
    /// The account that sent it.
    pub account_id: AccountId,
    /// The organization of its depot, or else of its sender; `None` if neither is known.
    pub organization_id: Option<OrganizationId>,
    /// The sender's role when it arrived.
    pub sender_role: Role,
    /// Its type.
    pub kind: String,
    /// The receipt sent with it.
    pub receipt: Option<String>,
    /// The device it came from.
    pub device: String,
    /// The device's sequence number.
    pub seq: Option<i64>,
    /// The time the device sent it, by its own clock.
    pub sent_at: Option<Instant>,
    /// The lag of the device's clock at sending, in microseconds.
    pub clock_offset_us: Option<i64>,
    /// The time the server received it.
    pub received_at: Instant,
    /// The effective time of its observation; fixed at that receipt.
    pub effective_at: Instant,
    /// True if its sender could no longer sign in.
    pub deposited: bool,
    /// The reason why it was not applied, as a stable snake_case word.
    pub code: String,
    /// The reason why it was not applied: a [`CommandRefusal`](domain::quarantine::CommandRefusal) as JSON.
    pub problem: String,
}

/// An officer's decision as stored.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = quarantine_decisions, treat_none_as_default_value = false)]
pub struct DecisionRow {
    /// The quarantined command.
    pub quarantine_id: QuarantineId,
    /// The change set that added it.
    pub change_set: ChangeSetId,
    /// The officer.
    pub account_id: AccountId,
    /// The organization whose chain holds the decision; `None` if the command's is unknown.
    pub organization_id: Option<OrganizationId>,
    /// The time.
    pub decided_at: Instant,
    /// The decision.
    pub decision: Decision,
    /// The reason.
    pub reason: String,
    /// The resulting count.
    pub count_id: Option<CountId>,
    /// The body of the decision as it was sent.
    pub body: Vec<u8>,
    /// SHA-256 of its RFC 8785 form.
    pub body_sha256: String,
}

/// A quarantined command with its decision.
#[derive(Clone, Debug)]
pub struct Quarantined {
    /// The command.
    pub row: QuarantineRow,
    /// The revision that added it.
    pub revision: Revision,
    /// The decision, if there is one.
    pub decision: Option<DecisionRow>,
}

/// The selection of commands to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Commands of these organizations.
    pub organizations: Vec<OrganizationId>,
    /// Commands of these accounts, too.
    pub accounts: Vec<AccountId>,
    /// Commands with these statuses; with any if empty.
    pub statuses: Vec<QuarantineStatus>,
    /// Commands recorded or decided on after this revision.
    pub changed_after: Option<Revision>,
    /// Commands after this position in the list.
    pub after: Option<(Revision, QuarantineId)>,
}

impl Quarantined {
    /// The status of the command.
    pub fn status(&self) -> QuarantineStatus {
        self.decision.as_ref().map(|decision| decision.decision).into()
    }
}

/// The columns of a [`QuarantineRow`], in its order.
macro_rules! columns {
    () => {{
        use super::schema::quarantine::dsl;

        (
            dsl::id,
            dsl::command_id,
            dsl::sha256,
            dsl::change_set,
            dsl::account_id,
            dsl::organization_id,
            dsl::sender_role,
            dsl::kind,
            dsl::receipt,
            dsl::device,
            dsl::seq,
            dsl::sent_at,
            dsl::clock_offset_us,
            dsl::received_at,
            dsl::effective_at,
            dsl::deposited,
            dsl::code,
            dsl::problem,
        )
    }};
}

/// Adds a command with its content, as sent. The change records it.
pub fn insert(change: &mut Change<'_>, row: &QuarantineRow, body: &[u8]) -> QueryResult<()> {
    let values = (row, quarantine::body.eq(body.to_vec()));
    diesel::insert_into(quarantine::table).values(values).execute(change.connection)?;
    Ok(())
}

/// The contents of commands, as sent; unknown ids are skipped. Reads within the writing transaction.
pub fn bodies(connection: &mut AnyConnection, ids: &[QuarantineId]) -> QueryResult<BTreeMap<QuarantineId, Vec<u8>>> {
    let rows: Vec<(QuarantineId, Vec<u8>)> = quarantine::table
        .filter(quarantine::id.eq_any(ids.to_vec()))
        .select((quarantine::id, quarantine::body))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// Adds a decision. The change records it.
pub fn insert_decision(change: &mut Change<'_>, row: &DecisionRow) -> QueryResult<()> {
    diesel::insert_into(quarantine_decisions::table).values(row).execute(change.connection)?;
    Ok(())
}

/// Finds a command by its id.
pub fn find(connection: &mut AnyConnection, id: QuarantineId) -> QueryResult<Option<Quarantined>> {
    Ok(find_some(connection, &[id])?.pop())
}

/// Finds commands by their ids; unknown ids are skipped.
pub fn find_some(connection: &mut AnyConnection, ids: &[QuarantineId]) -> QueryResult<Vec<Quarantined>> {
    let rows = quarantine::table
        .filter(quarantine::id.eq_any(ids.to_vec()))
        .inner_join(revisions::table.on(revisions::change_set.eq(quarantine::change_set)))
        .select((columns!(), revisions::revision))
        .load(connection)?;
    with_decisions(connection, rows, Revision::LATEST)
}

/// Finds a command by its id within the writing transaction, including a command that the same transaction added, which
/// has no revision yet.
pub fn find_unnumbered(
    connection: &mut AnyConnection,
    id: QuarantineId,
) -> QueryResult<Option<(QuarantineRow, Option<DecisionRow>)>> {
    let row: Option<QuarantineRow> =
        quarantine::table.filter(quarantine::id.eq(id)).select(columns!()).first(connection).optional()?;
    let Some(row) = row else { return Ok(None) };
    let decision = quarantine_decisions::table
        .filter(quarantine_decisions::quarantine_id.eq(id))
        .select(quarantine_decisions::all_columns)
        .first(connection)
        .optional()?;
    Ok(Some((row, decision)))
}

/// The rows that still wait of a command in quarantine, or of one that is in quarantine under that id, from an account. Reads
/// within the writing transaction.
pub fn waiting_of(
    connection: &mut AnyConnection,
    account: AccountId,
    command: CommandId,
) -> QueryResult<Vec<QuarantineRow>> {
    let decided = quarantine_decisions::table.filter(quarantine_decisions::quarantine_id.eq(quarantine::id));
    quarantine::table
        .filter(quarantine::account_id.eq(account))
        .filter(quarantine::command_id.eq(command).or(quarantine::id.eq(QuarantineId(command.0))))
        .filter(not(exists(decided)))
        .order(quarantine::id)
        .select(columns!())
        .load(connection)
}

/// The effective times that were fixed when some commands came; unknown ids are skipped. Reads within the writing
/// transaction.
pub fn effective_times(
    connection: &mut AnyConnection,
    ids: &[QuarantineId],
) -> QueryResult<BTreeMap<QuarantineId, Instant>> {
    let rows: Vec<(QuarantineId, Instant)> = quarantine::table
        .filter(quarantine::id.eq_any(ids.to_vec()))
        .select((quarantine::id, quarantine::effective_at))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// The present state of a quarantined command, for its sender.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its id in quarantine.
    pub id: QuarantineId,
    /// The command's id.
    pub command_id: CommandId,
    /// SHA-256 of its content.
    pub sha256: String,
    /// The reason why it was not applied.
    pub code: String,
    /// The decision: time, outcome, reason and resulting count.
    pub decision: Option<KeptDecision>,
}

/// A decision as its sender sees it.
#[derive(Clone, Debug, Queryable)]
pub struct KeptDecision {
    /// The time.
    pub decided_at: Instant,
    /// The outcome.
    pub decision: Decision,
    /// The reason.
    pub reason: String,
    /// The resulting count.
    pub count_id: Option<CountId>,
}

/// The commands of an account as of a revision, without their content, because there may be many.
pub fn list_of(connection: &mut AnyConnection, account: AccountId, revision: Revision) -> QueryResult<Vec<Kept>> {
    let rows: Vec<(QuarantineId, CommandId, String, String)> = super::history::as_learnt_by!(quarantine, revision)
        .filter(quarantine::account_id.eq(account))
        .select((quarantine::id, quarantine::command_id, quarantine::sha256, quarantine::code))
        .load(connection)?;
    let own = quarantine::table.filter(quarantine::account_id.eq(account)).select(quarantine::id);
    let decisions: Vec<(QuarantineId, KeptDecision)> = super::history::as_learnt_by!(quarantine_decisions, revision)
        .filter(quarantine_decisions::quarantine_id.eq_any(own))
        .select((
            quarantine_decisions::quarantine_id,
            (
                quarantine_decisions::decided_at,
                quarantine_decisions::decision,
                quarantine_decisions::reason,
                quarantine_decisions::count_id,
            ),
        ))
        .load(connection)?;
    let mut decisions: BTreeMap<QuarantineId, KeptDecision> = decisions.into_iter().collect();
    Ok(rows
        .into_iter()
        .map(|(id, command_id, sha256, code)| Kept { id, command_id, sha256, code, decision: decisions.remove(&id) })
        .collect())
}

/// The sum of some waiting commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Their number.
    pub commands: i64,
    /// The bytes of their contents, and of what is wrong with them.
    pub bytes: i64,
}

/// The waiting commands of an account, or of all accounts; only the deposited ones if asked for.
pub fn waiting(connection: &mut AnyConnection, account: Option<AccountId>, only_deposited: bool) -> QueryResult<Held> {
    let decided = quarantine_decisions::table.filter(quarantine_decisions::quarantine_id.eq(quarantine::id));
    let mut query = quarantine::table
        .filter(not(exists(decided)))
        .select((
            count_star(),
            sum(bytes_of::octet_length(quarantine::body)),
            sum(characters_of::octet_length(quarantine::problem)),
        ))
        .into_boxed();
    if let Some(account) = account {
        query = query.filter(quarantine::account_id.eq(account));
    }
    if only_deposited {
        query = query.filter(quarantine::deposited);
    }
    let (commands, bodies, problems): (i64, Option<i64>, Option<i64>) = query.first(connection)?;
    Ok(Held { commands, bytes: bodies.unwrap_or(0).saturating_add(problems.unwrap_or(0)) })
}

/// The number of commands that wait for a decision, of all accounts: each has one decision at most.
pub fn number_waiting(connection: &mut AnyConnection) -> QueryResult<i64> {
    let kept: i64 = quarantine::table.select(count_star()).first(connection)?;
    let decided: i64 = quarantine_decisions::table.select(count_star()).first(connection)?;
    Ok(kept - decided)
}

pub(super) mod bytes_of {
    diesel::define_sql_function! {
        /// The length of some bytes.
        fn octet_length(bytes: diesel::sql_types::Binary) -> diesel::sql_types::Integer;
    }
}

mod characters_of {
    diesel::define_sql_function! {
        /// The length of a text, in bytes.
        fn octet_length(text: diesel::sql_types::Text) -> diesel::sql_types::Integer;
    }
}

/// The commands, latest first; at most `limit`.
pub fn list(connection: &mut AnyConnection, filter: &Filter, limit: usize) -> QueryResult<Vec<Quarantined>> {
    let of_organizations: Vec<Option<OrganizationId>> = filter.organizations.iter().copied().map(Some).collect();
    let decided = quarantine_decisions::table.filter(quarantine_decisions::quarantine_id.eq(quarantine::id));
    let mut query = quarantine::table
        .inner_join(revisions::table.on(revisions::change_set.eq(quarantine::change_set)))
        .filter(
            quarantine::organization_id
                .eq_any(of_organizations)
                .assume_not_null()
                .or(quarantine::account_id.eq_any(filter.accounts.clone())),
        )
        .order((revisions::revision.desc(), quarantine::id.desc()))
        .select((columns!(), revisions::revision))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .into_boxed();
    let decisions: Vec<Decision> = filter.statuses.iter().filter_map(|status| status.decision()).collect();
    let with_one = decided.filter(quarantine_decisions::decision.eq_any(decisions.clone()));
    query = match (filter.statuses.contains(&QuarantineStatus::Waiting), decisions.is_empty()) {
        (false, true) => query,
        (true, true) => query.filter(not(exists(decided))),
        (false, false) => query.filter(exists(with_one)),
        (true, false) => query.filter(not(exists(decided)).or(exists(with_one))),
    };
    if let Some(after) = filter.changed_after {
        let decided = quarantine_decisions::table
            .filter(quarantine_decisions::change_set.eq_any(recorded_after!(after)))
            .select(quarantine_decisions::quarantine_id);
        query = query.filter(quarantine::change_set.eq_any(recorded_after!(after)).or(quarantine::id.eq_any(decided)));
    }
    if let Some((revision, id)) = filter.after {
        query = query
            .filter(revisions::revision.lt(revision).or(revisions::revision.eq(revision).and(quarantine::id.lt(id))));
    }
    let rows = query.load(connection)?;
    with_decisions(connection, rows, Revision::LATEST)
}

/// The decisions in an organization's chain.
pub fn decisions_of(connection: &mut AnyConnection, organization: OrganizationId) -> QueryResult<Vec<QuarantineId>> {
    quarantine_decisions::table
        .filter(quarantine_decisions::organization_id.eq(organization))
        .select(quarantine_decisions::quarantine_id)
        .load(connection)
}

fn with_decisions(
    connection: &mut AnyConnection,
    rows: Vec<(QuarantineRow, Revision)>,
    revision: Revision,
) -> QueryResult<Vec<Quarantined>> {
    let ids: Vec<QuarantineId> = rows.iter().map(|(row, _)| row.id).collect();
    let decisions: Vec<DecisionRow> = super::history::as_learnt_by!(quarantine_decisions, revision)
        .filter(quarantine_decisions::quarantine_id.eq_any(ids))
        .select(quarantine_decisions::all_columns)
        .load(connection)?;
    let mut decisions: BTreeMap<QuarantineId, DecisionRow> =
        decisions.into_iter().map(|decision| (decision.quarantine_id, decision)).collect();
    Ok(rows
        .into_iter()
        .map(|(row, revision)| Quarantined { decision: decisions.remove(&row.id), row, revision })
        .collect())
}
