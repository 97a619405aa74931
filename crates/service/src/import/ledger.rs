//! Ledgers as people keep them: every row becomes a line of a count, or is kept open with its words.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::json;

use super::plan::Plan;
use crate::ledger::{
    Counting, DepotNamed, LedgerOf, Matchers, Mode, Names, Verdict, candidates, content_of, merge, row_id, submit_all,
    verdict,
};
use base::error::{Error, Fault};
use base::id::{DepotId, LedgerRowId, OrganizationId, RegionId};
use db::connection::AnyConnection;
use db::item_answers::ItemAnswer;
use domain::change::PutOutcome;
use domain::item::ItemCode;
use domain::labels::Labelled as _;
use domain::ledger::{LedgerContent, LedgerDecision, LedgerRow, LedgerRowStatus, RowFate, WhyOpen};
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
    fate: Fate,
}

enum Fate {
    Line(ItemCode),
    Open(WhyOpen, Vec<Candidate>),
}

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
        for (group, rows) in groups {
            if self.is_given_up() {
                return Ok(());
            }
            self.plan_group(connection, &mut matchers, group, rows)?;
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
        let (depot, place) = match names.depot(organization, words) {
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
        group: Group,
        rows: Vec<(&Placed<forms::LedgerRow>, LedgerContent, i64)>,
    ) -> Result<(), Error> {
        let (organization, depot, day) = group;
        self.ledgers.insert(group);
        let Some(region) = self.world.organizations.get(organization).map(|one| one.region_id) else { return Ok(()) };
        let matcher = matchers.of(connection, region)?;
        let mut lines: BTreeMap<ItemCode, Vec<NewCountLine>> = BTreeMap::new();
        let mut numbers: BTreeMap<LedgerRowId, usize> = BTreeMap::new();
        let mut judged = Vec::new();
        for (placed, content, position) in rows {
            let plain = row_id(group, &content, 0)?;
            let number = numbers.entry(plain).and_modify(|number| *number += 1).or_insert(0);
            let id = row_id(group, &content, *number)?;
            let found = verdict(&matcher, &self.world.reference_data.items, &content, day);
            let fate = match (found, depot) {
                (Verdict::Line(_), None) => Fate::Open(WhyOpen::Depot, Vec::new()),
                (Verdict::Line(line), Some(_)) => {
                    let item = line.item.clone();
                    match merge(lines.entry(item.clone()).or_default(), *line) {
                        Ok(()) => Fate::Line(item),
                        Err(_) => Fate::Open(WhyOpen::Line, Vec::new()),
                    }
                }
                (Verdict::Open(why), _) => Fate::Open(why, candidates(&matcher, &content)),
            };
            judged.push(Row { placed, id, content, position, fate });
        }
        self.plan_rows(connection, group, region, lines, judged)
    }

    fn plan_rows(
        &mut self,
        connection: &mut AnyConnection,
        (organization, depot, day): Group,
        region: RegionId,
        lines: BTreeMap<ItemCode, Vec<NewCountLine>>,
        rows: Vec<Row<'_>>,
    ) -> Result<(), Error> {
        let ids: Vec<LedgerRowId> = rows.iter().map(|row| row.id).collect();
        let stored: BTreeMap<LedgerRowId, LedgerRowStatus> = db::ledger_rows::find_some(connection, &ids)?
            .into_iter()
            .map(|stored| (stored.row.id, stored.status()))
            .collect();
        let counting = match depot {
            Some(depot) => {
                let regions = &self.world.reference_data.regions;
                let ledger = LedgerOf::new((organization, depot), regions, region, day);
                Counting::of(connection, &ledger, lines, Mode::Replace, self.editor.now)?
            }
            None => Counting::default(),
        };
        let Counting { submissions, count_of } = counting;
        let (mut new, mut settled, mut asked) = (Vec::new(), Vec::new(), BTreeSet::new());
        for row in rows {
            let known = stored.get(&row.id).copied();
            let fate = match row.fate {
                Fate::Line(item) => match count_of.get(&item) {
                    Some(count) => RowFate::Counted { item, count: *count },
                    None => RowFate::Open(WhyOpen::Line),
                },
                Fate::Open(why, candidates) => {
                    let is_unlisted = why == WhyOpen::Unlisted || known == Some(LedgerRowStatus::Unlisted);
                    if !is_unlisted && known != Some(LedgerRowStatus::Counted) && asked.insert(row.id) {
                        let detail = message!("ledger-row-kept", why = why.label());
                        let told = row.placed.told(&["name", "item"], "ledger_row_kept", detail);
                        let place = CellPlace { column: None, ..told.place.clone() }.pointer();
                        self.warn(told);
                        let questions = &mut self.report.ledger.questions;
                        if questions.len() < QUESTIONS {
                            questions.push(Question {
                                id: row.id,
                                place,
                                content: row.content.clone(),
                                why,
                                candidates,
                            });
                        }
                    }
                    RowFate::Open(why)
                }
            };
            match &fate {
                RowFate::Counted { .. } => self.report.ledger.counted += 1,
                RowFate::Open(_) if known == Some(LedgerRowStatus::Counted) => self.report.ledger.counted += 1,
                RowFate::Open(why) if *why == WhyOpen::Unlisted || known == Some(LedgerRowStatus::Unlisted) => {
                    self.report.ledger.unlisted += 1;
                }
                RowFate::Open(_) => self.report.ledger.open += 1,
            }
            match (known, &fate) {
                (None, _) => {
                    self.tally(Form::Ledger, PutOutcome::Created);
                    let Row { id, content, position, .. } = row;
                    new.push(LedgerRow { id, organization, depot, ledger_on: day, position, content, fate });
                }
                (Some(LedgerRowStatus::Open | LedgerRowStatus::Unlisted), RowFate::Counted { item, count }) => {
                    self.tally(Form::Ledger, PutOutcome::Changed);
                    settled.push((row.id, (item.clone(), *count)));
                }
                (Some(_), _) => self.tally(Form::Ledger, PutOutcome::Repeated),
            }
        }
        if !submissions.is_empty() && new.is_empty() && settled.is_empty() {
            // The rows are the same, but not what they mean or how many there are.
            self.tally(Form::Ledger, PutOutcome::Changed);
        }
        self.report.ledger.counts += submissions.len();
        if submissions.is_empty() && new.is_empty() && settled.is_empty() {
            return Ok(());
        }
        let Some(signing) = self.signing.clone() else { return Ok(()) };
        self.organizations.insert(organization);
        self.steps.push(Box::new(move |change| {
            let locked = change.for_organization(organization)?;
            submit_all(change, signing.signer(), locked, &submissions)?;
            db::ledger_rows::insert(change, locked, &new)?;
            for (id, counted) in settled {
                let decided_by = signing.author.name.clone();
                let decision = LedgerDecision { counted: Some(counted), reason: None, decided_by };
                db::ledger_rows::decide(change, locked, (id, day), &decision)?;
            }
            Ok(())
        }));
        Ok(())
    }
}
