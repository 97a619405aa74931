//! The limits of values for which utoipa has no way to set them.

use utoipa::openapi::schema::{ArrayItems, Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi, RefOr};

/// Schemas with texts, numbers or lists in enum variants or in lists, for which utoipa has no way to set limits.
const WITHOUT_LIMITS: [&str; 19] = [
    "AuthorizationServer",
    "LineWords",
    "CauseView",
    "ClassFound",
    "CountedRequirement",
    "Kind",
    "Rule",
    "RuleCondition",
    "EvaluatedTest",
    "Selector",
    "RuleQuantity",
    "Spare",
    "ScopeWorking",
    "Sharing",
    "Validity",
    "RequirementsDocument",
    "AssessmentsDocument",
    "StockDocument",
    "ItemData",
];

/// The longest text in such a place, in characters.
const LONGEST_TEXT: usize = 200;

/// The longest list in such a place.
const LONGEST_LIST: usize = 100;

/// The largest number in such a place: a ratio, a percentage.
const LARGEST_NUMBER: i32 = 1000;

/// Sets the missing limits of those schemas.
pub(super) fn set(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for name in WITHOUT_LIMITS {
        if let Some(schema) = components.schemas.get_mut(name) {
            limit(schema);
        }
    }
}

/// Sets the missing limits of a schema and of all schemas inside it.
fn limit(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            let is = |kind: Type| match &object.schema_type {
                SchemaType::Type(only) => *only == kind,
                SchemaType::Array(kinds) => kinds.contains(&kind),
                SchemaType::AnyValue => false,
            };
            if is(Type::String) && object.enum_values.is_none() {
                object.max_length.get_or_insert(LONGEST_TEXT);
            } else if is(Type::Integer) {
                object.maximum.get_or_insert(LARGEST_NUMBER.into());
            }
            object.properties.values_mut().for_each(limit);
        }
        RefOr::T(Schema::Array(array)) => {
            array.max_items.get_or_insert(LONGEST_LIST);
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                limit(items);
            }
        }
        RefOr::T(Schema::OneOf(one_of)) => one_of.items.iter_mut().for_each(limit),
        _ => {}
    }
}
