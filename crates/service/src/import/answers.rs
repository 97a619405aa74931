//! Answers about the words of ledgers: remembered for a region, and applied to its rows that are in no count yet.

use std::collections::btree_map::Entry;
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
use domain::folding::compact;
use domain::ledger::LedgerRowStatus;
use domain::matching::{LedgerWords, words_key};
use domain::region::subtree;
use tables::Placed;
use tables::form::Form;
use tables::forms::{AnsweredItem, ItemAnswerRow};
use text::messages::message;

impl Plan<'_> {
    /// Plans answers, and returns them, each with true if it is not stored yet: the ledgers of the same import are read with them.
    pub(super) fn plan_answers(
        &mut self,
        connection: &mut AnyConnection,
        rows: &[Placed<ItemAnswerRow>],
    ) -> Result<Vec<(ItemAnswer, bool)>, Error> {
        let mut stored: BTreeMap<RegionId, BTreeMap<String, ItemAnswer>> = BTreeMap::new();
        let mut given = Vec::new();
        for row in rows {
            let Some(answer) = self.answer_of(row) else { continue };
            let of_region = match stored.entry(answer.region) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    let all = db::item_answers::list(connection, &[answer.region])?.into_iter();
                    place.insert(all.map(|(answer, _)| (answer.words_key.clone(), answer)).collect())
                }
            };
            let known = of_region.get(&answer.words_key);
            let outcome = match known {
                Some(one) if one.item == answer.item && one.factor == answer.factor => PutOutcome::Repeated,
                Some(_) => PutOutcome::Changed,
                None => PutOutcome::Created,
            };
            // What is stored may be sent back by those who may read it.
            if outcome != PutOutcome::Repeated && !self.world.may_answer(self.editor, answer.region) {
                let fault = Fault::new("/region", "outside_own_region", message!("region-outside"));
                self.tell(row, &["region", "ledger_name"], fault);
                continue;
            }
            if outcome == PutOutcome::Created && of_region.len() >= MOST_ANSWERS {
                let detail = message!("ledger-answers-too-many", most = MOST_ANSWERS);
                self.tell(row, &["ledger_name"], Fault::new("", "too_many_answers", detail));
                continue;
            }
            let key = format!("{} {}", answer.region, answer.words_key);
            if !self.is_first(Form::ItemAnswers, row, &key, self.today()) {
                continue;
            }
            self.tally(Form::ItemAnswers, outcome);
            of_region.insert(answer.words_key.clone(), answer.clone());
            given.push((answer, outcome != PutOutcome::Repeated));
        }
        Ok(given)
    }

    /// The answer of a row; `None` if the row has none, or a fault.
    fn answer_of(&mut self, row: &Placed<ItemAnswerRow>) -> Option<ItemAnswer> {
        let ItemAnswerRow { region, name, specification, unit, answer, factor, .. } = &row.value;
        let answer = answer.as_ref().filter(|_| !row.faulty && !compact(name).is_empty())?;
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
        given: Vec<(ItemAnswer, bool)>,
    ) -> Result<(), Error> {
        let (all, new): (Vec<ItemAnswer>, Vec<bool>) = given.into_iter().unzip();
        let ledgers = self.ledgers.clone();
        let mut touched = touched_by(connection, self, &all)?;
        touched.retain(|(one, ..)| !ledgers.contains(&(one.row.organization, one.row.depot, one.row.ledger_on)));
        if self.signing.is_none() {
            touched.clear();
        }
        if touched.is_empty() && !new.contains(&true) {
            return Ok(());
        }
        let (signing, now, today) = (self.signing.clone(), self.editor.now, self.today());
        self.organizations.extend(touched.iter().map(|(stored, ..)| stored.row.organization));
        if !touched.is_empty() && !new.contains(&true) {
            // Rows that have waited for answers that are stored already.
            self.report.settles = true;
        }
        self.steps.push(Box::new(move |change| {
            for answer in all.iter().zip(new).filter_map(|(answer, is_new)| is_new.then_some(answer)) {
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
            let mut matchers = Matchers::new(&data.items, &data.regions, today).with(all);
            settle(change, &deciding, &mut matchers, touched).map(drop)
        }));
        Ok(())
    }
}

/// The rows that answers bear on: of whoever may answer in the region, and but those that are unlisted already and would stay so.
fn touched_by(connection: &mut AnyConnection, plan: &Plan<'_>, given: &[ItemAnswer]) -> Result<Vec<ToDecide>, Error> {
    let mut found: BTreeMap<_, StoredRow> = BTreeMap::new();
    let regions: BTreeSet<RegionId> = given.iter().map(|answer| answer.region).collect();
    for region in regions.into_iter().filter(|region| plan.world.may_answer(plan.editor, *region)) {
        let of_region: BTreeMap<&str, &ItemAnswer> = given
            .iter()
            .filter(|answer| answer.region == region)
            .map(|answer| (answer.words_key.as_str(), answer))
            .collect();
        let keys = of_region.keys().map(|key| (*key).to_owned()).collect();
        let below = subtree(&plan.world.reference_data.regions, region);
        let organizations: Vec<OrganizationId> =
            plan.world.organizations.iter().filter(|one| below.contains(&one.region_id)).map(|one| one.id).collect();
        for row in touched(connection, &organizations, &keys)? {
            let key = words_key(&row.row.content.telling());
            let is_none = of_region.get(key.as_str()).is_some_and(|answer| answer.item.is_none());
            if !(is_none && row.status() == LedgerRowStatus::Unlisted) {
                found.insert(row.row.id, row);
            }
        }
    }
    Ok(found.into_values().take(MOST_AT_ONCE).map(|row| (row, Decided::ByWords, None)).collect())
}
