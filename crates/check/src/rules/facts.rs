//! Facts, the organization and class tables, which the document must state alike wherever it names them; and conditions in
//! three-valued logic.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::time;
use crate::value::{Differences, Read, Unreadable, get, list, natural, only, same, signed, text};

/// The tests of conditions.
const TESTS: [&str; 9] = ["all", "any", "not", "kind", "type", "sector", "tag", "compare", "class"];

/// A truth value, ordered from no to yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    No,
    /// It may hold.
    Unknown,
    /// It holds.
    Yes,
}

impl Truth {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Unknown => "unknown",
            Self::Yes => "yes",
        }
    }

    fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    fn reversed(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

/// What the document says of the organization, of each fact and of each class table.
pub struct Facts<'v> {
    /// The organization.
    pub organization: &'v Value,
    /// The day.
    pub as_of: NaiveDate,
    known: BTreeMap<(String, bool), Value>,
    tables: BTreeMap<(String, bool), Value>,
}

impl<'v> Facts<'v> {
    /// Reads the organization and the day.
    pub fn new(document: &'v Value) -> Read<Self> {
        let organization = crate::value::object(get(document, "explanation")?, "organization")?;
        let as_of = time::day(text(document, "as_of")?)?;
        Ok(Self { organization, as_of, known: BTreeMap::new(), tables: BTreeMap::new() })
    }

    /// True if a region is that of the organization or above it.
    pub fn is_in(&self, region: &Value) -> Read<bool> {
        Ok(list(self.organization, "regions")?.contains(region))
    }

    /// The value of a fact; `None` if it is unknown.
    pub fn fact(
        &mut self,
        found: &Value,
        is_number: bool,
        pointer: &str,
        differences: &mut Differences,
    ) -> Read<Option<Value>> {
        let (key, state) = (text(found, "fact")?, text(found, "state")?);
        let name = if is_number { "number" } else { "tag" };
        let mut expected = Map::from_iter([("fact".to_owned(), json!(key)), ("state".to_owned(), json!(state))]);
        let value = match state {
            "unknown" => None,
            "absent" => Some(if is_number { json!(0) } else { json!(false) }),
            "recorded" => {
                let value = get(found, name)?;
                if is_number {
                    natural(value)?;
                } else if !value.is_boolean() {
                    return Err(Unreadable("tag"));
                }
                Some(value.clone())
            }
            _ => return Err(Unreadable("state")),
        };
        if let Some(value) = &value {
            let valid_from = text(found, "valid_from")?;
            expected.insert(name.to_owned(), value.clone());
            expected.insert("valid_from".to_owned(), json!(valid_from));
            if time::day(valid_from)? > self.as_of {
                differences.note(format!("{pointer}/valid_from"), Value::Null, json!(valid_from));
            }
        }
        let before = self.known.entry((key.to_owned(), is_number)).or_insert(Value::Object(expected));
        differences.compare(before, found, pointer);
        Ok(value)
    }

    /// The truth of a condition.
    pub fn truth(&mut self, condition: &Value, pointer: &str, differences: &mut Differences) -> Read<Truth> {
        self.evaluate(condition, pointer, false, differences)
    }

    fn evaluate(
        &mut self,
        condition: &Value,
        pointer: &str,
        in_table: bool,
        differences: &mut Differences,
    ) -> Read<Truth> {
        let (test, value) = only(condition, &TESTS)?;
        let at = format!("{pointer}/{test}");
        let truth = match test {
            "all" | "any" => {
                let parts = value.as_array().ok_or(Unreadable("parts"))?.iter().enumerate();
                let parts: Vec<Truth> = parts
                    .map(|(place, part)| self.evaluate(part, &format!("{at}/{place}"), in_table, differences))
                    .collect::<Read<_>>()?;
                let parts = parts.into_iter();
                if test == "all" { parts.min().unwrap_or(Truth::Yes) } else { parts.max().unwrap_or(Truth::No) }
            }
            "not" => self.evaluate(value, &at, in_table, differences)?.reversed(),
            "kind" | "type" | "sector" => {
                let name = if test == "type" { "organization_type" } else { test };
                let own = self.organization.get(name).unwrap_or(&Value::Null);
                differences.member(value, "found", own, &at);
                Truth::of(get(value, "asked")? == own)
            }
            "tag" => match self.fact(value, false, &at, differences)? {
                None => Truth::Unknown,
                Some(tag) => Truth::of(tag == json!(true)),
            },
            "compare" => self.compared(value, &at, differences)?,
            _ => self.class(value, &at, in_table, differences)?,
        };
        differences.member(condition, "holds", &json!(truth.code()), pointer);
        Ok(truth)
    }

    fn compared(&mut self, value: &Value, at: &str, differences: &mut Differences) -> Read<Truth> {
        let known = self.fact(get(value, "found")?, true, &format!("{at}/found"), differences)?;
        let asked = signed(get(value, "value")?)?;
        let Some(known) = known else { return Ok(Truth::Unknown) };
        let known = signed(&known)?;
        Ok(Truth::of(match text(value, "op")? {
            "less_than" => known < asked,
            "at_most" => known <= asked,
            "equal_to" => known == asked,
            "at_least" => known >= asked,
            "more_than" => known > asked,
            _ => return Err(Unreadable("op")),
        }))
    }

    fn class(&mut self, value: &Value, at: &str, in_table: bool, differences: &mut Differences) -> Read<Truth> {
        let (mut possible, mut ended) = (Vec::<Value>::new(), false);
        for (place, row) in list(value, "rows")?.iter().enumerate() {
            if ended {
                differences.note(format!("{at}/rows/{place}"), Value::Null, row.clone());
            }
            let when = format!("{at}/rows/{place}/when");
            let holds = self.evaluate(get(row, "when")?, &when, true, differences)?;
            let class = json!(text(row, "class")?);
            if holds != Truth::No && !possible.contains(&class) {
                possible.push(class);
            }
            ended = ended || holds == Truth::Yes;
        }
        let rule = value.get("rule");
        if rule.is_none() {
            possible.clear();
            differences.member(value, "verified", &json!(false), at);
            differences.member(value, "rows", &json!([]), at);
        } else if !ended && !possible.contains(&Value::Null) {
            possible.push(Value::Null);
        }
        differences.member(value, "possible", &json!(possible), at);
        let names = ["rule", "verified", "rows"];
        let table: Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), value.get(*name).cloned().unwrap_or_default())).collect();
        let key = (text(value, "table")?.to_owned(), in_table);
        let before = self.tables.entry(key).or_insert_with(|| Value::Object(table.clone()));
        for name in names {
            let (stated, found) =
                (before.get(name).cloned().unwrap_or_default(), table.get(name).cloned().unwrap_or_default());
            if !same(&stated, &found) {
                differences.note(format!("{at}/{name}"), stated, found);
            }
        }
        if let (true, Some(rule)) = (in_table, rule) {
            differences.note(format!("{at}/rule"), Value::Null, rule.clone());
        }
        let asked = json!(text(value, "asked")?);
        Ok(match (possible.len(), possible.contains(&asked)) {
            (0, _) => Truth::Unknown,
            (_, false) => Truth::No,
            (1, true) => Truth::Yes,
            (_, true) => Truth::Unknown,
        })
    }
}

/// True if the class tables that a condition asks for are verified.
pub fn tables_verified(condition: &Value) -> Read<bool> {
    let (test, value) = only(condition, &TESTS)?;
    Ok(match test {
        "all" | "any" => {
            let mut all = true;
            for part in value.as_array().ok_or(Unreadable("parts"))? {
                all = tables_verified(part)? && all;
            }
            all
        }
        "not" => tables_verified(value)?,
        "class" => value.get("rule").is_none() || value.get("verified") == Some(&json!(true)),
        _ => true,
    })
}

/// The facts whose absence leaves a condition unknown.
pub fn missing_facts(condition: &Value) -> Read<Vec<String>> {
    if get(condition, "holds")? != "unknown" {
        return Ok(Vec::new());
    }
    let (test, value) = only(condition, &TESTS)?;
    let of_all = |parts: Vec<&Value>| -> Read<Vec<String>> {
        let mut found = Vec::new();
        for part in parts {
            found.extend(missing_facts(part)?);
        }
        Ok(found)
    };
    match test {
        "all" | "any" => of_all(value.as_array().ok_or(Unreadable("parts"))?.iter().collect()),
        "not" => missing_facts(value),
        "tag" => Ok(vec![text(value, "fact")?.to_owned()]),
        "compare" => Ok(vec![text(get(value, "found")?, "fact")?.to_owned()]),
        "class" => of_all(list(value, "rows")?.iter().map(|row| get(row, "when")).collect::<Read<_>>()?),
        _ => Ok(Vec::new()),
    }
}
