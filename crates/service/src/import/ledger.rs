//! Ledgers as people keep them: every row becomes a line of a count, or is kept open with its words.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::plan::{Plan, Signing, counted_ahead};
use crate::counts::checks::depot_closed;
use crate::ledger::{
    Counting, DepotNamed, LedgerOf, Matchers, Mode, Names, Open, Verdict, content_of, key_of, line, merge, row_id,
    submit_all, too_much, touched, verdict,
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
use domain::ledger::{
    CountedRow, LedgerContent, LedgerDecision, LedgerRow, LedgerRowStatus, LedgerText, RowArrival, WhyOpen,
};
use domain::matching::Candidate;
use domain::naming::day_fault;
use domain::new_count::NewCountLine;
use domain::revision::Revision;
use tables::Placed;
use tables::fault::CellPlace;
use tables::form::Form;
use tables::forms;
use text::messages::message;

/// The most questions that a report tells.
const QUESTIONS: usize = 500;

/// The rows of ledgers in an import: each is counted, open, or unlisted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LedgerReport {
    /// Rows that are lines of counts.
    #[schema(minimum = 0, maximum = 50_000, example = 38)]
    pub counted: usize,
    /// Rows that are kept until somebody decides about them.
    #[schema(minimum = 0, maximum = 50_000, example = 3)]
    pub open: usize,
    /// Rows of no item of the catalogue, as was answered before; kept with their words.
    #[schema(minimum = 0, maximum = 50_000, example = 1)]
    pub unlisted: usize,
    /// Counts that were written, or in a dry run would be.
    #[schema(minimum = 0, maximum = 50_000, example = 1)]
    pub counts: usize,
    /// The open rows: the first 500.
    #[schema(max_items = 500)]
    pub questions: Vec<Question>,
}

impl LedgerReport {
    /// True if there were no rows of ledgers.
    pub fn is_empty(&self) -> bool {
        self.counted + self.open + self.unlisted == 0
    }
}

/// An open row of a ledger.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = LedgerQuestion)]
pub struct Question {
    /// Its id, under which it is decided about: `PUT /ledger-rows/{id}/decision`.
    pub id: LedgerRowId,
    /// Its place: file, sheet and row.
    #[schema(max_length = 1000, example = "/ledger.xlsx/Sheet1/12")]
    pub pointer: String,
    /// Its words.
    pub text: LedgerText,
    /// The reason why it is in no count.
    pub why: WhyOpen,
    /// The nearest items, best first.
    #[schema(max_items = 5)]
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

/// A row as it is found to be.
enum Found {
    Line(ItemCode, Quantity),
    Open(Open),
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
        let Some(signing) = self.signing_for(rows, &["name", "item"]) else { return Ok(()) };
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
            self.plan_group(connection, &signing, &mut matchers, &mut decided, group, rows)?;
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
                self.tell(row, &["counted_on", "name", "item"], counted_ahead(day));
            }
            Some(day) => {
                if let Some(fault) = day_fault("/counted_on", day) {
                    self.tell(row, &["counted_on", "name", "item"], fault);
                    return None;
                }
            }
        }
        let (organization, day) = (organization?, day.filter(|day| *day <= self.today())?);
        let code = value.depot_code.as_deref();
        let words = code.or(value.depot.as_deref()).or(self.defaults.depot.as_deref());
        let named = names.depot(organization, words, day);
        if (value.depot.is_none() || code.is_some()) && words.is_some() && !matches!(named, DepotNamed::Named(_)) {
            let fault = Fault::new("/depot", "depot_unknown", message!("count-depot-unknown"));
            self.tell(row, &["depot", "name", "item"], fault);
            return None;
        }
        let (depot, place) = match named {
            // Beside a code, the column for the depot may tell the place within it.
            DepotNamed::Named(depot) => {
                let beside = code.and(value.depot.as_deref());
                (
                    Some(depot),
                    beside.filter(|words| names.depot(organization, Some(words), day) != DepotNamed::Named(depot)),
                )
            }
            DepotNamed::Only(depot) => (Some(depot), value.depot.as_deref()),
            DepotNamed::Unknown => (None, value.depot.as_deref()),
        };
        let closed = depot.and_then(|id| depot_closed(self.world.depots.get(id)?, day));
        if let Some(fault) = closed {
            self.tell(row, &["depot", "name", "item"], fault);
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
        signing: &Signing,
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
            merge(lines.entry(line.item.clone()).or_default(), line).map_err(|line| too_much(&line.item))?;
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
                    None => Found::Open(Open::of(WhyOpen::Depot)),
                },
                (Verdict::Line(line), Some(_)) => {
                    let (item, quantity) = (line.item.clone(), line.quantity.unwrap_or_default());
                    match merge(lines.entry(item.clone()).or_default(), *line) {
                        Ok(()) => Found::Line(item, quantity),
                        Err(_) => Found::Open(Open::of(WhyOpen::Line)),
                    }
                }
                (Verdict::Open(open), _) => Found::Open(open),
            };
            judged.push((row, found));
        }
        let items: BTreeSet<ItemCode> = lines.keys().cloned().collect();
        let counting = match depot {
            Some(depot) => {
                let regions = &self.world.reference_data.regions;
                let ledger = LedgerOf::new((organization, depot), regions, region, day);
                Counting::of(connection, &ledger, lines, Mode::Replace, self.editor.now)?
            }
            None => Counting::default(),
        };
        let mut replaced = replaced_by(connection, group, &judged)?;
        replaced.extend(superseded_by(connection, group, &judged, &items)?);
        self.plan_rows(signing.clone(), group, judged, counting, replaced);
        Ok(())
    }

    /// Plans the writing of the rows of a ledger and of its counts, and reports their states.
    fn plan_rows(
        &mut self,
        signing: Signing,
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
                Found::Open(open) => {
                    let why = open.why;
                    let is_asked = why != WhyOpen::Unlisted
                        && !matches!(known, Some(LedgerRowStatus::Unlisted | LedgerRowStatus::Counted));
                    if is_asked {
                        self.ask(&row, open);
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
    fn ask(&mut self, row: &Row<'_>, Open { why, candidates }: Open) {
        let told =
            row.placed.told(&["name", "item"], "ledger_row_kept", message!("ledger-row-kept", why = why.label()));
        let place = CellPlace { column: None, ..told.place.clone() }.pointer();
        self.warn(told);
        let questions = &mut self.report.ledger.questions;
        if questions.len() < QUESTIONS {
            questions.push(Question { id: row.id, pointer: place, text: row.content.text.clone(), why, candidates });
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
                if found.status() == LedgerRowStatus::Replaced && comeback < COMEBACKS {
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

/// The stored rows of a ledger that are in a count, and of whose items the ledger says all by other rows now.
fn superseded_by(
    connection: &mut AnyConnection,
    (_, depot, day): Group,
    rows: &[(Row<'_>, Found)],
    items: &BTreeSet<ItemCode>,
) -> Result<Vec<LedgerRowId>, Error> {
    let Some(depot) = depot else { return Ok(Vec::new()) };
    let ids: BTreeSet<LedgerRowId> = rows.iter().map(|(row, _)| row.id).collect();
    let stored = db::ledger_rows::list_of_day(connection, &[depot], day, Revision::LATEST)?;
    let is_superseded = |one: &StoredRow| {
        !ids.contains(&one.row.id) && one.counted().is_some_and(|counted| items.contains(&counted.item))
    };
    Ok(stored.into_iter().filter(is_superseded).map(|one| one.row.id).collect())
}
