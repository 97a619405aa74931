//! Conditions of rules: a small predicate language over facts about an organization.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::fact::{FactKey, FactsOnDay, Known};
use super::one_member::one_member;
use super::organization::OrganizationKind;
use base::quantity::Quantity;

one_member! {
    /// The condition under which a rule applies: exactly one of the members. It is evaluated in Kleene's three-valued
    /// logic: a fact that was not recorded is unknown, never false.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub enum RuleCondition as RuleConditionMembers {
        /// All hold; an empty list always holds.
        #[schema(no_recursion, max_items = 100)]
        All("all" all: Vec<RuleCondition>),
        /// At least one holds; an empty list never holds.
        #[schema(no_recursion, max_items = 100)]
        Any("any" any: Vec<RuleCondition>),
        /// The inner condition does not hold.
        #[schema(no_recursion)]
        Not("not" not: Box<RuleCondition>),
        /// The organization is of this kind.
        Kind("kind" kind: OrganizationKind),
        /// A team of this type.
        #[schema(max_length = 64)]
        Type("type" of_type: String),
        /// It works in this sector.
        #[schema(max_length = 64)]
        Sector("sector" sector: String),
        /// The tag is on its fact sheet.
        #[schema(value_type = Option<String>, max_length = 64)]
        Tag("tag" tag: FactKey),
        /// A number on its fact sheet compares as stated.
        Compare("compare" compare: Comparison),
        /// It is of a class, by a class table that binds it.
        Class("class" class: ClassTest),
    }
}

/// A test for a class.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassTest {
    /// The name of the class table.
    #[schema(max_length = 64)]
    pub table: String,
    /// The class.
    #[schema(max_length = 64)]
    pub is: String,
}

/// Classes of organizations. The first row whose condition holds gives the class; if none does, there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassTable {
    /// Its name, to which conditions refer.
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
    /// The rows, in order.
    #[schema(min_items = 1, max_items = 100)]
    pub rows: Vec<ClassRow>,
}

/// One row of a class table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassRow {
    /// The condition of the class. It may not ask for a class.
    pub when: RuleCondition,
    /// The class.
    #[schema(min_length = 1, max_length = 64)]
    pub class: String,
}

/// A comparison of a number on the fact sheet with a fixed one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The fact.
    #[schema(value_type = String, max_length = 64)]
    pub fact: FactKey,
    /// The operator.
    pub op: Operator,
    /// The number compared with.
    pub value: Quantity,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Operator {
    /// Less.
    #[serde(rename = "less_than")]
    Less,
    /// At most.
    #[serde(rename = "at_most")]
    AtMost,
    /// Equal.
    #[serde(rename = "equal_to")]
    Equal,
    /// At least.
    #[serde(rename = "at_least")]
    AtLeast,
    /// More.
    #[serde(rename = "more_than")]
    More,
}

impl Operator {
    fn holds(self, found: Quantity, asked: Quantity) -> bool {
        match self {
            Self::Less => found < asked,
            Self::AtMost => found <= asked,
            Self::Equal => found == asked,
            Self::AtLeast => found >= asked,
            Self::More => found > asked,
        }
    }
}

/// A truth value of Kleene's logic, ordered from no to yes: *and* is the least and *or* the greatest.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Truth {
    /// It does not hold.
    No,
    /// It may or may not hold.
    Unknown,
    /// It holds.
    Yes,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

impl Truth {
    /// True if all hold; an empty list holds. Nothing is asked after one that does not.
    fn all(parts: impl Iterator<Item = Self>) -> Self {
        Self::until(Self::No, parts).min().unwrap_or(Self::Yes)
    }

    /// True if at least one holds; an empty list does not hold. Nothing is asked after one that does.
    fn any(parts: impl Iterator<Item = Self>) -> Self {
        Self::until(Self::Yes, parts).max().unwrap_or(Self::No)
    }

    /// The parts up to the first that is `last`, with it.
    fn until(last: Self, mut parts: impl Iterator<Item = Self>) -> impl Iterator<Item = Self> {
        let mut is_over = false;
        std::iter::from_fn(move || {
            let part = if is_over { None } else { parts.next() };
            is_over = part == Some(last);
            part
        })
    }
}

/// The subject of a condition: an organization on a day.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its kind.
    pub kind: OrganizationKind,
    /// Its type; `None` means it has none.
    pub organization_type: Option<&'a str>,
    /// Its sector; `None` means it has none.
    pub sector: Option<&'a str>,
    /// Its facts.
    pub facts: &'a FactsOnDay<'a>,
    /// The class tables that bind it.
    pub classes: &'a ClassTables<'a>,
}

/// The class tables that bind an organization, by name.
pub type ClassTables<'a> = BTreeMap<&'a str, BindingTable<'a>>;

/// A class table that binds an organization.
#[derive(Clone, Copy, Debug)]
pub struct BindingTable<'a> {
    /// The table.
    pub table: &'a ClassTable,
    /// The rule that holds it.
    pub rule: &'a str,
    /// True if that rule is verified.
    pub verified: bool,
}

/// No class tables: those of a table's own conditions.
static NONE: ClassTables<'static> = ClassTables::new();

/// A condition with its result, part by part.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(no_recursion)]
pub struct EvaluatedCondition {
    /// The result.
    pub holds: Truth,
    /// The test with the values found.
    #[serde(flatten)]
    pub test: EvaluatedTest,
}

/// The test of a condition, with the values found.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(no_recursion)]
pub enum EvaluatedTest {
    /// All hold.
    All(Vec<EvaluatedCondition>),
    /// At least one holds.
    Any(Vec<EvaluatedCondition>),
    /// The inner condition does not hold.
    Not(Box<EvaluatedCondition>),
    /// The organization is of a kind.
    Kind {
        /// The kind required.
        asked: OrganizationKind,
        /// The organization's kind.
        found: OrganizationKind,
    },
    /// The organization is of a type.
    Type {
        /// The type required.
        #[schema(max_length = 64)]
        asked: String,
        /// The organization's type.
        #[schema(max_length = 64)]
        found: Option<String>,
    },
    /// The organization works in a sector.
    Sector {
        /// The sector required.
        #[schema(max_length = 64)]
        asked: String,
        /// The organization's sector.
        #[schema(max_length = 64)]
        found: Option<String>,
    },
    /// A tag is on the fact sheet.
    Tag(FactFound),
    /// A number on the fact sheet compares as stated.
    Compare {
        /// The operator.
        op: Operator,
        /// The number compared with.
        value: Quantity,
        /// The number found.
        found: FactFound,
    },
    /// It is of a class.
    Class(ClassFound),
}

/// The class of an organization by a class table.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ClassFound {
    /// The name of the class table.
    #[schema(max_length = 64)]
    pub table: String,
    /// The class required.
    #[schema(max_length = 64)]
    pub asked: String,
    /// The rule that holds the table; absent if no table of that name binds the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64)]
    pub rule: Option<String>,
    /// True if the text of that rule and its attribution are verified; false if there is no such rule.
    pub verified: bool,
    /// The classes it may be of; `null` stands for none of them. Exactly one if it is known.
    #[schema(max_items = 101)]
    pub possible: Vec<Option<String>>,
    /// The rows of the table, as far as they were read: to the first that surely holds.
    #[schema(no_recursion, max_items = 100)]
    pub rows: Vec<ClassRowFound>,
}

/// A row of a class table with its result.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ClassRowFound {
    /// The class.
    #[schema(max_length = 64)]
    pub class: String,
    /// Its condition, with the values found.
    #[schema(no_recursion)]
    pub when: EvaluatedCondition,
}

impl ClassTest {
    /// The truth of [`ClassFound::look_up`], without what it finds: most conditions are asked for nothing else.
    fn truth(&self, subject: Subject<'_>) -> Truth {
        let Some(binding) = subject.classes.get(self.table.as_str()) else { return Truth::Unknown };
        truth_of(&possible_classes(binding, subject, |row, subject| row.when.truth(subject)), &self.is)
    }
}

/// The classes of a table that may be the subject's, each once, in the order of the rows; `None` for none of them. `holds` is asked for
/// the truth of the rows in turn, up to the first that holds.
fn possible_classes<'t>(
    binding: &BindingTable<'t>,
    subject: Subject<'_>,
    mut holds: impl FnMut(&'t ClassRow, Subject<'_>) -> Truth,
) -> Vec<Option<&'t str>> {
    // A table does not ask for classes itself, so that tables cannot go round in a circle.
    let subject = Subject { classes: &NONE, ..subject };
    let mut possible = Vec::new();
    for row in &binding.table.rows {
        let held = holds(row, subject);
        let class = Some(row.class.as_str());
        if held != Truth::No && !possible.contains(&class) {
            possible.push(class);
        }
        if held == Truth::Yes {
            return possible;
        }
    }
    possible.push(None);
    possible
}

/// The truth of one class being the subject's, of those that may be.
fn truth_of(possible: &[Option<&str>], asked: &str) -> Truth {
    match (possible, possible.contains(&Some(asked))) {
        ([], _) => Truth::Unknown,
        ([_], true) => Truth::Yes,
        (_, false) => Truth::No,
        (_, true) => Truth::Unknown,
    }
}

impl ClassFound {
    fn look_up(test: &ClassTest, subject: Subject<'_>) -> Self {
        let ClassTest { table, is } = test.clone();
        let mut found = Self { table, asked: is, rule: None, verified: false, possible: Vec::new(), rows: Vec::new() };
        let Some(binding) = subject.classes.get(test.table.as_str()) else { return found };
        found.rule = Some(binding.rule.to_owned());
        found.verified = binding.verified;
        let rows = &mut found.rows;
        let possible = possible_classes(binding, subject, |row, subject| {
            let when = row.when.evaluate(subject);
            let holds = when.holds;
            rows.push(ClassRowFound { class: row.class.clone(), when });
            holds
        });
        found.possible = possible.into_iter().map(|class| class.map(ToOwned::to_owned)).collect();
        found
    }

    fn truth(&self) -> Truth {
        let possible: Vec<Option<&str>> = self.possible.iter().map(Option::as_deref).collect();
        truth_of(&possible, &self.asked)
    }
}

/// The value of one fact on a fact sheet on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"fact": "workplaces", "state": "recorded", "number": 3, "valid_from": "2026-01-01"}))]
pub struct FactFound {
    /// Its key.
    #[schema(value_type = String, max_length = 64)]
    pub fact: FactKey,
    /// The state of knowledge about it.
    pub state: FactState,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub number: Option<Quantity>,
    /// The value of a tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tag: Option<bool>,
    /// The day from which the value holds; for an absent fact, the day from which the sheet is complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_from: Option<NaiveDate>,
}

/// The state of knowledge about a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema, strum::IntoStaticStr, strum::VariantNames)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FactState {
    /// It was recorded.
    Recorded,
    /// The sheet is complete and does not have it.
    Absent,
    /// It was not recorded.
    Unknown,
}

impl FactFound {
    /// Looks up a number on the sheet.
    pub fn number(facts: &FactsOnDay<'_>, key: &str) -> Self {
        let known = facts.number(key);
        Self { number: known.value(), ..Self::bare(key, known) }
    }

    /// Looks up a tag on the sheet.
    pub fn tag(facts: &FactsOnDay<'_>, key: &str) -> Self {
        let known = facts.tag(key);
        Self { tag: known.value(), ..Self::bare(key, known) }
    }

    fn bare<T>(key: &str, known: Known<T>) -> Self {
        let (state, valid_from) = match known {
            Known::Recorded(_, from) => (FactState::Recorded, Some(from)),
            Known::Absent(_, from) => (FactState::Absent, Some(from)),
            Known::Unknown => (FactState::Unknown, None),
        };
        Self { fact: key.to_owned(), state, number: None, tag: None, valid_from }
    }
}

impl RuleCondition {
    /// Evaluates the condition in Kleene's logic.
    pub fn truth(&self, subject: Subject<'_>) -> Truth {
        match self {
            Self::All(parts) => Truth::all(parts.iter().map(|part| part.truth(subject))),
            Self::Any(parts) => Truth::any(parts.iter().map(|part| part.truth(subject))),
            Self::Not(part) => !part.truth(subject),
            Self::Kind(asked) => (subject.kind == *asked).into(),
            Self::Type(asked) => (subject.organization_type == Some(asked)).into(),
            Self::Sector(asked) => (subject.sector == Some(asked)).into(),
            Self::Tag(fact) => subject.facts.tag(fact).value().map_or(Truth::Unknown, Truth::from),
            Self::Compare(comparison) => subject
                .facts
                .number(&comparison.fact)
                .value()
                .map_or(Truth::Unknown, |found| comparison.op.holds(found, comparison.value).into()),
            Self::Class(test) => test.truth(subject),
        }
    }

    /// The names of the class tables that it asks for.
    pub fn class_tables(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::class_tables).collect(),
            Self::Not(part) => part.class_tables(),
            Self::Class(test) => vec![&test.table],
            Self::Kind(_) | Self::Type(_) | Self::Sector(_) | Self::Tag(_) | Self::Compare(_) => Vec::new(),
        }
    }

    /// Evaluates the condition part by part, with the values found.
    pub fn evaluate(&self, subject: Subject<'_>) -> EvaluatedCondition {
        let evaluated = |parts: &[Self]| parts.iter().map(|part| part.evaluate(subject)).collect::<Vec<_>>();
        let holds = |part: &EvaluatedCondition| part.holds;
        let (holds, test) = match self {
            Self::All(parts) => {
                let parts = evaluated(parts);
                (Truth::all(parts.iter().map(holds)), EvaluatedTest::All(parts))
            }
            Self::Any(parts) => {
                let parts = evaluated(parts);
                (Truth::any(parts.iter().map(holds)), EvaluatedTest::Any(parts))
            }
            Self::Not(part) => {
                let part = part.evaluate(subject);
                (!part.holds, EvaluatedTest::Not(Box::new(part)))
            }
            Self::Kind(asked) => (self.truth(subject), EvaluatedTest::Kind { asked: *asked, found: subject.kind }),
            Self::Type(asked) => {
                let found = subject.organization_type.map(ToOwned::to_owned);
                (self.truth(subject), EvaluatedTest::Type { asked: asked.clone(), found })
            }
            Self::Sector(asked) => {
                let found = subject.sector.map(ToOwned::to_owned);
                (self.truth(subject), EvaluatedTest::Sector { asked: asked.clone(), found })
            }
            Self::Tag(fact) => (self.truth(subject), EvaluatedTest::Tag(FactFound::tag(subject.facts, fact))),
            Self::Compare(Comparison { fact, op, value }) => {
                let found = FactFound::number(subject.facts, fact);
                (self.truth(subject), EvaluatedTest::Compare { op: *op, value: *value, found })
            }
            Self::Class(test) => {
                let found = ClassFound::look_up(test, subject);
                (found.truth(), EvaluatedTest::Class(found))
            }
        };
        EvaluatedCondition { holds, test }
    }
}

impl EvaluatedCondition {
    /// The facts whose absence leaves the condition unknown; empty if it is known.
    pub fn missing_facts(&self) -> Vec<&str> {
        if self.holds != Truth::Unknown {
            return Vec::new();
        }
        match &self.test {
            EvaluatedTest::All(parts) | EvaluatedTest::Any(parts) => {
                parts.iter().flat_map(Self::missing_facts).collect()
            }
            EvaluatedTest::Not(part) => part.missing_facts(),
            EvaluatedTest::Tag(found) | EvaluatedTest::Compare { found, .. } => vec![&found.fact],
            EvaluatedTest::Class(found) => found.rows.iter().flat_map(|row| row.when.missing_facts()).collect(),
            EvaluatedTest::Kind { .. } | EvaluatedTest::Type { .. } | EvaluatedTest::Sector { .. } => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
