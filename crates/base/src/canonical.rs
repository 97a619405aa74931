//! The canonical form of JSON (RFC 8785): of values that are equal it is the same bytes, so its hash tells them apart.
//!
//! `serde_json_canonicalizer` does the same and is what the tests compare with. It was a sixth of the work of storing a count:
//! it parses each key again, and writes each fragment through a box.

use std::io::Write as _;

use serde_json::Value;

/// The greatest integer up to which a double has all of them (2^53 - 1). Others are written as the double next to them.
const GREATEST_EXACT: u64 = 9_007_199_254_740_991;

/// The canonical form of a value.
///
/// # Errors
/// None in practice: a JSON value can be written, and memory takes all bytes.
pub fn to_vec(value: &Value) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::new();
    write(&mut out, value)?;
    Ok(out)
}

fn write(out: &mut Vec<u8>, value: &Value) -> Result<(), serde_json::Error> {
    match value {
        Value::Number(number) => {
            let is_exact = number.as_i64().is_some_and(|number| number.unsigned_abs() <= GREATEST_EXACT);
            match number.as_f64() {
                Some(double) if !is_exact => out.extend(ryu_js::Buffer::new().format(double).as_bytes()),
                _ => write!(out, "{number}").map_err(serde_json::Error::io)?,
            }
        }
        Value::Array(values) => {
            out.push(b'[');
            for (place, value) in values.iter().enumerate() {
                separate(out, place);
                write(out, value)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            out.push(b'{');
            for (place, (key, value)) in members.into_iter().enumerate() {
                separate(out, place);
                serde_json::to_writer(&mut *out, key)?;
                out.push(b':');
                write(out, value)?;
            }
            out.push(b'}');
        }
        // `serde_json` escapes exactly what the canonical form escapes, in the same way.
        Value::Null | Value::Bool(_) | Value::String(_) => serde_json::to_writer(out, value)?,
    }
    Ok(())
}

fn separate(out: &mut Vec<u8>, place: usize) {
    if place > 0 {
        out.push(b',');
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;
    use serde_json::Number;

    use super::*;

    fn numbers() -> impl Strategy<Value = Number> {
        prop_oneof![
            any::<i64>().prop_map(Number::from),
            any::<u64>().prop_map(Number::from),
            (-5_i64..5).prop_flat_map(|near| prop::sample::select(vec![1_i64 << 53, -(1 << 53), 0])
                .prop_map(move |number| Number::from(number + near))),
            any::<f64>().prop_filter_map("not JSON", Number::from_f64),
            (any::<i32>(), 1_i32..1_000)
                .prop_filter_map("not JSON", |(n, d)| Number::from_f64(f64::from(n) / f64::from(d))),
        ]
    }

    /// Texts with all that is escaped, and characters whose order differs in UTF-16.
    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-z]{0,4}",
            "[\u{0}-\u{20}\"\\\\/\u{7f}\u{80}\u{ffff}\u{e000}\u{1f600}\u{2028}]{0,4}",
            any::<String>()
        ]
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            numbers().prop_map(Value::Number),
            texts().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 60, 8, |below| {
            prop_oneof![
                vec(below.clone(), 0..8).prop_map(Value::from),
                btree_map(texts(), below, 0..8).prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

        #[test]
        fn it_is_that_of_the_library(value in values()) {
            prop_assert_eq!(to_vec(&value).unwrap(), serde_json_canonicalizer::to_vec(&value).unwrap());
        }
    }
}
