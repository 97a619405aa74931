//! One decision about one row, and about the others with the same words.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::MOST_ANSWERS;
use super::matchers::Matchers;
use super::settle::{Decided, Deciding, NewDecision, ToDecide, key_of, settle, touched};
use super::verdict::{Open, Verdict, verdict};
use crate::chain::Signer;
use base::error::{Error, Fault};
use base::id::{DepotId, LedgerRowId, OrganizationId, RegionId};
use db::connection::AnyConnection;
use db::item_answers::ItemAnswer;
use db::ledger_rows::StoredRow;
use db::locks::Locks;
use db::write::Change;
use domain::account::Belongs;
use domain::change::PutOutcome;
use domain::folding::compact;
use domain::labels::Labelled as _;
use domain::ledger::{LedgerContent, LedgerRowStatus, WhyOpen};
use domain::region::day_at;
use domain::revision::Revision;
use text::messages::message;

/// The most other rows with the same words that one decision counts: the rest stay open until the next, or until the words come back
/// as a table of answers.
const MOST_BESIDE: usize = 200;

/// A decision that was asked for.
#[derive(Clone, Debug)]
pub struct AskedDecision {
    /// The row.
    pub id: LedgerRowId,
    /// The decision.
    pub decision: NewDecision,
    /// What the caller belongs to.
    pub belongs: Belongs,
}

impl AskedDecision {
    /// Checks the values by themselves.
    ///
    /// # Errors
    /// `Invalid` with all faults; also for somebody of an organization who asks to remember it for a region.
    pub fn check(&self) -> Result<(), Error> {
        self.decision.check()?;
        match self.belongs {
            Belongs::Organization(_) if self.decision.remember == Some(true) => {
                Err(Error::invalid("/remember", "outside_own_region", message!("ledger-remember")))
            }
            _ => Ok(()),
        }
    }

    /// The region for which the answer is remembered; `None` if it is not. Words without a name tell no thing.
    fn remembered_in(&self, content: &LedgerContent) -> Option<RegionId> {
        let is_named = content.text.name.as_deref().is_some_and(|name| !compact(name).is_empty());
        match self.belongs {
            Belongs::Region(region) if is_named && self.decision.remember.unwrap_or(true) => Some(region),
            _ => None,
        }
    }
}

/// The row with an id, if the caller sees its organization.
///
/// # Errors
/// `NotFound` if there is none.
pub fn find_visible(connection: &mut AnyConnection, belongs: Belongs, id: LedgerRowId) -> Result<StoredRow, Error> {
    let found = db::ledger_rows::find_some(connection, &[id])?.pop().ok_or(Error::NotFound("ledger row"))?;
    let sees = db::organizations::is_visible(connection, belongs, found.row.organization)?;
    if sees { Ok(found) } else { Err(Error::NotFound("ledger row")) }
}

/// The locks that a decision needs: those of the organizations whose rows it bears on, and that of the reference data where it is
/// remembered.
///
/// # Errors
/// `NotFound` for a row that the caller does not see.
pub fn locks_of(connection: &mut AnyConnection, asked: &AskedDecision) -> Result<Locks, Error> {
    let row = find_visible(connection, asked.belongs, asked.id)?;
    let others = same_words(connection, asked, &row)?;
    let locks = Locks::organizations(others.iter().chain([&row]).map(|one| one.row.organization));
    Ok(if asked.remembered_in(&row.row.content).is_some() { locks.reference() } else { locks })
}

/// The other rows in no count with the words of a row, where the decision is remembered.
fn same_words(connection: &mut AnyConnection, asked: &AskedDecision, row: &StoredRow) -> Result<Vec<StoredRow>, Error> {
    let Some(region) = asked.remembered_in(&row.row.content) else { return Ok(Vec::new()) };
    let seen = db::organizations::list_visible(connection, Belongs::Region(region), Revision::LATEST)?;
    let organizations: Vec<OrganizationId> = seen.iter().map(|one| one.id).collect();
    let mut found = touched(connection, &organizations, &[key_of(&row.row.content)].into())?;
    found.retain(|one| one.row.id != asked.id);
    found.truncate(MOST_BESIDE);
    Ok(found)
}

/// Decides about a row.
///
/// # Errors
/// `Conflict` for a row that is in a count as something else; `Invalid` if it cannot be counted so; the database's error.
pub fn decide(
    change: &mut Change<'_>,
    signer: Signer<'_>,
    asked: &AskedDecision,
    now: DateTime<Utc>,
) -> Result<PutOutcome, Error> {
    let AskedDecision { id, decision, belongs } = asked;
    let row = find_visible(change.connection, *belongs, *id)?;
    match (row.status(), &decision.item) {
        (LedgerRowStatus::Counted, Some(item))
            if row.counted().is_some_and(|counted| {
                let stated =
                    decision.quantity.or_else(|| decision.factor?.times(row.row.content.values.quantity?).ok());
                counted.item == *item && stated.is_none_or(|stated| stated == counted.quantity)
            }) =>
        {
            return Ok(PutOutcome::Repeated);
        }
        (LedgerRowStatus::Counted | LedgerRowStatus::Replaced, _) => {
            return Err(Error::conflict("ledger_row_counted", message!("ledger-row-counted")));
        }
        (LedgerRowStatus::Unlisted, None) => return Ok(PutOutcome::Repeated),
        _ => {}
    }
    let others = same_words(change.connection, asked, &row)?;
    let data = change.reference_data()?;
    if let Some(item) = decision.item.as_ref().filter(|item| !data.items.contains_key(*item)) {
        return Err(Error::invalid("/item", "item_unknown", message!("line-item-unknown", item = item)));
    }
    let mut region_of = BTreeMap::new();
    for organization in others.iter().chain([&row]).map(|one| one.row.organization) {
        let region = db::organizations::region_of(change.connection, organization)?;
        region_of.insert(organization, region.ok_or(Error::NotFound("organization"))?);
    }
    let own = region_of.get(&row.row.organization).copied().ok_or(Error::NotFound("organization"))?;
    let depot = depot_of(change.connection, &row, decision)?;
    let today = day_at(&data.regions, own, now);
    let answer = |region| answer_of(region, &row.row.content, decision, &signer.author.name);
    let said = match (&decision.item, decision.quantity) {
        (None, _) => Decided::Unlisted,
        (Some(item), Some(quantity)) => Decided::Units(item.clone(), quantity),
        (Some(item), None) => {
            let mut matchers = Matchers::new(&data.items, &data.regions, today).with(vec![answer(own)]);
            let matcher = matchers.of(change.connection, own)?;
            match verdict(&matcher, &data.items, &row.row.content, row.row.ledger_on) {
                Verdict::Line(line) if line.item != *item => return Err(stays(WhyOpen::Unit)),
                Verdict::Line(line) => Decided::Units(item.clone(), line.quantity.unwrap_or_default()),
                // The item was said, so that its unit is in doubt.
                Verdict::Open(Open { why: WhyOpen::Item | WhyOpen::NoItem | WhyOpen::Unlisted, .. }) => {
                    return Err(stays(WhyOpen::Unit));
                }
                Verdict::Open(open) => return Err(stays(open.why)),
            }
        }
    };
    let mut rows: Vec<ToDecide> = vec![(row.clone(), said, depot)];
    let mut given = Vec::new();
    if let Some(region) = asked.remembered_in(&row.row.content) {
        let answer = answer(region);
        remember(change, &answer)?;
        rows.extend(others.into_iter().map(|one| (one, Decided::ByWords, None)));
        given.push(answer);
    }
    let reason = decision.reason.as_deref();
    let deciding = Deciding { items: &data.items, regions: &data.regions, region_of: &region_of, signer, reason, now };
    let mut matchers = Matchers::new(&data.items, &data.regions, today).with(given);
    let stay = settle(change, &deciding, &mut matchers, rows)?;
    match stay.get(id) {
        Some(why) => Err(stays(*why)),
        None => Ok(PutOutcome::Changed),
    }
}

/// Stores an answer unless it is stored.
fn remember(change: &mut Change<'_>, answer: &ItemAnswer) -> Result<(), Error> {
    let stored = db::item_answers::list(change.connection, &[answer.region])?;
    let known = stored.iter().find(|(one, _)| one.words_key == answer.words_key);
    if known.is_some_and(|(one, _)| one.item == answer.item && one.factor == answer.factor) {
        return Ok(());
    }
    if known.is_none() && stored.len() >= MOST_ANSWERS {
        let detail = message!("ledger-answers-too-many", most = MOST_ANSWERS);
        return Err(Error::conflict("too_many_answers", detail));
    }
    db::item_answers::insert(change, answer)
}

fn answer_of(region: RegionId, content: &LedgerContent, decision: &NewDecision, author: &str) -> ItemAnswer {
    let words = content.telling();
    ItemAnswer {
        region,
        words_key: key_of(content),
        name: words.name.to_owned(),
        specification: words.specified(),
        unit: words.unit.to_owned(),
        item: decision.item.clone(),
        factor: decision.factor,
        answered_by: author.to_owned(),
    }
}

/// The depot that a decision names.
fn depot_of(connection: &mut AnyConnection, row: &StoredRow, decision: &NewDecision) -> Result<Option<DepotId>, Error> {
    let Some(key) = &decision.depot else { return Ok(row.row.depot) };
    let ids: Vec<DepotId> = key.parse().ok().into_iter().collect();
    let found = db::depots::list_some(connection, std::slice::from_ref(key), &ids, Revision::LATEST)?;
    match found.iter().find(|depot| depot.organization_id == row.row.organization) {
        Some(depot) => Ok(Some(depot.id)),
        None => Err(Error::Invalid(vec![Fault::new("/depot", "depot_unknown", message!("count-depot-unknown"))])),
    }
}

/// The error of a row that stays open.
fn stays(why: WhyOpen) -> Error {
    let field = match why {
        WhyOpen::Depot => "/depot",
        WhyOpen::Unit => "/factor",
        WhyOpen::Quantity => "/quantity",
        _ => "",
    };
    Error::invalid(field, "ledger_row_open", message!("ledger-row-open", why = why.label()))
}
