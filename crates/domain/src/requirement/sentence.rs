//! The working of a rule as a sentence with its numbers.

use std::collections::BTreeSet;

use super::line_selector::PartNumber;
use super::{Amount, AskedRule, NoAmount};
use crate::condition::Truth;
use crate::interval::Interval;
use crate::labels::form_label;
use crate::rule::{Bound, FactSelector, Limits, RuleQuantity, Selector, Spare, SpareRatio, StepRounding};
use crate::wording::{self, Wording};
use base::quantity::Quantity;
use text::messages::{Argument, Message, message};

/// The working as a sentence, such as `1 set per person × 24 people (People on duty) = 24 sets; spare 5:1, 5 sets; 29
/// sets required`.
pub fn in_words(asked: &AskedRule<'_>, wording: Wording<'_>) -> Message {
    let rule = asked.binding.rule;
    let unit = wording.unit_of(&rule.selector, &rule.unit);
    let working = Sentence { asked, wording, unit, amount: asked.amount }.working();
    let working = match asked.part.number {
        PartNumber::Same => working,
        PartNumber::Times(quantity) => message!(
            "working-times",
            working = working,
            times = quantity.to_string(),
            total = asked.total.map_or_else(
                |_| Message::new("working-in-use-open"),
                |total| { wording::interval(total, wording.unit_of_line(&asked.part.selector.to_selector())) }
            ),
        ),
        PartNumber::Once(quantity) => message!("working-kinds", working = working, kinds = quantity.to_string()),
    };
    if asked.exemption.is_some() {
        return message!("working-exempt", working = working);
    }
    if asked.waived == Truth::Yes {
        return message!("working-waived", working = working);
    }
    if asked.surely_applies() {
        return working;
    }
    let conditions = [(Some(&rule.applies_when), asked.applies), (rule.waived_when.as_ref(), asked.waived)];
    let missing = conditions.into_iter().filter(|(_, truth)| *truth == Truth::Unknown);
    let evaluated = missing.filter_map(|(condition, _)| Some(condition?.evaluate(asked.subject)));
    let names: BTreeSet<String> = evaluated
        .flat_map(|condition| condition.missing_facts().into_iter().map(|key| wording.fact(key)).collect::<Vec<_>>())
        .collect();
    if names.is_empty() {
        return message!("working-perhaps", working = working);
    }
    let (open, close) = (wording.language.choose("\"", "“"), wording.language.choose("\"", "”"));
    let facts: Vec<_> = names.into_iter().map(|name| format!("{open}{name}{close}")).collect();
    message!("working-perhaps-missing", working = working, facts = facts)
}

/// The parts of a sentence about one rule.
struct Sentence<'a, 'w> {
    asked: &'a AskedRule<'a>,
    wording: Wording<'w>,
    unit: &'a str,
    amount: Result<Amount, NoAmount>,
}

impl Sentence<'_, '_> {
    fn working(&self) -> Message {
        let wording = self.wording;
        let [bounds, spare, total] = self.ending();
        match &self.asked.binding.rule.quantity {
            RuleQuantity::Rate(rate) => match &rate.of {
                None => message!(
                    "working-rate-fixed",
                    n = self.quantity(rate.n),
                    bounds = bounds,
                    spare = spare,
                    total = total
                ),
                Some(key) => message!(
                    "working-rate",
                    n = self.quantity(rate.n),
                    per = wording::each(rate.per, wording.unit_of_fact(key)),
                    counted = self.counted(0),
                    in_use = self.in_use(),
                    bounds = bounds,
                    spare = spare,
                    total = total,
                ),
            },
            RuleQuantity::Range(range) => {
                let to = self.quantity(range.to);
                match &range.of {
                    None => message!("working-range-fixed", from = self.quantity(range.from), to = to, total = total),
                    Some(key) => message!(
                        "working-range",
                        from = self.quantity(range.from),
                        to = to,
                        per = wording::each(range.per, wording.unit_of_fact(key)),
                        counted = self.counted(0),
                        total = total,
                    ),
                }
            }
            RuleQuantity::Coverage(coverage) => message!(
                "working-coverage",
                factor = self.factor(coverage.factor, coverage.factor_of.is_some()),
                counted = self.counted(0),
                capacity = wording::quantity(coverage.capacity, wording.unit_of_fact(&coverage.of)),
                unit_capacity = wording::number(coverage.unit_capacity),
                in_use = self.in_use(),
                bounds = bounds,
                spare = spare,
                total = total,
            ),
            RuleQuantity::Band(band) if band.and.is_some() => message!(
                "working-band-two",
                one = self.counted(0),
                two = self.counted(1),
                in_use = self.in_use(),
                spare = spare,
                total = total,
            ),
            RuleQuantity::Band(_) => {
                message!(
                    "working-band",
                    counted = self.counted(0),
                    in_use = self.in_use(),
                    spare = spare,
                    total = total
                )
            }
            RuleQuantity::Step(step) => message!(
                "working-step",
                rounding = match step.rounding {
                    StepRounding::Floor => "floor",
                    StepRounding::Ceil => "ceil",
                },
                n = self.quantity(step.n),
                from = wording::quantity(step.from, wording.unit_of_fact(&step.of)),
                more = self.quantity(step.more),
                per = wording::quantity(step.per, wording.unit_of_fact(&step.of)),
                counted = self.counted(0),
                in_use = self.in_use(),
                bounds = bounds,
                spare = spare,
                total = total,
            ),
            RuleQuantity::PerCapita(per_capita) => {
                let time: &'static str = per_capita.time_unit.into();
                let time = |quantity| wording::quantity(quantity, time);
                message!(
                    "working-per-capita",
                    n = self.quantity(per_capita.n),
                    per = wording::each(per_capita.per, wording.unit_of_fact(&per_capita.of)),
                    per_time = time(per_capita.per_time),
                    counted = self.counted(0),
                    time = time(per_capita.time),
                    in_use = self.in_use(),
                    bounds = bounds,
                    spare = spare,
                    total = total,
                )
            }
            RuleQuantity::Ratio(ratio) => {
                let required = self.asked.other.as_ref().map_or(Ok(Interval::ZERO), |other| other.required);
                message!(
                    "working-ratio",
                    n = self.quantity(ratio.n),
                    per = ratio.per.to_string(),
                    of = wording.selector(&ratio.to),
                    required = required.map_or_else(|_| message!("working-in-use-open"), ends),
                    in_use = self.in_use(),
                    bounds = bounds,
                    spare = spare,
                    total = total,
                )
            }
            RuleQuantity::Present(_) => message!("working-present", total = total),
            RuleQuantity::Optional(_) => message!("working-optional"),
            RuleQuantity::AsNeeded(_) => match self.asked.target {
                Some(target) => message!("working-target", target = self.quantity(target.quantity)),
                None => message!("working-no-target"),
            },
            form @ (RuleQuantity::AwayAtMost(_)
            | RuleQuantity::ServiceLife(_)
            | RuleQuantity::Classes(_)
            | RuleQuantity::Stated(_)
            | RuleQuantity::NotEvaluated(_)) => message!("working-not-evaluated", form = form_label(form.form())),
        }
    }

    fn quantity(&self, quantity: Quantity) -> Message {
        wording::quantity(quantity, self.unit)
    }

    fn known(&self) -> Amount {
        self.amount.unwrap_or(Amount::UNKNOWN)
    }

    fn in_use(&self) -> Message {
        self.or_open(self.known().in_use)
    }

    fn or_open(&self, interval: Interval) -> Message {
        if interval == Interval::UNKNOWN {
            message!("working-in-use-open")
        } else {
            wording::interval(interval, self.unit)
        }
    }

    /// One of the facts counted, with its value.
    fn counted(&self, place: usize) -> Message {
        let facts = self.asked.binding.rule.quantity.facts();
        let key = facts.get(place).map(|key| key.as_str()).unwrap_or_default();
        let fact = self.wording.fact(key);
        match self.asked.counted.get(place).copied().flatten() {
            Some(number) => {
                let quantity = wording::quantity(number, self.wording.unit_of_fact(key));
                message!("working-counted", quantity = quantity, fact = fact)
            }
            None => message!("working-not-counted", fact = fact),
        }
    }

    fn factor(&self, factor: Quantity, further: bool) -> Argument {
        if further && factor == Quantity::whole(1) {
            self.counted(1).into()
        } else if further {
            message!("working-factor-further", factor = factor.to_string(), further = self.counted(1)).into()
        } else {
            Argument::from(factor.to_string())
        }
    }

    /// The limits, the spare and the total.
    fn ending(&self) -> [Argument; 3] {
        let Limits { at_least, at_most, spare } = self.asked.binding.rule.quantity.limits();
        let quantity = |quantity: Quantity| self.quantity(quantity);
        let or_nothing = |part: Option<Message>| part.map_or_else(|| Argument::from(""), Argument::from);
        // Of nothing not even the least is asked.
        let of_nothing = self.asked.counted.first().is_some_and(|counted| *counted == Some(Quantity::ZERO));
        let bounds = match (at_least.filter(|_| !of_nothing), at_most) {
            (Some(least), Some(most)) => {
                Some(message!("working-least-and-most", least = quantity(least), most = quantity(most)))
            }
            (Some(least), None) => Some(message!("working-least", least = quantity(least))),
            (None, Some(most)) => Some(message!("working-most", most = quantity(most))),
            (None, None) => None,
        };
        let known = self.known();
        let reserve = self.or_open(known.spare);
        let spare = spare.map(|share| match share {
            Spare::Ratio(SpareRatio { for_each, reserve: spare }) => {
                message!("working-spare-ratio", for_each = for_each, reserve = spare, spare = reserve)
            }
            Spare::Percent(percent) => message!("working-spare-percent", percent = percent, spare = reserve),
        });
        let total = || wording::interval(known.total, self.unit);
        let total = match (self.amount, &self.asked.binding.rule.selector) {
            (Err(NoAmount::OutOfRange), _) => message!("working-total-out-of-range"),
            _ if known.total == Interval::UNKNOWN => message!("working-total-open"),
            (_, Selector::Fact(FactSelector { bound: Bound::AtLeast, .. })) => {
                message!("working-total-at-least", quantity = total())
            }
            (_, Selector::Fact(FactSelector { bound: Bound::AtMost, .. })) => {
                message!("working-total-at-most", quantity = total())
            }
            _ => message!("working-total", quantity = total()),
        };
        [or_nothing(bounds), or_nothing(spare), total.into()]
    }
}

/// The ends of an interval without a unit.
fn ends(interval: Interval) -> Message {
    match interval.max {
        Some(max) if max == interval.min => Message::new("code").with("code", max.to_string()),
        Some(max) => message!("working-between", min = interval.min.to_string(), max = max.to_string()),
        None => message!("working-from", min = interval.min.to_string()),
    }
}
