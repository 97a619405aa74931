//! Counts of the lines of ledgers: for one depot and day, only what differs from what its ledgers said before.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::verdict::{listed, merge};
use crate::chain::Signer;
use crate::counts::{self, DeviceSaid, Submission};
use base::content::Content;
use base::error::Error;
use base::id::{CountId, DepotId, OrganizationId};
use base::quantity::Quantity;
use db::connection::AnyConnection;
use db::counts::LineRow;
use db::locks::LockedOrganization;
use db::write::Change;
use domain::count::{Held, LotCondition};
use domain::item::ItemCode;
use domain::ledger::LEDGER_SOURCE;
use domain::lot::LotNumber;
use domain::new_count::NewCountLine;
use domain::region::{Region, day_begins};
use text::messages::message;

/// The most lines of one count.
const LINES: usize = 2000;

/// The namespace of the ids of these counts.
const NAMESPACE: Uuid = Uuid::from_u128(0x6d75_7374_6572_4c65_8667_6572_436e_7473);

/// The ledgers of one depot and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LedgerOf {
    /// The organization.
    pub organization: OrganizationId,
    /// The depot.
    pub depot: DepotId,
    /// The day.
    pub day: NaiveDate,
    /// The first instant of the day in the depot's region.
    pub effective_at: DateTime<Utc>,
}

impl LedgerOf {
    /// The ledgers of a depot of an organization in a region.
    pub fn new(
        (organization, depot): (OrganizationId, DepotId),
        regions: &[Region],
        region: base::id::RegionId,
        day: NaiveDate,
    ) -> Self {
        Self { organization, depot, day, effective_at: day_begins(regions, region, day) }
    }
}

/// Whether lines are all that a ledger says of their items, or come beside those that are counted already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They are all.
    Replace,
    /// They come beside.
    Add,
}

/// The counts to be written for the ledgers of one depot and day.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counting {
    /// The counts.
    pub submissions: Vec<Submission>,
    /// The count in which the lines of each item are, written now or before.
    pub count_of: BTreeMap<ItemCode, CountId>,
}

impl Counting {
    /// The counts of the lines that differ from what is stored.
    ///
    /// # Errors
    /// `Invalid` if one item has more lines than a count may have; the database's error.
    pub fn of(
        connection: &mut AnyConnection,
        ledger: &LedgerOf,
        lines: BTreeMap<ItemCode, Vec<NewCountLine>>,
        mode: Mode,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let stored = db::counts::list_of_ledgers(connection, ledger.depot, ledger.effective_at)?;
        // After every count that its ledgers gave before, whatever the clock says: of two the later one holds.
        let last = stored.iter().map(|count| count.row.received_at.0).max();
        let now = last.map_or(now, |last| now.max(last + TimeDelta::microseconds(1)));
        let (mut said, before) = (BTreeMap::<ItemCode, (CountId, Vec<LineRow>)>::new(), stored.len());
        for count in stored.into_iter().filter(|count| count.void.is_none()) {
            let id = count.row.id;
            let mut of_item = BTreeMap::<ItemCode, Vec<LineRow>>::new();
            for line in count.lines {
                of_item.entry(line.item_code.clone()).or_default().push(line);
            }
            said.extend(of_item.into_iter().map(|(item, lines)| (item, (id, lines))));
        }
        let (mut counting, mut changed) = (Self::default(), Vec::<Vec<NewCountLine>>::new());
        for (item, new) in lines {
            let told = said.remove(&item);
            let all = match (&told, mode) {
                (Some((_, lines)), Mode::Add) => {
                    let mut all: Vec<NewCountLine> = lines.iter().map(again).collect();
                    for line in new {
                        merge(&mut all, line).map_err(|line| too_much(&line.item))?;
                    }
                    all
                }
                _ => new,
            };
            if let Some((id, lines)) = told
                && is_same(&lines, &all)
            {
                counting.count_of.insert(item, id);
                continue;
            }
            if all.len() > LINES {
                let detail = message!("ledger-item-too-long", item = item, most = LINES);
                return Err(Error::invalid("", "ledger_item_too_long", detail));
            }
            match changed.last_mut() {
                Some(last) if last.len() + all.len() <= LINES => last.extend(all),
                _ => changed.push(all),
            }
        }
        for (number, lines) in changed.into_iter().enumerate() {
            counting.add(ledger, before + number, lines, now)?;
        }
        Ok(counting)
    }

    fn add(
        &mut self,
        ledger: &LedgerOf,
        number: usize,
        lines: Vec<NewCountLine>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let count = listed(ledger.depot, ledger.effective_at, lines);
        let internal = |error| Error::internal("the count of a ledger cannot be written as JSON", error);
        let content = Content::of(&count).map_err(internal)?;
        let seed = format!("{}/{}/{number}/{}", ledger.depot, ledger.day, content.sha256);
        let id = CountId(Uuid::new_v5(&NAMESPACE, seed.as_bytes()));
        let items = count.lines.iter().map(|line| (line.item.clone(), id));
        self.count_of.extend(items);
        let device = DeviceSaid { name: Some(LEDGER_SOURCE.to_owned()), seq: None, sent_at: None };
        let checked = count.check().map_err(Error::Invalid)?;
        self.submissions.push(Submission {
            effective_at: Some(ledger.effective_at),
            is_restated: true,
            is_from_ledger: true,
            ..Submission::new(id, checked, content, device, now)
        });
        Ok(())
    }
}

/// Submits counts of one organization.
pub(crate) fn submit_all(
    change: &mut Change<'_>,
    signer: Signer<'_>,
    organization: LockedOrganization<'_>,
    submissions: &[Submission],
) -> Result<(), Error> {
    for submission in submissions {
        counts::submit(change, signer, organization, submission)?;
    }
    Ok(())
}

/// The error of lines of an item whose sum is out of range.
pub(crate) fn too_much(item: &str) -> Error {
    Error::invalid("", "out_of_range", message!("ledger-item-too-much", item = item))
}

/// A stored line as it was sent.
fn again(line: &LineRow) -> NewCountLine {
    NewCountLine {
        item: line.item_code.clone(),
        quantity: Some(line.quantity),
        pack: None,
        packs: None,
        pack_size: None,
        lot: line.lot.clone(),
        expires_on: line.expires_on.map(|day| day.0),
        made_on: line.made_on.map(|day| day.0),
        inspected_on: line.inspected_on.map(|day| day.0),
        condition: line.condition,
        held: line.held,
        place: line.place.clone(),
        note: line.note.clone(),
    }
}

/// What a line says, but for its remark.
type Said = (Option<LotNumber>, [Option<NaiveDate>; 3], LotCondition, bool, Option<String>, Quantity);

/// True if lines say the same, whatever their order and remarks.
fn is_same(stored: &[LineRow], new: &[NewCountLine]) -> bool {
    let said = |line: &NewCountLine| -> Said {
        let lot = line.lot.as_deref().and_then(LotNumber::read);
        let days = [line.expires_on, line.made_on, line.inspected_on];
        (lot, days, line.condition, line.held == Held::Lent, line.place.clone(), line.quantity.unwrap_or_default())
    };
    let mut stored: Vec<Said> = stored.iter().map(|line| said(&again(line))).collect();
    let mut new: Vec<Said> = new.iter().map(said).collect();
    stored.sort();
    new.sort();
    stored == new
}
