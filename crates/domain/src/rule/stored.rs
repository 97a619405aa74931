//! Rules as earlier versions stored them.
//!
//! What is stored is never rewritten: histories, chains and backups keep their bytes. Three spellings have changed, and
//! are read as what they say now: the quantity `"as_needed"`, a spare `{"ratio": [4, 1]}`, and comparisons by signs.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Reads a stored document that holds rules or conditions, in the present form or an earlier one.
///
/// # Errors
/// If it is not JSON, or not of the type.
pub fn read_stored<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    match serde_json::from_str(text) {
        Ok(read) => Ok(read),
        Err(_) => {
            let mut value: Value = serde_json::from_str(text)?;
            bring_up(&mut value);
            serde_json::from_value(value)
        }
    }
}

fn bring_up(value: &mut Value) {
    match value {
        Value::Array(parts) => parts.iter_mut().for_each(bring_up),
        Value::Object(members) => {
            bring_up_members(members);
            members.values_mut().for_each(bring_up);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn bring_up_members(members: &mut Map<String, Value>) {
    if let Some(quantity) = members.get_mut("quantity").filter(|quantity| *quantity == "as_needed") {
        *quantity = json!({ "as_needed": {} });
    }
    if let Some(ratio) = members.get_mut("ratio")
        && let Some([for_each, reserve]) = ratio.as_array().map(Vec::as_slice)
    {
        *ratio = json!({ "for_each": for_each, "reserve": reserve });
    }
    if let Some(operator) = members.get_mut("op") {
        let word = match operator.as_str() {
            Some("<") => "less_than",
            Some("<=") => "at_most",
            Some("=") => "equal_to",
            Some(">=") => "at_least",
            Some(">") => "more_than",
            _ => return,
        };
        *operator = json!(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::RuleCondition;
    use crate::rule::{RuleQuantity, Spare};

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Parts {
        applies_when: RuleCondition,
        quantity: RuleQuantity,
    }

    #[test]
    fn earlier_spellings_are_read_as_what_they_say_now() {
        let earlier = r#"{
            "applies_when": {"not": {"all": [{"compare": {"fact": "beds", "op": ">=", "value": 100}}]}},
            "quantity": {"rate": {"n": 1, "of": "beds", "spare": {"ratio": [4, 1]}}}
        }"#;
        let now = r#"{
            "applies_when": {"not": {"all": [{"compare": {"fact": "beds", "op": "at_least", "value": 100}}]}},
            "quantity": {"rate": {"n": 1, "of": "beds", "spare": {"ratio": {"for_each": 4, "reserve": 1}}}}
        }"#;
        let read: Parts = read_stored(earlier).unwrap();
        assert_eq!(read, serde_json::from_str(now).unwrap());
        assert_eq!(read.quantity.limits().spare, Some(Spare::ratio(4, 1)));
        let as_needed: Parts = read_stored(r#"{"applies_when": {"all": []}, "quantity": "as_needed"}"#).unwrap();
        assert_eq!(as_needed.quantity, RuleQuantity::AS_NEEDED);
    }

    #[test]
    fn what_is_wrong_in_both_forms_is_an_error() {
        for wrong in [
            r#"{"applies_when": {"all": []}, "quantity": "present"}"#,
            r#"{"applies_when": {"all": [], "any": []}, "quantity": {"present": {}}}"#,
            r#"{"applies_when": {}, "quantity": {"present": {}}}"#,
            r#"{"applies_when": {"all": []}, "quantity": {"present": {"n": 1}}}"#,
        ] {
            assert!(read_stored::<Parts>(wrong).is_err(), "{wrong}");
        }
    }
}
