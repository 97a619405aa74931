//! Ledgers as people keep them: every row becomes a line of a count, or is kept open with its words.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::json;

use super::plan::Plan;
use crate::ledger::{
    Counting, DepotNamed, LedgerOf, Matchers, Mode, Names, Verdict, candidates, content_of, key_of, line, merge,
    row_id, submit_all, touched, verdict,
};
use base::error::{Error, Fault};
use base::id::{CountId, DepotId, LedgerRowId, OrganizationId};
use base::quantity::Quantity;
use db::connection::AnyConnection;
use db::item_answers::ItemAnswer;
use db::ledger_rows::StoredRow;
use domain::change::PutOutcome;
use domain::item::ItemCode;
use domain::labels::Labelled as _;
use domain::ledger::{CountedRow, LedgerContent, LedgerDecision, LedgerRow, LedgerRowStatus, RowArrival, WhyOpen};
use domain::matching::Candidate;
use domain::new_count::NewCountLine;
use domain::revision::in_force;
use tables::Placed;
use tables::fault::CellPlace;
use tables::form::Form;
use tables::forms;
use text::language::Language;
use text::messages::message;

/// The most questions that a report tells.
const QUESTIONS: usize = 500;

/// What an import made of the rows of ledgers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LedgerReport {
    /// Rows that are lines of counts.
    pub counted: usize,
    /// Rows that stay open.
    pub open: usize,
    /// Rows of no item of the catalogue, as was answered before.
    pub unlisted: usize,
    /// Counts that are written.
    pub counts: usize,
    /// The open rows: the first of them.
    pub questions: Vec<Question>,
}

impl LedgerReport {
    /// The report as JSON, with its words in a language.
    pub(super) fn json(&self, language: Language) -> serde_json::Value {
        let question = |question: &Question| {
            let near = |candidate: &Candidate| json!({ "item": candidate.item, "score": candidate.score });
            let candidates: Vec<serde_json::Value> = question.candidates.iter().map(near).collect();
            json!({
                "id": question.id,
                "pointer": question.place,
                "text": question.content.text,
                "why": question.why,
                "detail": question.why.label().text(language),
                "candidates": candidates,
            })
        };
        let questions: Vec<serde_json::Value> = self.questions.iter().map(question).collect();
        json!({
            "counted": self.counted, "open": self.open, "unlisted": self.unlisted, "counts": self.counts,
            "questions": questions,
        })
    }
}

/// An open row.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its id.
    pub id: LedgerRowId,
    /// Its place in the files, as a pointer.
    pub place: String,
    /// What it says.
    pub content: LedgerContent,
    /// The reason.
    pub why: WhyOpen,
    /// The nearest items, best first.
    pub candidates: Vec<Candidate>,
}

/// A row of a ledger whose organization and day are known.
struct Row<'t> {
    placed: &'t Placed<forms::LedgerRow>,
    id: LedgerRowId,
    content: LedgerContent,
    position: i64,
    /// The same row, if it came before.
    stored: Option<StoredRow>,
}

impl Row<'_> {
    fn status(&self) -> Option<LedgerRowStatus> {
        self.stored.as_ref().map(StoredRow::status)
    }
}

/// What a row is found to be.
enum Found {
    Line(ItemCode, Quantity),
    Open(WhyOpen, Vec<Candidate>),
}

/// The most times that a row may come back after it was replaced.
const COMEBACKS: usize = 20;

/// The rows of one organization, depot and day.
type Group = (OrganizationId, Option<DepotId>, NaiveDate);

impl Plan<'_> {
    /// Plans the rows of ledgers, with answers of the same import.
    pub(super) fn plan_ledger(
        &mut self,
        connection: &mut AnyConnection,
        rows: &[Placed<forms::LedgerRow>],
        given: Vec<ItemAnswer>,
    ) -> Result<(), Error> {
        let Some(first) = rows.first() else { return Ok(()) };
        if self.signing.is_none() {
            let detail = message!("ledger-author-missing");
            self.tell(first, &["name", "item"], Fault::new("", "author_missing", detail));
            return Ok(());
        }
        if self.changes_what_counts_name() {
            let fault = Fault::new("", "reference_data_first", message!("ledger-reference-first"));
            self.tell(first, &["name", "item"], fault);
            return Ok(());
        }
        if let Some(row) = rows.iter().find(|row| row.value.tells_people()) {
            self.warn(row.told(&["keeper", "phone"], "people_left_out", message!("ledger-people-left-out")));
        }
        let names = Names::of(&self.world, self.editor, self.today());
        let mut groups: BTreeMap<Group, Vec<(&Placed<forms::LedgerRow>, LedgerContent, i64)>> = BTreeMap::new();
        for (position, row) in (0_i64..).zip(rows) {
            if self.is_given_up() {
                return Ok(());
            }
            if let Some((group, content)) = self.placed_row(&names, row) {
                groups.entry(group).or_default().push((row, content, position));
            }
        }
        let (items, regions) = (self.world.reference_data.items.clone(), self.world.reference_data.regions.clone());
        let mut matchers = Matchers::new(&items, &regions, self.today()).with(given);
        let mut decided: BTreeMap<(DepotId, NaiveDate), Vec<NewCountLine>> = BTreeMap::new();
        // Those without a depot come first: a decision may have brought their rows into the counts of one.
        for (group, rows) in groups {
            if self.is_given_up() {
                return Ok(());
            }
            let rows = known_rows(connection, group, rows)?;
            self.plan_group(connection, &mut matchers, &mut decided, group, rows)?;
        }
        Ok(())
    }

    /// The organization, depot and day of a row, with its content; `None` after reporting a fault.
    fn placed_row(&mut self, names: &Names, row: &Placed<forms::LedgerRow>) -> Option<(Group, LedgerContent)> {
        let value = &row.value;
        let organization = self.organization_of(names, row);
        let day = value.counted_on.or(self.defaults.counted_on);
        match day {
            None => {
                let fault = Fault::new("/counted_on", "ledger_day_missing", message!("ledger-day-missing"));
                self.tell(row, &["counted_on", "name", "item"], fault);
            }
            Some(day) if day > self.today() => {
                let detail = message!("ledger-day-ahead", day = day.to_string());
                self.tell(row, &["counted_on", "name", "item"], Fault::new("/counted_on", "counted_ahead", detail));
            }
            Some(_) => {}
        }
        let (organization, day) = (organization?, day.filter(|day| *day <= self.today())?);
        let words = value.depot.as_deref().or(self.defaults.depot.as_deref());
        let named = names.depot(organization, words, day);
        if value.depot.is_none() && words.is_some() && !matches!(named, DepotNamed::Named(_)) {
            let fault = Fault::new("/depot", "depot_unknown", message!("count-depot-unknown"));
            self.tell(row, &["depot", "name", "item"], fault);
            return None;
        }
        let (depot, place) = match named {
            DepotNamed::Named(depot) => (Some(depot), None),
            DepotNamed::Only(depot) => (Some(depot), value.depot.as_deref()),
            DepotNamed::Unknown => (None, value.depot.as_deref()),
        };
        let closed = depot
            .and_then(|id| self.world.depots.get(id))
            .filter(|depot| !in_force(&depot.versions, day).is_some_and(|version| version.value.open));
        if let Some(depot) = closed {
            let detail = message!("count-depot-closed", depot = &depot.code, day = day.to_string());
            self.tell(row, &["depot", "name", "item"], Fault::new("/depot", "depot_closed", detail));
            return None;
        }
        if row.faulty {
            return None;
        }
        Some(((organization, depot, day), content_of(value, place)))
    }

    fn organization_of(&mut self, names: &Names, row: &Placed<forms::LedgerRow>) -> Option<OrganizationId> {
        let value = &row.value;
        let columns = ["organization", "name", "item"];
        let own = self.world.own_organization(self.editor);
        if let Some(words) = value.organization.as_deref().or(self.defaults.organization.as_deref()) {
            let found = names.organization(words);
            if found.is_none() {
                let detail = message!("ledger-organization-unknown", words = words);
                self.tell(row, &columns, Fault::new("/organization", "organization_unknown", detail));
            }
            return found;
        }
        let found = own.or_else(|| names.organization_in_title(value.title.as_deref()?));
        if found.is_none() {
            let fault = Fault::new("/organization", "missing_field", message!("ledger-organization-missing"));
            self.tell(row, &columns, fault);
        }
        found
    }

    fn plan_group(
        &mut self,
        connection: &mut AnyConnection,
        matchers: &mut Matchers<'_>,
        decided: &mut BTreeMap<(DepotId, NaiveDate), Vec<NewCountLine>>,
        group: Group,
        rows: Vec<Row<'_>>,
    ) -> Result<(), Error> {
        let (organization, depot, day) = group;
        self.ledgers.insert(group);
        let Some(region) = self.world.organizations.get(organization).map(|one| one.region_id) else { return Ok(()) };
        let matcher = matchers.of(connection, region)?;
        let counts: Vec<CountId> = rows.iter().filter_map(|row| Some(row.stored.as_ref()?.counted()?.count)).collect();
        let depots = if depot.is_none() { db::counts::depots_of(connection, &counts)? } else { BTreeMap::new() };
        let mut lines: BTreeMap<ItemCode, Vec<NewCountLine>> = BTreeMap::new();
        for line in depot.and_then(|depot| decided.remove(&(depot, day))).into_iter().flatten() {
            merge(lines.entry(line.item.clone()).or_default(), line)
                .map_err(|_| Error::Busy("a sum is out of range"))?;
        }
        let mut judged = Vec::new();
        for row in rows {
            if self.is_given_up() {
                return Ok(());
            }
            let counted = row.stored.as_ref().and_then(StoredRow::counted);
            // A row that is in a count stays what it is, whatever its words would mean now.
            let found = match counted {
                Some(one) => line(&self.world.reference_data.items, &row.content, &one.item, one.quantity, day),
                None => verdict(&matcher, &self.world.reference_data.items, &row.content, day),
            };
            let found = match (found, depot) {
                (Verdict::Line(line), None) => match counted.and_then(|one| depots.get(&one.count)) {
                    Some(depot) => {
                        let known = Found::Line(line.item.clone(), line.quantity.unwrap_or_default());
                        decided.entry((*depot, day)).or_default().push(*line);
                        known
                    }
                    None => Found::Open(WhyOpen::Depot, Vec::new()),
                },
                (Verdict::Line(line), Some(_)) => {
                    let (item, quantity) = (line.item.clone(), line.quantity.unwrap_or_default());
                    match merge(lines.entry(item.clone()).or_default(), *line) {
                        Ok(()) => Found::Line(item, quantity),
                        Err(_) => Found::Open(WhyOpen::Line, Vec::new()),
                    }
                }
                (Verdict::Open(why), _) => Found::Open(why, candidates(&matcher, &row.content)),
            };
            judged.push((row, found));
        }
        let counting = match depot {
            Some(depot) => {
                let regions = &self.world.reference_data.regions;
                let ledger = LedgerOf::new((organization, depot), regions, region, day);
                Counting::of(connection, &ledger, lines, Mode::Replace, self.editor.now)?
            }
            None => Counting::default(),
        };
        let replaced = replaced_by(connection, group, &judged)?;
        self.plan_rows(group, judged, counting, replaced);
        Ok(())
    }

    /// Plans the writing of the rows of a ledger and of its counts, and reports what became of them.
    fn plan_rows(
        &mut self,
        (organization, depot, day): Group,
        rows: Vec<(Row<'_>, Found)>,
        counting: Counting,
        replaced: Vec<LedgerRowId>,
    ) {
        let Counting { submissions, count_of } = counting;
        let (mut new, mut settled) = (Vec::new(), Vec::new());
        for (row, found) in rows {
            let known = row.status();
            let arrival = match found {
                Found::Line(item, quantity) => match count_of.get(&item) {
                    Some(count) => RowArrival::Counted(CountedRow { item, quantity, count: *count }),
                    None => RowArrival::Open(WhyOpen::Line),
                },
                Found::Open(why, candidates) => {
                    let is_asked = why != WhyOpen::Unlisted
                        && !matches!(known, Some(LedgerRowStatus::Unlisted | LedgerRowStatus::Counted));
                    if is_asked {
                        self.ask(&row, why, candidates);
                    }
                    RowArrival::Open(why)
                }
            };
            let report = &mut self.report.ledger;
            match (&arrival, known) {
                (RowArrival::Counted(_), _) | (_, Some(LedgerRowStatus::Counted)) => report.counted += 1,
                (RowArrival::Open(WhyOpen::Unlisted), _) | (_, Some(LedgerRowStatus::Unlisted)) => report.unlisted += 1,
                (RowArrival::Open(_), _) => report.open += 1,
            }
            match (known, arrival) {
                (None, arrival) => {
                    self.tally(Form::Ledger, PutOutcome::Created);
                    let Row { id, content, position, .. } = row;
                    new.push(LedgerRow { id, organization, depot, ledger_on: day, position, content, arrival });
                }
                (Some(LedgerRowStatus::Open | LedgerRowStatus::Unlisted), RowArrival::Counted(counted)) => {
                    self.tally(Form::Ledger, PutOutcome::Changed);
                    settled.push((row.id, counted));
                }
                (Some(_), _) => self.tally(Form::Ledger, PutOutcome::Repeated),
            }
        }
        if submissions.is_empty() && new.is_empty() && settled.is_empty() {
            return;
        }
        if new.is_empty() && settled.is_empty() {
            // The rows are the same, but not how many there are, or a count of them was voided.
            self.tally(Form::Ledger, PutOutcome::Changed);
        }
        self.report.ledger.counts += submissions.len();
        let Some(signing) = self.signing.clone() else { return };
        self.organizations.insert(organization);
        self.steps.push(Box::new(move |change| {
            let locked = change.for_organization(organization)?;
            submit_all(change, signing.signer(), locked, &submissions)?;
            db::ledger_rows::insert(change, locked, &new)?;
            let decision = |counted, is_replaced| LedgerDecision {
                counted,
                is_replaced,
                reason: None,
                decided_by: signing.author.name.clone(),
            };
            for (id, counted) in settled {
                db::ledger_rows::decide(change, locked, (id, day), &decision(Some(counted), false))?;
            }
            for id in replaced {
                db::ledger_rows::decide(change, locked, (id, day), &decision(None, true))?;
            }
            Ok(())
        }));
    }

    /// Reports an open row.
    fn ask(&mut self, row: &Row<'_>, why: WhyOpen, candidates: Vec<Candidate>) {
        let told =
            row.placed.told(&["name", "item"], "ledger_row_kept", message!("ledger-row-kept", why = why.label()));
        let place = CellPlace { column: None, ..told.place.clone() }.pointer();
        self.warn(told);
        let questions = &mut self.report.ledger.questions;
        if questions.len() < QUESTIONS {
            questions.push(Question { id: row.id, place, content: row.content.clone(), why, candidates });
        }
    }
}

/// The rows of a ledger with their ids, and with those that came before. A row that was replaced since comes as a new one.
fn known_rows<'t>(
    connection: &mut AnyConnection,
    group: Group,
    rows: Vec<(&'t Placed<forms::LedgerRow>, LedgerContent, i64)>,
) -> Result<Vec<Row<'t>>, Error> {
    let mut numbers: BTreeMap<LedgerRowId, usize> = BTreeMap::new();
    let mut known = Vec::new();
    for (placed, content, position) in rows {
        let number = numbers.entry(row_id(group, &content, (0, 0))?).and_modify(|number| *number += 1).or_insert(0);
        known.push((
            *number,
            Row { placed, id: row_id(group, &content, (*number, 0))?, content, position, stored: None },
        ));
    }
    for comeback in 1..=COMEBACKS {
        let ids: Vec<LedgerRowId> =
            known.iter().filter(|(_, row)| row.stored.is_none()).map(|(_, row)| row.id).collect();
        let mut stored: BTreeMap<LedgerRowId, StoredRow> =
            db::ledger_rows::find_some(connection, &ids)?.into_iter().map(|stored| (stored.row.id, stored)).collect();
        let mut has_comeback = false;
        for (number, row) in &mut known {
            if let Some(found) = stored.remove(&row.id) {
                if found.status() == LedgerRowStatus::Replaced {
                    row.id = row_id(group, &row.content, (*number, comeback))?;
                    has_comeback = true;
                } else {
                    row.stored = Some(found);
                }
            }
        }
        if !has_comeback {
            break;
        }
    }
    Ok(known.into_iter().map(|(_, row)| row).collect())
}

/// The stored rows of a ledger that are in no count, and for whose words the ledger has other rows now.
fn replaced_by(
    connection: &mut AnyConnection,
    (organization, depot, day): Group,
    rows: &[(Row<'_>, Found)],
) -> Result<Vec<LedgerRowId>, Error> {
    let ids: BTreeSet<LedgerRowId> = rows.iter().map(|(row, _)| row.id).collect();
    let keys: BTreeSet<String> = rows.iter().map(|(row, _)| key_of(&row.content)).collect();
    let mut uncounted = touched(connection, &[organization], &keys)?;
    uncounted.retain(|one| one.row.depot == depot && one.row.ledger_on == day && !ids.contains(&one.row.id));
    Ok(uncounted.into_iter().map(|one| one.row.id).collect())
}
