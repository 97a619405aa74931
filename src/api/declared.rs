//! The declarations of the parameters in queries, and the check that a query keeps to them. The reader of forms takes more: no
//! value for one that is missing, `+5` for 5, and any bytes for text.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpRequest, web};
use percent_encoding::percent_decode_str;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{Components, OpenApi, RefOr};

use super::offered::resolve;
use super::path_items::operations;
use crate::api::error::ApiError;
use base::error::{Error, Fault};
use text::messages::{Message, message};

/// The parameters in the queries of every operation, by its id.
#[derive(Debug, Default)]
pub struct DeclaredQueries(HashMap<String, HashMap<String, Declared>>);

/// The code of the fault of a parameter with more values than it takes.
const TOO_MANY: &str = "length_out_of_bounds";

/// The declaration of one parameter.
#[derive(Clone, Copy, Debug)]
struct Declared {
    /// True if it may be sent without a value: a text without a least length.
    may_be_empty: bool,
    /// True for a whole number.
    is_whole: bool,
    /// True for a boolean.
    is_boolean: bool,
    /// The maximum number of its values; `None` for a parameter that is no list.
    most: Option<usize>,
}

impl DeclaredQueries {
    /// The parameters of a document.
    pub fn of(document: &OpenApi) -> Self {
        let Some(components) = document.components.as_ref() else { return Self::default() };
        let operations = document.paths.paths.values().flat_map(operations);
        let declared = operations.filter_map(|(_, operation)| {
            let parameters = operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
                RefOr::T(parameter) if matches!(parameter.parameter_in, ParameterIn::Query) => Some(parameter),
                _ => None,
            });
            let declared =
                parameters.filter_map(|parameter| Some((parameter.name.clone(), declared(parameter, components)?)));
            Some((operation.operation_id.clone()?, declared.collect()))
        });
        Self(declared.collect())
    }

    /// Checks the query of a request: that it is UTF-8, that each parameter has a value and not too many, and that
    /// numbers are written in digits. Parameters that are not declared are left to their reader.
    ///
    /// # Errors
    /// `Malformed` with all faults; `Invalid` where each value could be read, and there are too many.
    pub fn check(request: &HttpRequest) -> Result<(), ApiError> {
        let known = request.match_name().and_then(|operation| request.app_data::<web::Data<Self>>()?.0.get(operation));
        let faults = known.map_or_else(Vec::new, |known| faults(request.query_string(), known));
        if faults.is_empty() {
            return Ok(());
        }
        let are_too_many = faults.iter().all(|fault| fault.code == TOO_MANY);
        Err(if are_too_many { Error::Invalid(faults).into() } else { ApiError::Malformed(faults) })
    }
}

fn declared(parameter: &Parameter, components: &Components) -> Option<Declared> {
    let is = |kind: &SchemaType, wanted: Type| matches!(kind, SchemaType::Type(only) if *only == wanted);
    Some(match resolve(parameter.schema.as_ref()?, components)? {
        Schema::Array(list) => {
            Declared { may_be_empty: false, is_whole: false, is_boolean: false, most: list.max_items }
        }
        Schema::Object(value) => {
            let is_text = is(&value.schema_type, Type::String) && value.format.is_none() && value.enum_values.is_none();
            Declared {
                may_be_empty: is_text && value.min_length.unwrap_or(0) == 0,
                is_whole: is(&value.schema_type, Type::Integer),
                is_boolean: is(&value.schema_type, Type::Boolean),
                most: None,
            }
        }
        _ => return None,
    })
}

/// The faults of a query, the first of each name.
fn faults(query: &str, known: &HashMap<String, Declared>) -> Vec<Fault> {
    let (mut faults, mut numbers) = (BTreeMap::new(), HashMap::<String, usize>::new());
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let Some(name) = decoded(name) else {
            faults.entry(String::new()).or_insert_with(|| Fault::new("", "wrong_value", message!("query-not-utf8")));
            continue;
        };
        let Some(declared) = known.get(&name).filter(|_| !faults.contains_key(&name)) else { continue };
        let number = numbers.entry(name.clone()).or_default();
        *number += 1;
        if let Some((code, mend)) = fault(*declared, decoded(value).as_deref(), *number) {
            let fault = Fault::new(format!("/{name}"), code, mend);
            faults.insert(name, fault);
        }
    }
    faults.into_values().collect()
}

/// The fault of the value of a parameter, which is its `number`th, from 1.
fn fault(declared: Declared, value: Option<&str>, number: usize) -> Option<(&'static str, Message)> {
    let is_digits = |value: &str| {
        let digits = value.strip_prefix('-').unwrap_or(value);
        let is_padded = digits.len() > 1 && digits.starts_with('0');
        !digits.is_empty() && !is_padded && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    match (value, declared.most) {
        (None, _) => Some(("wrong_value", message!("query-not-utf8"))),
        (_, Some(most)) if number == most.saturating_add(1) => Some((TOO_MANY, message!("length-at-most", max = most))),
        (Some(""), _) if !declared.may_be_empty => Some(("wrong_value", message!("value-empty"))),
        (Some(value), _) if declared.is_whole && !is_digits(value) => {
            Some(("wrong_value", message!("value-not-whole")))
        }
        (Some(value), _) if declared.is_boolean && !["true", "false"].contains(&value) => {
            Some(("wrong_value", message!("value-not-boolean")))
        }
        _ => None,
    }
}

/// A name or a value of a form; `None` for bytes that are not UTF-8.
fn decoded(text: &str) -> Option<String> {
    percent_decode_str(&text.replace('+', " ")).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_keeps_to_what_is_declared() {
        let of = |may_be_empty, is_whole, most| Declared { may_be_empty, is_whole, is_boolean: false, most };
        let known = HashMap::from([
            ("limit".to_owned(), of(false, true, None)),
            ("q".to_owned(), of(true, false, None)),
            ("as_of".to_owned(), of(false, false, None)),
            ("kind".to_owned(), of(false, false, Some(2))),
            ("open".to_owned(), Declared { is_boolean: true, ..of(false, false, None) }),
        ]);
        let cases = [
            ("", vec![]),
            ("limit=5&q=&as_of=x&kind=a&kind=b&other=", vec![]),
            ("q=%E9%9E%8B&&limit=0", vec![]),
            ("limit=05&open=on", vec![("/limit", "wrong_value"), ("/open", "wrong_value")]),
            ("open=false", vec![]),
            ("limit=", vec![("/limit", "wrong_value")]),
            ("limit", vec![("/limit", "wrong_value")]),
            ("limit=+5", vec![("/limit", "wrong_value")]),
            ("limit=%2B5", vec![("/limit", "wrong_value")]),
            ("limit=-", vec![("/limit", "wrong_value")]),
            ("as_of=&kind=", vec![("/as_of", "wrong_value"), ("/kind", "wrong_value")]),
            ("q=%FF", vec![("/q", "wrong_value")]),
            ("%FF=1&%FF=2", vec![("", "wrong_value")]),
            ("limit=&limit=&limit=+5", vec![("/limit", "wrong_value")]),
            ("kind=a&kind=b&kind=c&kind=d", vec![("/kind", "length_out_of_bounds")]),
        ];
        for (query, expected) in cases {
            let found = faults(query, &known);
            let found: Vec<_> = found.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
            assert_eq!(found, expected, "{query}");
        }
    }
}
