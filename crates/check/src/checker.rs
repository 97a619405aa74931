//! The arithmetic of one explanation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::rules::facts::{Facts, Truth};
use crate::rules::{
    Reason, Rule, Scope, agreement_of, covered_of, groups_of, lacks_target, required_of, shown_reasons,
};
use crate::selector::{items_of, line_id, line_parts};
use crate::state::State;
use crate::stock::{Depot, Terms};
use crate::time::{day, instant, zone};
use crate::value::{
    Difference, Differences, LIMIT, Pair, Read, STRENGTHS, UNKNOWN, Unreadable, ZERO, get, interval, list, number,
    object, optional, optional_whole, plus, rank, same, shortage, shown, text, total, whole,
};

/// The form of documents that this checker reads.
const SCHEMA: &str = "muster-explanation/1";

/// The engines whose rules it knows.
const ENGINES: [&str; 1] = ["3"];

/// What can never be proven from the document.
const ALWAYS: [&str; 4] = ["counts_complete", "facts_true", "lines_of_counts", "rules_complete"];

/// The causes for which an adoption does not bear.
const CAUSES: [&str; 8] =
    ["not_begun", "ended", "weaker", "superseded", "draft", "edition_not_begun", "edition_ended", "edition_unknown"];

/// The notes of counts, in order.
const FLAGS: [&str; 9] = [
    "clock_corrected",
    "clock_went_back",
    "seq_reused",
    "seq_jumped",
    "counted_ahead",
    "catalogue_unknown",
    "before_catalogue",
    "ledger",
    "lots_not_mentioned",
];

/// The check of an explanation.
struct Checker<'v> {
    /// What its parts share.
    state: State<'v>,
    /// The stock of the line's items.
    depots: Vec<Depot>,
    scopes: Vec<Scope>,
    required_out: bool,
    settled: Pair,
}

/// Checks a document: the values that differ, and what cannot be proven.
pub fn check(document: &Value) -> Read<(Vec<Difference>, BTreeSet<&'static str>)> {
    if text(document, "schema")? != SCHEMA {
        return Err(Unreadable("schema"));
    }
    let mut checker = Checker::new(document)?;
    if !ENGINES.contains(&text(document, "engine")?) {
        checker.state.unprovable.insert("engine");
    }
    instant(text(document, "known_at")?)?;
    checker.check_rules()?;
    checker.check_asked()?;
    checker.check_stock()?;
    checker.check_figures()?;
    checker.check_passed_over()?;
    checker.check_items()?;
    Ok((checker.state.differences.0, checker.state.unprovable))
}

impl<'v> Checker<'v> {
    fn new(document: &'v Value) -> Read<Self> {
        let explanation = object(document, "explanation")?;
        let items = list(explanation, "items")?.iter().map(|item| Ok((text(item, "item")?, item)));
        let counts = list(explanation, "counts")?.iter().enumerate();
        let state = State {
            document,
            differences: Differences::default(),
            unprovable: ALWAYS.into(),
            facts: Facts::new(document)?,
            zone: zone(text(explanation, "zone")?)?,
            strength: rank(&STRENGTHS, text(document, "strength")?)?,
            selector: object(document, "selector")?.clone(),
            groups: groups_of(list(explanation, "sharing")?)?,
            open_ratios: Vec::new(),
            terms: None,
            agreement: ZERO,
            own_agreement: ZERO,
            covered: ZERO,
            required: UNKNOWN,
            named_items: BTreeSet::new(),
            explanation,
            items: items.collect::<Read<_>>()?,
            headers: counts.map(|(place, count)| Ok((text(count, "id")?, (place, count)))).collect::<Read<_>>()?,
            on_record: list(explanation, "depots_on_record")?,
        };
        Ok(Self { state, depots: Vec::new(), scopes: Vec::new(), required_out: false, settled: UNKNOWN })
    }

    fn check_items(&mut self) -> Read<()> {
        let own = items_of(&self.state.selector, true)?;
        self.state.named_items.extend(own.into_iter().map(ToOwned::to_owned));
        let cited = list(self.state.explanation, "items")?;
        let codes: Vec<&Value> = cited.iter().map(|item| get(item, "item")).collect::<Read<_>>()?;
        self.state.differences.compare(&json!(self.state.named_items), &json!(codes), "/explanation/items");
        Ok(())
    }

    fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.scopes.iter().flat_map(|scope| &scope.rules)
    }

    fn asking(&self) -> impl Iterator<Item = &Rule> {
        self.rules().filter(|rule| rule.asks())
    }

    fn check_rules(&mut self) -> Read<()> {
        for (place, scope) in list(self.state.explanation, "scopes")?.iter().enumerate() {
            let scope = Scope::new(&mut self.state, scope, &format!("/explanation/scopes/{place}"))?;
            self.scopes.push(scope);
        }
        let required = required_of(&self.scopes, |scope| scope.required);
        self.required_out = required.is_none();
        self.state.required = required.unwrap_or(UNKNOWN);
        self.settled = required_of(&self.scopes, |scope| scope.settled).unwrap_or(UNKNOWN);
        let none_asks = self.asking().next().is_none();
        let bearing = || self.rules().filter(|rule| none_asks || rule.asks());
        let basis = if bearing().all(|rule| rule.verified) { "established" } else { "indicative" };
        let mut clauses: Vec<Value> = Vec::new();
        for rule in bearing() {
            let standard = get(get(&rule.found, "standard")?, "code")?;
            let clause = json!({"standard": standard, "clause": get(&rule.found, "clause")?, "rule": rule.code});
            if !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
        let unit = self.unit()?;
        let strength = STRENGTHS.get(self.state.strength).copied().unwrap_or_default();
        let line = line_id(text(self.state.document, "organization")?, &self.state.selector, strength)?;
        let expected = [
            ("required", shown(self.state.required)),
            ("basis", json!(basis)),
            ("unit", json!(unit)),
            ("clauses", json!(clauses)),
            ("line", json!(line)),
        ];
        for (name, expected) in expected {
            self.state.differences.member(self.state.document, name, &expected, "");
        }
        Ok(())
    }

    /// The unit of an item, that of kinds, or that of the strongest rule.
    fn unit(&self) -> Read<String> {
        let strongest = self.rules().min_by_key(|rule| (STRENGTHS.len() - rule.strength, rule.code.as_str()));
        let of_rule = strongest.map_or(Ok(""), |rule| text(&rule.found, "unit"))?;
        if let Some(item) = self.state.selector.get("item").and_then(Value::as_str) {
            let unit = text(self.state.item(item)?, "unit")?;
            return Ok(if unit.is_empty() { of_rule } else { unit }.to_owned());
        }
        let of_kinds =
            self.state.selector.get("each_of").is_some() && self.rules().any(|rule| rule.found.get("once").is_some());
        Ok(if of_kinds { "kind" } else { of_rule }.to_owned())
    }

    fn check_asked(&mut self) -> Read<()> {
        let explanation = self.state.explanation;
        let validity = object(explanation, "validity")?;
        let setting = object(validity, "setting")?;
        let of_setting = whole(get(setting, "days")?)?;
        let of = |name: &str| -> Read<Vec<(&Rule, i128)>> {
            let asked = self.asking().map(|rule| Ok((rule, optional_whole(&rule.found, name)?)));
            let asked: Vec<(&Rule, Option<i128>)> = asked.collect::<Read<_>>()?;
            Ok(asked.into_iter().filter_map(|(rule, number)| Some((rule, number?))).collect())
        };
        let days_of = of("validity_days")?;
        let shortest = days_of.iter().map(|(_, days)| *days).min();
        let surely = days_of.iter().any(|(rule, _)| rule.surely_applies());
        let may_not_ask = !surely && days_of.len() < self.asking().count();
        let by_setting = shortest.is_none_or(|days| may_not_ask && of_setting < days);
        let days = shortest.filter(|_| !by_setting).unwrap_or(of_setting);
        let set_by = days_of.iter().filter(|(_, set)| *set == days).map(|(rule, _)| rule.code.as_str());
        let mut expected = json!({"days": whole_number(days), "setting": setting, "rules": set_by.collect::<Vec<_>>()});
        if let (Some(members), Some(region), true) = (expected.as_object_mut(), optional(setting, "region"), by_setting)
        {
            members.insert("region".to_owned(), region.clone());
        }
        let months_of = of("inspected_within_months")?;
        let perhaps = months_of.iter().map(|(_, months)| *months).min();
        let sure = months_of.iter().filter(|(rule, _)| rule.surely_applies()).map(|(_, months)| *months).min();
        self.state.covered = covered_of(&self.scopes, self.state.strength)?;
        let of_kinds = self.state.selector.get("each_of").is_some();
        if !of_kinds {
            self.state.agreement = agreement_of(&self.scopes, None)?;
            self.state.own_agreement = agreement_of(&self.scopes, Some(self.state.strength))?;
        }
        let months = |number: Option<i128>| number.map_or(Value::Null, whole_number);
        let inspection = json!({"surely_within_months": months(sure), "perhaps_within_months": months(perhaps)});
        self.state.terms = Some(Terms {
            as_of: self.state.facts.as_of,
            validity_days: days,
            surely: sure,
            perhaps,
            agreement: self.state.agreement != ZERO,
        });
        self.state.differences.compare(&expected, validity, "/explanation/validity");
        self.state.differences.compare(&inspection, get(explanation, "inspection")?, "/explanation/inspection");
        let agreement = shown(self.state.agreement);
        self.state.differences.member(explanation, "agreement", &agreement, "/explanation");
        Ok(())
    }

    fn check_stock(&mut self) -> Read<()> {
        for (place, depot) in self.state.on_record.iter().enumerate() {
            let from = text(depot, "valid_from")?;
            if day(from)? > self.state.facts.as_of {
                let at = format!("/explanation/depots_on_record/{place}/valid_from");
                self.state.differences.note(at, Value::Null, json!(from));
            }
        }
        let mut open = Vec::new();
        for depot in self.state.on_record {
            open.extend((get(depot, "open")? == &json!(true)).then_some(depot));
        }
        let selector = self.state.selector.clone();
        let mut items = items_of(&selector, true)?;
        items.sort_unstable();
        items.dedup();
        let wanted: Vec<(&str, &Value)> =
            items.iter().flat_map(|item| open.iter().map(|depot| (*item, *depot))).collect();
        let (depots, evidence) = (list(self.state.explanation, "depots")?, list(self.state.explanation, "evidence")?);
        for (name, found) in [("depots", depots), ("evidence", evidence)] {
            if found.len() != wanted.len() {
                self.state.differences.note(format!("/explanation/{name}"), json!(wanted.len()), json!(found.len()));
            }
        }
        for (place, ((item, on_record), evidence)) in wanted.into_iter().zip(evidence).enumerate() {
            let depot =
                Depot::new(&mut self.state, on_record, item, evidence, &format!("/explanation/evidence/{place}"))?;
            if let Some(stated) = depots.get(place) {
                self.state.differences.compare(&depot.shown()?, stated, &format!("/explanation/depots/{place}"));
            }
            self.depots.push(depot);
        }
        Ok(())
    }

    fn check_figures(&mut self) -> Read<()> {
        let document = self.state.document;
        let is_other = self.state.selector.get("other").is_some();
        let items: BTreeSet<&str> = self.depots.iter().map(|depot| depot.item.as_str()).collect();
        let of_item = |item: &str| {
            self.depots.iter().filter(|depot| depot.item == item).map(|depot| depot.usable).collect::<Vec<_>>()
        };
        let out_of_range = self.depots.iter().any(|depot| depot.out_of_range)
            || items.into_iter().any(|item| total(of_item(item)).is_none());
        let shared = optional(self.state.explanation, "shared");
        let (mut usable, mut limited, mut earlier) = (Some(UNKNOWN), false, Vec::new());
        match shared {
            _ if is_other || self.state.on_record.is_empty() => {}
            _ if out_of_range => usable = None,
            None => {
                usable = total(self.depots.iter().map(|depot| depot.usable));
                if self.state.selector.get("item").is_none() || self.state.agreement != ZERO {
                    self.state.differences.note("/explanation/shared", json!("present"), Value::Null);
                }
            }
            Some(shared) => {
                let own = self.causes()?;
                let (turn, of_earlier) =
                    crate::shared::check(&mut self.state, &self.depots, own, shared, "/explanation/shared")?;
                earlier = of_earlier;
                usable = of_turn(turn.as_ref())?;
                limited = turn.as_ref().is_some_and(|turn| turn.get("limited") == Some(&json!(true)));
            }
        }
        if shared.is_some() && (is_other || self.state.on_record.is_empty() || out_of_range) {
            self.state.differences.note("/explanation/shared", Value::Null, json!("present"));
        }
        let known = usable.unwrap_or(UNKNOWN);
        let missing = shortage(self.state.required, known);
        let mut times = Vec::new();
        for depot in &self.depots {
            if let Some(at) = depot.last_counted_at()? {
                times.push((instant(at.as_str().ok_or(Unreadable("effective_at"))?)?, at.clone()));
            }
        }
        let last = times.into_iter().max_by_key(|(at, _)| *at).map(|(_, at)| at).unwrap_or_default();
        let mut left_out: BTreeMap<&str, Option<i128>> = BTreeMap::new();
        for (reason, quantity) in self.depots.iter().flat_map(|depot| &depot.left_out) {
            let sum = left_out.entry(reason).or_insert(Some(0));
            *sum = plus(*sum, *quantity);
        }
        let left_out: Map<String, Value> =
            left_out.into_iter().map(|(reason, quantity)| (reason.to_owned(), number(quantity))).collect();
        let expected = [
            ("usable", shown(known)),
            ("shortage", shown(missing)),
            ("status", json!(self.status(missing, known))),
            ("last_counted_at", last),
            ("left_out", Value::Object(left_out)),
            ("conflict", json!(self.depots.iter().any(|depot| depot.conflict))),
            ("contested", json!(self.depots.iter().any(|depot| depot.state == "contested"))),
            ("flags", json!(self.flags()?)),
            ("reasons", shown_reasons(self.reasons(usable, limited, missing, earlier)?)),
        ];
        for (name, expected) in expected {
            self.state.differences.member(document, name, &expected, "");
        }
        Ok(())
    }

    fn flags(&self) -> Read<Vec<&'static str>> {
        let mut places = BTreeSet::new();
        for depot in &self.depots {
            for flag in depot.flags()? {
                places.insert(rank(&FLAGS, &flag).map_err(|_| Unreadable("flags"))?);
            }
        }
        Ok(places.into_iter().filter_map(|place| FLAGS.get(place).copied()).collect())
    }

    fn status(&self, missing: Pair, usable: Pair) -> &'static str {
        let is_mandatory = self.state.strength + 1 == STRENGTHS.len();
        let lacks =
            |scope: &Scope| scope.rules.iter().any(|rule| rule.surely_applies() && lacks_target(&scope.rules, rule));
        if self.state.required.1 == Some(0) {
            "not_required"
        } else if missing.0 > 0 {
            if is_mandatory { "short" } else { "below" }
        } else if missing.1 == Some(0) {
            if is_mandatory { "met" } else { "at" }
        } else if self.scopes.iter().any(lacks) && shortage(self.settled, usable).1 == Some(0) {
            "not_set"
        } else {
            "unknown"
        }
    }

    /// The causes for which the requirement is not known, and those of stock.
    fn causes(&self) -> Read<[Vec<Reason>; 2]> {
        let known = self.state.required.1 == Some(self.state.required.0);
        let mut of_rules = if known { Vec::new() } else { self.reasons_of_rules()? };
        of_rules.retain(Reason::is_cause);
        Ok([of_rules, self.depots.iter().flat_map(Depot::reasons).collect()])
    }

    fn reasons_of_rules(&self) -> Read<Vec<Reason>> {
        let mut reasons = Vec::new();
        for scope in &self.scopes {
            let is_open = scope.required.1 != Some(scope.required.0);
            for rule in scope.rules.iter().filter(|rule| is_open || !rule.asks()) {
                reasons.extend(rule.reasons()?);
            }
        }
        if self.required_out && !self.scopes.iter().any(|scope| scope.out_of_range) {
            let governing = self.scopes.iter().flat_map(|scope| scope.rules.iter().filter(|rule| scope.governs(rule)));
            reasons.extend(governing.map(|rule| Reason::new("out_of_range").rule(&rule.code)));
        }
        Ok(reasons)
    }

    fn reasons(&self, usable: Option<Pair>, limited: bool, missing: Pair, earlier: Vec<Reason>) -> Read<Vec<Reason>> {
        let mut reasons = self.reasons_of_rules()?;
        if missing.1 != Some(missing.0) {
            // What earlier lines take is not known, or how much agreements may meet.
            reasons.extend(earlier);
            let agreement = self.state.agreement;
            if agreement.1 != Some(agreement.0) && self.depots.iter().any(|depot| depot.holding == "agreement") {
                for rule in self.rules() {
                    reasons.extend(rule.reasons()?);
                }
            }
        }
        if self.state.selector.get("other").is_some() {
            let open = self.state.required.1 != Some(0);
            reasons.extend(open.then(|| Reason::new("not_evaluated").form("selector")));
        } else if self.state.on_record.is_empty() {
            reasons.push(Reason::new("no_depot"));
        } else {
            reasons.extend(self.depots.iter().flat_map(Depot::reasons));
        }
        reasons.extend((limited && missing.1 != Some(missing.0)).then(|| Reason::new("search_limit")));
        let of_sum = usable.is_none() && !self.depots.iter().any(|depot| depot.out_of_range);
        reasons.extend(of_sum.then(|| Reason::new("out_of_range")));
        Ok(reasons)
    }

    fn check_passed_over(&mut self) -> Read<()> {
        let passed_over = object(self.state.explanation, "passed_over")?;
        for (place, rule) in list(passed_over, "rules")?.iter().enumerate() {
            let at = format!("/explanation/passed_over/rules/{place}");
            let condition = get(rule, "condition")?;
            let adoption = get(rule, "adoption")?;
            for (dated, name, at) in
                [(rule, "rule_valid_from", &at), (adoption, "valid_from", &format!("{at}/adoption"))]
            {
                let from = text(dated, name)?;
                if day(from)? > self.state.facts.as_of {
                    self.state.differences.note(format!("{at}/{name}"), Value::Null, json!(from));
                }
            }
            let region = get(adoption, "region")?;
            if !self.state.facts.is_in(region)? {
                self.state.differences.note(format!("{at}/adoption/region"), Value::Null, region.clone());
            }
            let holds = self.state.facts.truth(condition, &format!("{at}/condition"), &mut self.state.differences)?;
            let own = rank(&STRENGTHS, text(rule, "rule_strength")?)?;
            let own = own.min(rank(&STRENGTHS, text(adoption, "strength")?)?);
            let cause = match holds {
                Truth::No => json!("does_not_apply"),
                _ if own < self.state.strength => json!("weaker"),
                _ => Value::Null,
            };
            self.state.differences.member(rule, "strength", &json!(STRENGTHS.get(own)), &at);
            self.state.differences.member(rule, "cause", &cause, &at);
            let selector = object(rule, "selector")?;
            if !line_parts(selector)?.iter().any(|(part, _)| same(part, &self.state.selector)) {
                self.state.differences.note(format!("{at}/selector"), self.state.selector.clone(), selector.clone());
            }
        }
        for (place, adoption) in list(passed_over, "adoptions")?.iter().enumerate() {
            self.check_adoption(adoption, &format!("/explanation/passed_over/adoptions/{place}"))?;
        }
        Ok(())
    }

    fn check_adoption(&mut self, adoption: &Value, at: &str) -> Read<()> {
        let (cause, as_of) = (text(adoption, "cause")?, self.state.facts.as_of);
        rank(&CAUSES, cause)?;
        let begins = day(text(adoption, "valid_from")?)?;
        let strength = get(adoption, "strength")?;
        let by = adoption.get("by");
        let decides = optional(adoption, "day");
        let mut wrong = Vec::new();
        wrong.extend((!self.state.facts.is_in(get(adoption, "region")?)?).then_some("region"));
        wrong.extend(((cause == "not_begun") != (begins > as_of)).then_some("valid_from"));
        wrong.extend((cause != "not_begun" && (cause == "ended") != strength.is_null()).then_some("strength"));
        wrong.extend((matches!(cause, "weaker" | "superseded") != by.is_some()).then_some("by"));
        let has_day = matches!(cause, "edition_not_begun" | "edition_ended");
        let is_wrong_day = match decides {
            None => has_day,
            Some(found) => {
                let found = found.as_str().ok_or(Unreadable("day"))?;
                !has_day || (day(found)? > as_of) != (cause == "edition_not_begun")
            }
        };
        wrong.extend(is_wrong_day.then_some("day"));
        for name in wrong {
            self.state.differences.note(
                format!("{at}/{name}"),
                Value::Null,
                adoption.get(name).cloned().unwrap_or_default(),
            );
        }
        Ok(())
    }
}

fn whole_number(number: i128) -> Value {
    json!(i64::try_from(number).unwrap_or(i64::MAX))
}

/// What the line's turn gives it; `None` is out of range.
fn of_turn(turn: Option<&Value>) -> Read<Option<Pair>> {
    let Some(turn) = turn else { return Ok(Some(UNKNOWN)) };
    let usable = interval(get(turn, "usable")?)?;
    let is_known = usable.0 < LIMIT - 1 && usable.1 != Some(LIMIT - 1);
    Ok(is_known.then_some(usable))
}
