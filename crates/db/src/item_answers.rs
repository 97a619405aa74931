//! Answers: the meaning of words of ledgers in a region.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::schema::{item_answers, revisions};
use super::write::{Change, Origin};
use base::error::Error;
use base::id::RegionId;
use base::quantity::Quantity;
use domain::actor::{Subject, SubjectKind};
use domain::item::ItemCode;
use domain::revision::Revision;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemAnswer {
    /// The region.
    pub region: RegionId,
    /// The key of the words, as [`words_key`](domain::matching::words_key) makes it.
    pub words_key: String,
    /// The name.
    pub name: String,
    /// The specification and model; empty if the ledger has none.
    pub specification: String,
    /// The unit; empty if the ledger has none.
    pub unit: String,
    /// The item; `None` for something that is none of the catalogue.
    pub item: Option<ItemCode>,
    /// The number of the item's units in one of the ledger's, where it was said.
    pub factor: Option<Quantity>,
    /// The name of the person who answered.
    pub answered_by: String,
}

type Columns = (RegionId, String, String, String, String, Option<String>, Option<Quantity>, String);

/// The answers of some regions that hold, each the last to its words, ordered by region and words; with its revision.
///
/// # Errors
/// If the database fails.
pub fn list(connection: &mut AnyConnection, regions: &[RegionId]) -> Result<Vec<(ItemAnswer, Revision)>, Error> {
    let rows: Vec<(Columns, Revision)> = item_answers::table
        .inner_join(revisions::table.on(revisions::change_set.eq(item_answers::change_set)))
        .filter(item_answers::region_id.eq_any(regions.to_vec()))
        .order(revisions::revision)
        .select((
            (
                item_answers::region_id,
                item_answers::words_key,
                item_answers::name,
                item_answers::specification,
                item_answers::unit,
                item_answers::item_code,
                item_answers::factor,
                item_answers::answered_by,
            ),
            revisions::revision,
        ))
        .load(connection)?;
    let mut last = BTreeMap::new();
    for ((region, words_key, name, specification, unit, item, factor, answered_by), revision) in rows {
        let answer = ItemAnswer { region, words_key, name, specification, unit, item, factor, answered_by };
        last.insert((region, answer.words_key.clone()), (answer, revision));
    }
    Ok(last.into_values().collect())
}

/// Stores an answer, under the lock of the reference data.
///
/// # Errors
/// If the database fails.
pub fn insert(change: &mut Change<'_>, answer: &ItemAnswer) -> Result<(), Error> {
    change.for_reference()?;
    let subject = Subject::of_two(SubjectKind::ItemAnswer, answer.region.to_string(), &answer.words_key);
    let Origin { change_set, .. } = change.record(subject);
    diesel::insert_into(item_answers::table)
        .values((
            item_answers::region_id.eq(answer.region),
            item_answers::words_key.eq(&answer.words_key),
            item_answers::name.eq(&answer.name),
            item_answers::specification.eq(&answer.specification),
            item_answers::unit.eq(&answer.unit),
            item_answers::item_code.eq(&answer.item),
            item_answers::factor.eq(answer.factor),
            item_answers::answered_by.eq(&answer.answered_by),
            item_answers::change_set.eq(change_set),
        ))
        .execute(change.connection)?;
    Ok(())
}
