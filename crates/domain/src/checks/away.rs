//! The units that are away (lent or in repair) against the share of those held that may be.

use std::collections::BTreeSet;

use super::Found;
use crate::count::{Held, LotCondition};
use crate::depot::Holding;
use crate::interval::Interval;
use crate::item::ItemCode;
use crate::reason::{Reason, ReasonCode};
use crate::requirement::{AskedRule, NoAmount, RuleContext, share};
use crate::rule::{Bound, Share};
use crate::stock::{Asked, FoundCount, FoundStock, InspectionAsked, StockState, Stores};
use crate::wording::{self, Wording};
use base::quantity::OutOfRange;
use base::total::Total;
use text::messages::message;

/// The stock of an organization, of which some is away.
pub struct Away<'a> {
    context: &'a RuleContext<'a>,
    stores: Stores<'a>,
}

/// Units that are away, and all that are held, those away included.
#[derive(Clone, Copy)]
struct Units {
    away: Interval,
    held: Interval,
}

impl Units {
    const UNKNOWN: Self = Self { away: Interval::UNKNOWN, held: Interval::UNKNOWN };

    fn is_exact(self) -> bool {
        self.away.is_exact() && self.held.is_exact()
    }

    fn hull(self, other: Self) -> Self {
        Self { away: self.away.hull(other.away), held: self.held.hull(other.held) }
    }

    /// The units of a count, usable or not.
    fn of(count: &FoundCount<'_>) -> Result<Self, OutOfRange> {
        let (mut away, mut held) = (Total::ZERO, Total::ZERO);
        for seen in &count.lots {
            held = held.plus(seen.quantity);
            if seen.lot.held == Held::Lent || seen.lot.condition == LotCondition::InRepair {
                away = away.plus(seen.quantity);
            }
        }
        let known = |total: Total| total.known().map(Interval::exactly).ok_or(OutOfRange);
        Ok(Self { away: known(away)?, held: known(held)? })
    }

    /// The units of an item in a depot; unknown if the depot is open-ended for it.
    fn in_depot(found: &FoundStock<'_>) -> Result<Self, OutOfRange> {
        if matches!(found.state, StockState::NeverCounted | StockState::Stale) {
            return Ok(Self::UNKNOWN);
        }
        let inspection = found.inspection.as_ref().filter(|_| found.state == StockState::Contested);
        let counts = found.counts.iter().chain(inspection.map(|inspection| &inspection.found));
        let units = counts.map(Self::of).collect::<Result<Vec<_>, _>>()?;
        Ok(units.into_iter().reduce(Self::hull).unwrap_or(Self::UNKNOWN))
    }
}

impl<'a> Away<'a> {
    /// The stock of the organization of a context, on its day.
    pub fn new(context: &'a RuleContext<'a>) -> Self {
        Self { context, stores: Stores::new(context.reference_data, context.records, context.day) }
    }

    /// The units of a rule's items that are away, against the share that may be.
    pub fn found(&self, asked: &AskedRule<'_>, allowed: Share, wording: Wording<'_>) -> Found {
        let rule = asked.binding.rule;
        let mut reasons: BTreeSet<Reason> = asked.reasons_of_application().into_iter().collect();
        let mut because = |reason: Reason| {
            if asked.asks() {
                reasons.insert(reason);
            }
        };
        let (units, limit) = self.units(asked, &mut because).map_or((Units::UNKNOWN, Interval::UNKNOWN), |units| {
            // What a capability sums up is not rounded, but its units are counted one by one.
            let is_measured = |item: &ItemCode| self.context.reference_data.is_measured(item);
            let measured = rule.selector.items().into_iter().any(is_measured);
            let limit = limit(allowed, units.held, measured);
            if let Err(fault) = limit {
                because(match fault {
                    NoAmount::OutOfRange => Reason::of_rule(ReasonCode::OutOfRange, &rule.code),
                    NoAmount::Open | NoAmount::Meaningless => Reason::of_form(&rule.code, rule.quantity.form()),
                });
            }
            (units, limit.unwrap_or(Interval::UNKNOWN))
        });
        let in_words = |interval| match interval {
            Interval::UNKNOWN => message!("working-in-use-open"),
            known => wording::interval(known, wording.unit_of(&rule.selector, &rule.unit)),
        };
        let working = message!(
            "working-away",
            n = allowed.n,
            per = allowed.per,
            held = in_words(units.held),
            allowed = in_words(limit),
            away = in_words(units.away),
        );
        Found {
            bound: Bound::AtMost,
            required: limit,
            found: units.away,
            held: Some(units.held),
            reasons: reasons.into_iter().collect(),
            working: working.text(wording.language),
        }
    }

    /// The units of a rule's items in all depots with stock of the organization's own; `None` if they cannot be summed up.
    fn units(&self, asked: &AskedRule<'_>, because: &mut impl FnMut(Reason)) -> Option<Units> {
        let rule = asked.binding.rule;
        let items: BTreeSet<&str> = rule.selector.items().into_iter().map(String::as_str).collect();
        if items.is_empty() {
            because(Reason {
                form: Some("selector".to_owned()),
                ..Reason::of_rule(ReasonCode::NotEvaluated, &rule.code)
            });
            return None;
        }
        if self.stores.none_recorded() {
            because(Reason::bare(ReasonCode::NoDepot));
            return None;
        }
        let setting = self.context.reference_data.validity_of(&self.context.records.organization, self.context.day);
        let validity_days = rule.validity_days.unwrap_or(setting.days);
        let counts = Asked { validity_days, inspection: InspectionAsked::default(), agreement: false };
        let mut units = Vec::new();
        for item in items {
            // What others hold under an agreement is not lent or repaired by the organization.
            let depots = self.stores.stock_of(item, counts);
            for found in depots.iter().filter(|found| found.holding == Holding::Physical) {
                let of_depot = Units::in_depot(found);
                let code = match (found.state, of_depot) {
                    (_, Err(OutOfRange)) => Some(ReasonCode::OutOfRange),
                    (_, Ok(known)) if known.is_exact() => None,
                    (StockState::NeverCounted, _) => Some(ReasonCode::NeverCounted),
                    (StockState::Stale, _) => Some(ReasonCode::StaleCount),
                    (StockState::Contested, _) => Some(ReasonCode::Contested),
                    (StockState::Counted | StockState::Conflict, _) => Some(ReasonCode::Conflict),
                };
                if let Some(code) = code {
                    because(Reason::of_depot(code, &found.depot.code));
                }
                units.push(of_depot.unwrap_or(Units::UNKNOWN));
            }
        }
        let sum = |of: fn(&Units) -> Interval| Interval::sum(units.iter().map(of));
        match (sum(|units| units.away), sum(|units| units.held)) {
            (Ok(away), Ok(held)) => Some(Units { away, held }),
            _ => {
                because(Reason::bare(ReasonCode::OutOfRange));
                None
            }
        }
    }
}

/// The units that may be away, end by end.
fn limit(allowed: Share, held: Interval, measured: bool) -> Result<Interval, NoAmount> {
    let of = |total| share(allowed, total, measured);
    Ok(Interval { min: of(held.min)?, max: held.max.map(of).transpose()? })
}
