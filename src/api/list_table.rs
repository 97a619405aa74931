//! Lists as tables: a row for each thing, and a column for each value that the document says it has. Of counts each line is
//! a row.
//!
//! In English they are for programs: columns have the names of the members, and codes stand as they are. In Chinese they are
//! for people: columns and codes are in words.

use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayItems, Schema, SchemaType, Type};

use base::quantity::Quantity;
use domain::label_families::FAMILIES_BY_TYPE;
use domain::labels::{sector_label, unit_label};
use tables::Output;
use text::language::Language;
use text::messages::{Message, message};

/// The member whose elements are rows of their own.
const ROWS: &str = "lines";

/// The deepest member that has a column of its own; what lies deeper stands in one cell as JSON.
const DEEPEST: usize = 4;

/// The members that come first, in this order: those by which people know a thing.
const FIRST: [&str; 18] = [
    "revision",
    "at",
    "valid_from",
    "organization",
    "region",
    "depot",
    "standard",
    "rule",
    "code",
    "key",
    "username",
    "family",
    "name",
    "title",
    "item",
    "kind",
    "type",
    "status",
];

/// A column of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, for programs.
    pub name: String,
    /// The members that lead to its value.
    path: Vec<String>,
    /// The family of its codes.
    family: Option<&'static str>,
}

/// The columns of a list of things by their schema; `find` finds a schema by its name.
pub fn columns_of<'s>(schema: &'s RefOr<Schema>, find: &dyn Fn(&str) -> Option<&'s RefOr<Schema>>) -> Vec<Column> {
    let mut columns = Vec::new();
    collect(schema, find, &mut Vec::new(), None, &mut columns);
    columns.sort_by_key(|column| column.path.iter().map(|member| rank(member)).collect::<Vec<_>>());
    columns
}

fn rank(member: &str) -> (usize, String) {
    let place = FIRST.iter().position(|first| *first == member);
    // Ids and hashes say nothing to people.
    let last = matches!(member, "id" | "sha256" | ROWS);
    (place.unwrap_or(FIRST.len() + usize::from(last)), member.to_owned())
}

fn collect<'s>(
    schema: &'s RefOr<Schema>,
    find: &dyn Fn(&str) -> Option<&'s RefOr<Schema>>,
    path: &mut Vec<String>,
    family: Option<&'static str>,
    columns: &mut Vec<Column>,
) {
    let schema = match schema {
        RefOr::T(schema) => schema,
        RefOr::Ref(reference) => {
            let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
            let family = FAMILIES_BY_TYPE.iter().find(|(of, _)| *of == name).map(|(_, family)| *family);
            match find(name) {
                Some(found) => return collect(found, find, path, family, columns),
                None => return columns.push(Column::at(path, family)),
            }
        }
    };
    match schema {
        // Exactly one of its members is there: a column for each would be empty in most rows.
        Schema::Object(object) if object.max_properties == Some(1) => columns.push(Column::at(path, family)),
        Schema::Object(object) if !object.properties.is_empty() && path.len() < DEEPEST => {
            for (name, member) in &object.properties {
                path.push(name.clone());
                collect(member, find, path, None, columns);
                path.pop();
            }
        }
        Schema::AllOf(all) => all.items.iter().for_each(|part| collect(part, find, path, family, columns)),
        Schema::OneOf(one) => match alternatives(&one.items).as_slice() {
            [only] => collect(only, find, path, family, columns),
            _ => columns.push(Column::at(path, family)),
        },
        Schema::Array(array) => match &array.items {
            ArrayItems::RefOrSchema(element) if path.as_slice() == [ROWS] => {
                collect(element, find, path, None, columns);
            }
            ArrayItems::RefOrSchema(element) => columns.push(Column::at(path, family_of(element))),
            ArrayItems::False => columns.push(Column::at(path, None)),
        },
        _ => columns.push(Column::at(path, family)),
    }
}

/// The alternatives that are not `null`.
fn alternatives(all: &[RefOr<Schema>]) -> Vec<&RefOr<Schema>> {
    let is_null = |one: &&RefOr<Schema>| matches!(one, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null));
    all.iter().filter(|one| !is_null(one)).collect()
}

fn family_of(schema: &RefOr<Schema>) -> Option<&'static str> {
    let RefOr::Ref(reference) = schema else { return None };
    let name = reference.ref_location.rsplit('/').next()?;
    FAMILIES_BY_TYPE.iter().find(|(of, _)| *of == name).map(|(_, family)| *family)
}

impl Column {
    fn at(path: &[String], family: Option<&'static str>) -> Self {
        // A version is the thing itself. A thing inside another is named by its code alone; a line by the singular.
        let shown = path.strip_prefix(&["state".to_owned()]).filter(|rest| !rest.is_empty()).unwrap_or(path);
        let parts = shown.iter().enumerate().filter_map(|(place, part)| match part.as_str() {
            "code" if place > 0 => None,
            ROWS if place == 0 => Some("line"),
            part => Some(part),
        });
        // The id of a line is the line.
        let mut parts: Vec<&str> = parts.collect();
        parts.dedup();
        Self { name: parts.join("_"), path: path.to_vec(), family }
    }

    /// The member of the entries that it shows, or a part of it.
    pub fn member(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// Its header in a language.
    pub fn header(&self, language: Language) -> String {
        match language {
            Language::English => self.name.clone(),
            Language::Chinese => {
                // A version is the thing itself.
                let parts =
                    self.path.iter().filter(|part| !matches!(part.as_str(), "state" | ROWS) || self.path.len() == 1);
                parts.map(|part| Message::new(format!("field-{part}")).text(language)).collect()
            }
        }
    }

    /// The messages of its header.
    #[cfg(test)]
    fn words(&self) -> impl Iterator<Item = String> {
        self.path.iter().map(|part| format!("field-{part}"))
    }

    fn cell(&self, thing: &Value, line: Option<&Value>, language: Language) -> Output {
        let (mut value, path) = match (line, self.path.split_first()) {
            (line, Some((first, rest))) if first == ROWS && !rest.is_empty() => (line.unwrap_or(&Value::Null), rest),
            _ => (thing, self.path.as_slice()),
        };
        for member in path {
            value = value.get(member).unwrap_or(&Value::Null);
        }
        self.output(value, language)
    }

    fn output(&self, value: &Value, language: Language) -> Output {
        match value {
            Value::Null => Output::Empty,
            Value::Bool(so) => truth(*so, language).into(),
            Value::Number(number) => number_of(&number.to_string()),
            Value::String(text) => self.in_words(text, language).into(),
            Value::Array(all) if all.iter().all(|one| !one.is_array() && !one.is_object()) => {
                let texts = all.iter().map(|one| match one {
                    Value::String(text) => self.in_words(text, language),
                    other => other.to_string(),
                });
                texts.collect::<Vec<_>>().join(language.choose("; ", "；")).into()
            }
            other => other.to_string().into(),
        }
    }

    /// A code as a table of the language has it.
    fn in_words(&self, code: &str, language: Language) -> String {
        if language == Language::English {
            return code.to_owned();
        }
        match (self.family, self.path.last().map(String::as_str)) {
            (Some(family), _) => Message::new(format!("{family}-{code}")).find(language).unwrap_or(code.to_owned()),
            (None, Some("unit")) => unit_label(code).text(language),
            (None, Some("sector")) => sector_label(code).text(language),
            _ => code.to_owned(),
        }
    }
}

/// A number of JSON as a cell.
pub fn number_of(digits: &str) -> Output {
    digits
        .parse::<Quantity>()
        .map_or_else(|_| digits.parse::<f64>().map_or(Output::Empty, Output::Degrees), Output::from)
}

/// The word for yes or no in a table.
pub fn truth(so: bool, language: Language) -> String {
    if so { message!("cell-true").text(language) } else { message!("cell-false").text(language) }
}

/// The rows of a thing: one, or one for each of its lines.
pub fn rows(columns: &[Column], thing: &Value, language: Language) -> Vec<Vec<Output>> {
    let has_lines =
        columns.iter().any(|column| column.path.len() > 1 && column.path.first().is_some_and(|it| it == ROWS));
    let lines = thing.get(ROWS).and_then(Value::as_array).filter(|lines| has_lines && !lines.is_empty());
    let row = |line| columns.iter().map(|column| column.cell(thing, line, language)).collect();
    match lines {
        Some(lines) => lines.iter().map(|line| row(Some(line))).collect(),
        None => vec![row(None)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_every_list_has_words_and_a_name_of_its_own() {
        let document = crate::api::app::described();
        let components = document.components.as_ref().unwrap();
        let mut missing = std::collections::BTreeSet::new();
        let (mut lists, find) = (0, |name: &str| components.schemas.get(name));
        for (name, schema) in
            components.schemas.iter().filter(|(name, _)| name.ends_with("Page") || name.starts_with("Page_"))
        {
            let RefOr::T(Schema::Object(page)) = schema else { panic!("{name} is no page") };
            let Some(RefOr::T(Schema::Array(items))) = page.properties.get("items") else {
                panic!("{name} has no items")
            };
            let ArrayItems::RefOrSchema(item) = &items.items else { panic!("{name} has no things") };
            let columns = columns_of(item, &find);
            let names: std::collections::BTreeSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            assert_eq!(names.len(), columns.len(), "{name}: {columns:?}");
            missing.extend(columns.iter().flat_map(Column::words).filter(|key| {
                [Language::English, Language::Chinese]
                    .iter()
                    .any(|language| Message::new(key).find(*language).is_none())
            }));
            lists += 1;
        }
        assert!(lists > 20, "{lists}");
        assert!(missing.is_empty(), "write these in fields.ftl of both folders of messages: {missing:#?}");
    }
}
