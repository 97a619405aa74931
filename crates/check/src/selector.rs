//! Selectors: the items that they name, the lines that they ask for, and the ids of those lines.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::value::{Read, Unreadable, list, natural, number, only, optional, text};

/// The forms of selectors.
pub const SELECTORS: [&str; 7] = ["item", "any_of", "capability", "each_of", "kit", "fact", "other"];

/// The namespace of line ids.
const LINES: Uuid = Uuid::from_u128(0x6d75_7374_6572_5c6c_8e73_7265_7175_6972);

/// How the number of a line follows from that of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartNumber {
    /// It is the same.
    Same,
    /// So many thousandths of a time.
    Times(i128),
    /// So many thousandths, if the rule asks for anything.
    Once(i128),
}

fn elements(value: &Value) -> Read<&[Value]> {
    value.as_array().map(Vec::as_slice).ok_or(Unreadable("selector"))
}

fn count(parts: &[Value]) -> i128 {
    i128::try_from(parts.len()).unwrap_or(i128::MAX) * 1_000
}

fn quantity(component: &Value) -> Read<i128> {
    optional(component, "quantity").map_or(Ok(1_000), natural)
}

/// The items that one use of an alternative takes, each with its thousandths.
pub fn parts_of(alternative: &Value) -> Read<Vec<(&str, i128)>> {
    if optional(alternative, "item").is_some() {
        return Ok(vec![(text(alternative, "item")?, 1_000)]);
    }
    let Some(bundle) = alternative.get("bundle") else { return Ok(Vec::new()) };
    elements(bundle)?.iter().map(|part| Ok((text(part, "item")?, quantity(part)?))).collect()
}

/// The items of kinds.
pub fn kinds_items(kinds: &[Value]) -> Read<Vec<&str>> {
    let mut found = Vec::new();
    for kind in kinds {
        for item in list(kind, "items")? {
            found.push(item.as_str().ok_or(Unreadable("items"))?);
        }
    }
    Ok(found)
}

fn alternatives_items(alternatives: &[Value]) -> Read<Vec<&str>> {
    let mut found = Vec::new();
    for alternative in alternatives {
        found.extend(parts_of(alternative)?.into_iter().map(|(item, _)| item));
    }
    Ok(found)
}

/// The kinds of a capability.
fn kinds_of(capability: &Value) -> Read<&[Value]> {
    capability.get("kinds").map_or(Ok(&[]), elements)
}

/// The items that a selector names; as that of a line, a capability without its kinds.
pub fn items_of(selector: &Value, of_line: bool) -> Read<Vec<&str>> {
    let (form, value) = only(selector, &SELECTORS)?;
    match form {
        "item" => Ok(vec![value.as_str().ok_or(Unreadable("item"))?]),
        "any_of" => alternatives_items(elements(value)?),
        "capability" => {
            let mut items = alternatives_items(list(value, "items")?)?;
            items.extend(if of_line { Vec::new() } else { kinds_items(kinds_of(value)?)? });
            Ok(items)
        }
        "each_of" => kinds_items(elements(value)?),
        "kit" => elements(value)?.iter().map(|part| text(part, "item")).collect(),
        _ => Ok(Vec::new()),
    }
}

/// The lines that a selector asks for.
pub fn line_parts(selector: &Value) -> Read<Vec<(Value, PartNumber)>> {
    let (form, value) = only(selector, &SELECTORS)?;
    let own = || json!({form: value});
    Ok(match form {
        "item" | "any_of" | "other" => vec![(own(), PartNumber::Same)],
        "capability" => {
            let kinds = kinds_of(value)?;
            let once = (!kinds.is_empty()).then(|| (json!({"each_of": kinds}), PartNumber::Once(count(kinds))));
            [(own(), PartNumber::Same)].into_iter().chain(once).collect()
        }
        "each_of" => vec![(own(), PartNumber::Times(count(elements(value)?)))],
        "kit" => elements(value)?
            .iter()
            .map(|part| Ok((json!({"item": text(part, "item")?}), PartNumber::Times(quantity(part)?))))
            .collect::<Read<_>>()?,
        _ => Vec::new(),
    })
}

/// The id of a line.
pub fn line_id(organization: &str, selector: &Value, strength: &str) -> Read<String> {
    let (form, value) = only(selector, &SELECTORS)?;
    let name = match (form, value.as_str()) {
        ("item" | "other", Some(value)) => format!("{organization}\n{strength}\n{form}\n{value}"),
        _ => format!("{organization}\n{strength}\nselector\n{}", written(selector)?),
    };
    Ok(Uuid::new_v5(&LINES, name.as_bytes()).to_string())
}

/// The order in which the members of a selector's parts are written.
const ORDER: [&str; 8] = ["item", "bundle", "factor", "quantity", "name_en", "name_zh", "items", "kinds"];

/// JSON without blanks, members in the order of the form's definition.
fn written(value: &Value) -> Read<String> {
    Ok(match value {
        Value::Object(members) => {
            let known = ORDER.iter().filter_map(|name| members.get_key_value(*name));
            let others = members.iter().filter(|(name, _)| !ORDER.contains(&name.as_str()));
            let parts: Vec<String> = known
                .chain(others)
                .map(|(name, part)| Ok(format!("{}:{}", json!(name), written(part)?)))
                .collect::<Read<_>>()?;
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(parts) => {
            let parts: Vec<String> = parts.iter().map(written).collect::<Read<_>>()?;
            format!("[{}]", parts.join(","))
        }
        Value::Number(_) => number(Some(natural(value)?)).to_string(),
        Value::String(_) => value.to_string(),
        Value::Null | Value::Bool(_) => return Err(Unreadable("selector")),
    })
}
