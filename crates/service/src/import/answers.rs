//! Answers about the words of ledgers: remembered for a region, and applied to its rows that are in no count yet.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::Plan;
use crate::ledger::{Decided, Deciding, MOST_ANSWERS, MOST_AT_ONCE, Matchers, ToDecide, factor_fault, settle, touched};
use base::error::{Error, Fault};
use base::id::{OrganizationId, RegionId};
use db::connection::AnyConnection;
use db::item_answers::ItemAnswer;
use db::ledger_rows::StoredRow;
use domain::account::Belongs;
use domain::change::{Authority, PutOutcome};
use domain::matching::{LedgerWords, words_key};
use domain::region::subtree;
use tables::Placed;
use tables::form::Form;
use tables::forms::{AnsweredItem, ItemAnswerRow};
use text::messages::message;

impl Plan<'_> {
    /// Plans answers. Those that are not stored are returned: the ledgers of the same import are read with them.
    pub(super) fn plan_answers(
        &mut self,
        connection: &mut AnyConnection,
        rows: &[Placed<ItemAnswerRow>],
    ) -> Result<Vec<ItemAnswer>, Error> {
        let mut given = BTreeMap::new();
        for row in rows {
            if let Some(answer) = self.answer_of(row)
                && self.is_first(Form::ItemAnswers, row, &answer.words_key, self.today())
            {
                given.insert((answer.region, answer.words_key.clone()), answer);
            }
        }
        let regions: BTreeSet<RegionId> = given.keys().map(|(region, _)| *region).collect();
        for region in regions {
            let stored: BTreeMap<String, ItemAnswer> = db::item_answers::list(connection, &[region])?
                .into_iter()
                .map(|(answer, _)| (answer.words_key.clone(), answer))
                .collect();
            let mut number = stored.len();
            let of_region: Vec<ItemAnswer> = given.values().filter(|answer| answer.region == region).cloned().collect();
            for answer in of_region {
                let known = stored.get(&answer.words_key);
                number += usize::from(known.is_none());
                let is_known = known.is_some_and(|one| one.item == answer.item && one.factor == answer.factor);
                self.tally(
                    Form::ItemAnswers,
                    match known {
                        Some(_) if is_known => PutOutcome::Repeated,
                        Some(_) => PutOutcome::Changed,
                        None => PutOutcome::Created,
                    },
                );
                if is_known {
                    given.remove(&(region, answer.words_key));
                }
            }
            if number > MOST_ANSWERS
                && let Some(row) = rows.first()
            {
                let detail = message!("ledger-answers-too-many", most = MOST_ANSWERS);
                self.tell(row, &["ledger_name"], Fault::new("", "too_many_answers", detail));
            }
        }
        Ok(given.into_values().collect())
    }

    /// The answer of a row; `None` if the row has none, or a fault.
    fn answer_of(&mut self, row: &Placed<ItemAnswerRow>) -> Option<ItemAnswer> {
        let ItemAnswerRow { region, name, specification, unit, answer, factor, .. } = &row.value;
        let answer = answer.as_ref().filter(|_| !row.faulty && !name.is_empty())?;
        let region = match (region, self.editor.authority) {
            (Some(code), _) => self.world.region(code).map(|region| region.id),
            (None, Authority::Account { belongs: Belongs::Region(own), .. }) => Some(own),
            _ => None,
        };
        let Some(region) = region else {
            let words = row.value.region.clone().unwrap_or_default();
            let fault = Fault::new("/region", "region_unknown", message!("region-unknown", region = words));
            self.tell(row, &["region", "ledger_name"], fault);
            return None;
        };
        if !self.world.may_answer(self.editor, region) {
            let fault = Fault::new("/region", "outside_own_region", message!("region-outside"));
            self.tell(row, &["region", "ledger_name"], fault);
            return None;
        }
        let item = match answer {
            AnsweredItem::Item(code) if self.world.reference_data.items.contains_key(code) => Some(code.clone()),
            AnsweredItem::Item(code) => {
                if !self.was_refused(Form::Items, code) {
                    let fault = Fault::new("/item", "item_unknown", message!("line-item-unknown", item = code));
                    self.tell(row, &["item"], fault);
                }
                return None;
            }
            AnsweredItem::Unlisted => None,
        };
        let fault = match factor {
            Some(_) if item.is_none() => Some(Fault::new("/factor", "missing_field", message!("ledger-answer-unit"))),
            Some(factor) => factor_fault(*factor),
            None => None,
        };
        if let Some(fault) = fault {
            self.tell(row, &["factor"], fault);
            return None;
        }
        let words = LedgerWords { name, specification, unit, ..LedgerWords::default() };
        Some(ItemAnswer {
            region,
            words_key: words_key(&words),
            name: name.clone(),
            specification: specification.clone(),
            unit: unit.clone(),
            item,
            factor: *factor,
            answered_by: self.signing.as_ref().map_or_else(String::new, |signing| signing.author.name.clone()),
        })
    }

    /// Stores answers, and decides about the rows in no count that have their words. Ledgers of the same import decide about
    /// their own rows.
    pub(super) fn plan_settling(
        &mut self,
        connection: &mut AnyConnection,
        given: Vec<ItemAnswer>,
    ) -> Result<(), Error> {
        if given.is_empty() {
            return Ok(());
        }
        let mut touched = touched_by(connection, self, &given)?;
        touched.retain(|(stored, ..)| {
            !self.ledgers.contains(&(stored.row.organization, stored.row.depot, stored.row.ledger_on))
        });
        let signing = self.signing.clone();
        self.organizations.extend(touched.iter().map(|(stored, ..)| stored.row.organization));
        let now = self.editor.now;
        self.steps.push(Box::new(move |change| {
            for answer in &given {
                db::item_answers::insert(change, answer)?;
            }
            let Some(signing) = signing.as_ref().filter(|_| !touched.is_empty()) else { return Ok(()) };
            let data = change.reference_data()?;
            let mut regions = BTreeMap::new();
            for (stored, ..) in &touched {
                let id = stored.row.organization;
                if let Some(region) = db::organizations::region_of(change.connection, id)? {
                    regions.insert(id, region);
                }
            }
            let deciding = Deciding {
                items: &data.items,
                regions: &data.regions,
                region_of: &regions,
                signer: signing.signer(),
                reason: None,
                now,
            };
            let day = base::time::local_day(now, base::time::DEFAULT_ZONE);
            let mut matchers = Matchers::new(&data.items, &data.regions, day).with(given);
            settle(change, &deciding, &mut matchers, touched).map(drop)
        }));
        Ok(())
    }
}

/// The rows that answers bear on.
fn touched_by(connection: &mut AnyConnection, plan: &Plan<'_>, given: &[ItemAnswer]) -> Result<Vec<ToDecide>, Error> {
    let mut found: BTreeMap<_, StoredRow> = BTreeMap::new();
    let regions: BTreeSet<RegionId> = given.iter().map(|answer| answer.region).collect();
    for region in regions {
        let keys =
            given.iter().filter(|answer| answer.region == region).map(|answer| answer.words_key.clone()).collect();
        let below = subtree(&plan.world.reference_data.regions, region);
        let organizations: Vec<OrganizationId> =
            plan.world.organizations.iter().filter(|one| below.contains(&one.region_id)).map(|one| one.id).collect();
        for row in touched(connection, &organizations, &keys)? {
            found.insert(row.row.id, row);
        }
    }
    Ok(found.into_values().take(MOST_AT_ONCE).map(|row| (row, Decided::ByWords, None)).collect())
}
