//! Reading the things that a page of the audit is about, by change sets and ids: as much as the page holds.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::connection::AnyConnection;
use super::schema::{
    adoptions, count_lines, counts, declared_targets, draft_versions, exemption_ends, exemptions, quarantine,
    quarantine_decisions, revisions, rule_versions, standard_versions, voids,
};
use super::sql_types::Day;
use base::error::Error;
use base::id::{AccountId, ChangeSetId, CountId, DepotId, ExemptionId, OrganizationId, QuarantineId};
use chrono::NaiveDate;
use domain::draft::{DraftFate, StandardText};
use domain::quarantine::Decision;
use domain::revision::Revision;

/// A reason: the change set that gave it, the key of the thing, the first day, and the words.
pub type Reason = (ChangeSetId, String, NaiveDate, String);

/// Reads the reasons that some change sets gave for rows of a table with one key.
macro_rules! reasons {
    ($name:ident, $table:ident, $key:ident, $what:literal) => {
        #[doc = concat!("The reasons that some change sets gave for ", $what, ".")]
        pub fn $name(connection: &mut AnyConnection, change_sets: &[ChangeSetId]) -> QueryResult<Vec<Reason>> {
            let rows: Vec<(ChangeSetId, String, Day, Option<String>)> = $table::table
                .filter($table::change_set.eq_any(change_sets.to_vec()))
                .filter($table::reason.is_not_null())
                .select(($table::change_set, $table::$key, $table::valid_from, $table::reason))
                .load(connection)?;
            let reason = |(change_set, key, Day(day), reason)| Some((change_set, key, day, reason?));
            Ok(rows.into_iter().filter_map(reason).collect())
        }
    };
}

reasons!(reasons_of_standards, standard_versions, standard_code, "texts of standards");
reasons!(reasons_of_rules, rule_versions, rule_code, "texts of rules");
reasons!(reasons_of_adoptions, adoptions, standard_code, "adoptions, by standard");
reasons!(reasons_of_targets, declared_targets, rule_code, "declared targets, by rule");

/// An exemption as granted, or an early end of it.
#[derive(Clone, Debug)]
pub struct ExemptionStep {
    /// The change set.
    pub change_set: ChangeSetId,
    /// The organization.
    pub organization: OrganizationId,
    /// The rule.
    pub rule: String,
    /// The first day of the exemption, or the first on which the rule applies again.
    pub valid_from: NaiveDate,
    /// The last day, as granted.
    pub ends_on: NaiveDate,
    /// True for an early end.
    pub is_end: bool,
    /// The reason.
    pub reason: String,
}

/// The steps of some exemptions.
pub fn exemption_steps(
    connection: &mut AnyConnection,
    ids: &[ExemptionId],
) -> QueryResult<BTreeMap<ExemptionId, Vec<ExemptionStep>>> {
    type Grant = (ExemptionId, ChangeSetId, OrganizationId, String, Day, Day, String);
    let grants: Vec<Grant> = exemptions::table
        .filter(exemptions::id.eq_any(ids.to_vec()))
        .select((
            exemptions::id,
            exemptions::change_set,
            exemptions::organization_id,
            exemptions::rule_code,
            exemptions::valid_from,
            exemptions::ends_on,
            exemptions::reason,
        ))
        .load(connection)?;
    let ends: Vec<(ExemptionId, ChangeSetId, Day, String)> = exemption_ends::table
        .filter(exemption_ends::exemption_id.eq_any(ids.to_vec()))
        .select((
            exemption_ends::exemption_id,
            exemption_ends::change_set,
            exemption_ends::valid_from,
            exemption_ends::reason,
        ))
        .load(connection)?;
    let mut steps = BTreeMap::<ExemptionId, Vec<ExemptionStep>>::new();
    for (id, change_set, organization, rule, Day(valid_from), Day(ends_on), reason) in grants {
        let step = ExemptionStep { change_set, organization, rule, valid_from, ends_on, is_end: false, reason };
        steps.entry(id).or_default().push(step);
    }
    for (id, change_set, Day(valid_from), reason) in ends {
        let steps = steps.entry(id).or_default();
        let Some(granted) = steps.first().cloned() else { continue };
        steps.push(ExemptionStep { change_set, valid_from, reason, is_end: true, ..granted });
    }
    Ok(steps)
}

/// A quarantined command without its content.
#[derive(Clone, Debug)]
pub struct QuarantineStep {
    /// The change set that added it.
    pub change_set: ChangeSetId,
    /// The account that sent it.
    pub account: AccountId,
    /// Its organization, where it is known.
    pub organization: Option<OrganizationId>,
    /// Its type.
    pub kind: String,
    /// The reason why it was not applied.
    pub code: String,
    /// The decision about it: its change set, the outcome, the reason and the count that it became.
    pub decision: Option<(ChangeSetId, Decision, String, Option<CountId>)>,
}

/// Some quarantined commands.
pub fn quarantine_steps(
    connection: &mut AnyConnection,
    ids: &[QuarantineId],
) -> QueryResult<BTreeMap<QuarantineId, QuarantineStep>> {
    type Row = (QuarantineId, ChangeSetId, AccountId, Option<OrganizationId>, String, String);
    let rows: Vec<Row> = quarantine::table
        .filter(quarantine::id.eq_any(ids.to_vec()))
        .select((
            quarantine::id,
            quarantine::change_set,
            quarantine::account_id,
            quarantine::organization_id,
            quarantine::kind,
            quarantine::code,
        ))
        .load(connection)?;
    type DecisionRow = (QuarantineId, ChangeSetId, Decision, String, Option<CountId>);
    let decisions: Vec<DecisionRow> = quarantine_decisions::table
        .filter(quarantine_decisions::quarantine_id.eq_any(ids.to_vec()))
        .select((
            quarantine_decisions::quarantine_id,
            quarantine_decisions::change_set,
            quarantine_decisions::decision,
            quarantine_decisions::reason,
            quarantine_decisions::count_id,
        ))
        .load(connection)?;
    let mut steps: BTreeMap<QuarantineId, QuarantineStep> = rows
        .into_iter()
        .map(|(id, change_set, account, organization, kind, code)| {
            (id, QuarantineStep { change_set, account, organization, kind, code, decision: None })
        })
        .collect();
    for (id, change_set, decision, reason, count) in decisions {
        if let Some(step) = steps.get_mut(&id) {
            step.decision = Some((change_set, decision, reason, count));
        }
    }
    Ok(steps)
}

/// The number of lines of some counts.
pub fn numbers_of_lines(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<BTreeMap<CountId, i64>> {
    let rows: Vec<(CountId, i64)> = count_lines::table
        .filter(count_lines::count_id.eq_any(ids.to_vec()))
        .group_by(count_lines::count_id)
        .select((count_lines::count_id, diesel::dsl::count_star()))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// The reasons for voiding some counts.
pub fn void_reasons(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<BTreeMap<CountId, String>> {
    let rows: Vec<(CountId, String)> = voids::table
        .filter(voids::count_id.eq_any(ids.to_vec()))
        .select((voids::count_id, voids::reason))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// The depots of some counts.
pub fn depots_of(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<Vec<(CountId, DepotId)>> {
    counts::table.filter(counts::id.eq_any(ids.to_vec())).select((counts::id, counts::depot_id)).load(connection)
}

/// Reads the lengths of the texts that some change sets wrote, from a table with one key.
macro_rules! lengths {
    ($name:ident, $table:ident, $key:ident, $what:literal) => {
        #[doc = concat!("The lengths of the ", $what, " that some change sets wrote, in characters.")]
        pub fn $name(
            connection: &mut AnyConnection,
            change_sets: &[ChangeSetId],
        ) -> QueryResult<BTreeMap<(ChangeSetId, String), i64>> {
            let rows: Vec<(ChangeSetId, String, i64)> = $table::table
                .filter($table::change_set.eq_any(change_sets.to_vec()))
                .select((
                    $table::change_set,
                    $table::$key,
                    diesel::dsl::sql::<BigInt>("CAST(coalesce(length(document), 0) AS BIGINT)"),
                ))
                .load(connection)?;
            let mut lengths = BTreeMap::<(ChangeSetId, String), i64>::new();
            for (change_set, code, length) in rows {
                let total = lengths.entry((change_set, code)).or_default();
                *total = total.saturating_add(length);
            }
            Ok(lengths)
        }
    };
}

lengths!(lengths_of_drafts, draft_versions, standard_code, "drafts");
lengths!(lengths_of_rules, rule_versions, rule_code, "texts of rules");

/// A step of a draft.
#[derive(Clone, Debug)]
pub struct DraftStep {
    /// The outcome.
    pub fate: DraftFate,
    /// Its text.
    pub text: StandardText,
    /// The day from which it was published.
    pub valid_from: Option<NaiveDate>,
    /// The reason, where it was published as a correction.
    pub reason: Option<String>,
}

/// The last two steps of a standard's draft by a revision, the later one first.
pub fn draft_steps(
    connection: &mut AnyConnection,
    standard: &str,
    revision: Revision,
) -> Result<Vec<DraftStep>, Error> {
    let rows: Vec<(DraftFate, String, Option<Day>, Option<String>)> = draft_versions::table
        .inner_join(revisions::table.on(revisions::change_set.eq(draft_versions::change_set)))
        .filter(draft_versions::standard_code.eq(standard))
        .filter(revisions::revision.le(revision))
        .order(revisions::revision.desc())
        .limit(2)
        .select((draft_versions::fate, draft_versions::document, draft_versions::valid_from, draft_versions::reason))
        .load(connection)?;
    rows.into_iter()
        .map(|(fate, document, valid_from, reason)| {
            let text = serde_json::from_str(&document)
                .map_err(|error| Error::internal("a stored draft cannot be read", error))?;
            Ok(DraftStep { fate, text, valid_from: valid_from.map(|Day(day)| day), reason })
        })
        .collect()
}
