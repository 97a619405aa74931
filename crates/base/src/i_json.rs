//! I-JSON (RFC 7493): JSON that every reader takes for the same. A member that appears twice, a number beyond a double and
//! half of a character are JSON to some readers and break others; so does nesting without end.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The deepest nesting that is taken; a count has three levels.
const DEEPEST: usize = 32;

/// True for text in JSON that every reader takes for the same, and that is nested no deeper than readers bear.
pub fn is_i_json(text: &[u8]) -> bool {
    let mut reader = serde_json::Deserializer::from_slice(text);
    Level(DEEPEST).deserialize(&mut reader).and_then(|()| reader.end()).is_ok()
}

/// A value that may have some levels below it. Numbers beyond a double and halves of characters are refused by the parser.
#[derive(Clone, Copy)]
struct Level(usize);

impl Level {
    fn below<E: Error>(self) -> Result<Self, E> {
        self.0.checked_sub(1).map(Self).ok_or_else(|| E::custom("nested too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of I-JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let below = self.below()?;
        while list.next_element_seed(below)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let below = self.below()?;
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a member appears twice"));
            }
            members.next_value_seed(below)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_reader_takes_for_the_same_is_taken() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        for text in ["null", "-1.5e3", "\"\\ud83d\\ude00\"", r#"{"a":{"a":1},"b":[{"a":2},true]}"#, &nested(32)] {
            assert!(is_i_json(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "1e400",
            "-1e400",
            r#""\ud83d""#,
            r#"{"\ude00":1}"#,
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            "1 2",
            &nested(33),
            &nested(450_000),
        ] {
            assert!(!is_i_json(text.as_bytes()), "{}", text.get(..40).unwrap_or(text));
        }
    }
}
