//! Reasons why a figure is not known, in the order in which they are stated.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::value::{Read, rank, text};

/// The codes, in order.
const CODES: [&str; 15] = [
    "condition_unknown",
    "fact_unknown",
    "not_evaluated",
    "target_not_declared",
    "exempt",
    "waived",
    "no_depot",
    "never_counted",
    "stale_count",
    "conflict",
    "contested",
    "expiry_missing",
    "inspection_unknown",
    "out_of_range",
    "search_limit",
];

/// A reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    rank: usize,
    rule: Option<String>,
    fact: Option<String>,
    form: Option<String>,
    depot: Option<String>,
}

impl Reason {
    /// A reason without details.
    pub fn new(code: &str) -> Self {
        let rank = CODES.iter().position(|known| *known == code).unwrap_or(CODES.len());
        Self { rank, ..Self::default() }
    }

    /// A reason as the document has it.
    pub fn read(found: &Value) -> Read<Self> {
        let rank = rank(&CODES, text(found, "code")?)?;
        let of = |name: &str| found.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        Ok(Self { rank, rule: of("rule"), fact: of("fact"), form: of("form"), depot: of("depot") })
    }

    /// True if it says why something is not known, and not why nothing is required.
    pub fn is_cause(&self) -> bool {
        !matches!(CODES.get(self.rank), Some(&("exempt" | "waived")))
    }

    /// The same about a rule.
    pub fn rule(self, rule: &str) -> Self {
        Self { rule: Some(rule.to_owned()), ..self }
    }

    /// The same about a fact.
    pub fn fact(self, fact: &str) -> Self {
        Self { fact: Some(fact.to_owned()), ..self }
    }

    /// The same about a form.
    pub fn form(self, form: &str) -> Self {
        Self { form: Some(form.to_owned()), ..self }
    }

    /// The same about a depot.
    pub fn depot(self, depot: &str) -> Self {
        Self { depot: Some(depot.to_owned()), ..self }
    }
}

/// Reasons as JSON, in order and without repeats.
pub fn shown(reasons: impl IntoIterator<Item = Reason>) -> Value {
    let reasons: BTreeSet<Reason> = reasons.into_iter().collect();
    let one = |reason: Reason| {
        let details = [("rule", reason.rule), ("fact", reason.fact), ("form", reason.form), ("depot", reason.depot)];
        let details = details.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?))));
        let code = ("code".to_owned(), json!(CODES.get(reason.rank)));
        Value::Object(std::iter::once(code).chain(details).collect::<Map<_, _>>())
    };
    reasons.into_iter().map(one).collect()
}
