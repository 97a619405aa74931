//! Filters that take several values, by repeating the parameter: any of them is wanted.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::__dev::ComposeSchema;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use validator::ValidationError;

/// The maximum number of values of one filter.
const MOST_VALUES: usize = 100;

/// The maximum length of a code or an id, in characters.
const LONGEST_CODE: usize = 64;

/// The values of a filter. An empty one accepts everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnyOf<T>(Vec<T>);

// The derive would ask for a default of the values.
impl<T> Default for AnyOf<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// A code or an id by which a filter names a thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 64, example = "T3")]
pub struct Code(String);

impl<T> AnyOf<T> {
    /// The values, as sent.
    pub fn values(&self) -> &[T] {
        &self.0
    }

    /// True if everything is wanted.
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: PartialEq> AnyOf<T> {
    /// True if a value is wanted.
    pub fn takes(&self, value: &T) -> bool {
        self.is_all() || self.0.contains(value)
    }
}

impl AnyOf<Code> {
    /// The codes, as sent.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|code| code.0.as_str())
    }

    /// True if a code is wanted.
    pub fn takes_code(&self, code: &str) -> bool {
        self.is_all() || self.codes().any(|wanted| wanted == code)
    }

    /// True if a code that may be missing is wanted.
    pub fn takes_some(&self, code: Option<&str>) -> bool {
        self.is_all() || code.is_some_and(|code| self.takes_code(code))
    }
}

// The derive of parameters asks for this trait, and cannot set the limits of a list by itself.
impl<T: ToSchema> ComposeSchema for AnyOf<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        ArrayBuilder::new().items(Ref::from_schema_name(T::name())).max_items(Some(MOST_VALUES)).build().into()
    }
}

impl<T: ToSchema> ToSchema for AnyOf<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("AnyOf_{}", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

/// Checks the codes of a filter: their lengths, and that they are text of one line. Their number is that of every list
/// in a query ([`DeclaredQueries`](super::declared::DeclaredQueries)).
pub fn are_codes(codes: &AnyOf<Code>) -> Result<(), ValidationError> {
    if codes.codes().any(|code| code.is_empty() || code.chars().count() > LONGEST_CODE) {
        let mut error = ValidationError::new("length");
        error.add_param(Cow::Borrowed("min"), &1);
        error.add_param(Cow::Borrowed("max"), &LONGEST_CODE);
        return Err(error);
    }
    if codes.codes().any(|code| code.chars().any(char::is_control)) {
        return Err(ValidationError::new("non_control_character"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        #[serde(default)]
        code: AnyOf<Code>,
    }

    fn read(query: &str) -> AnyOf<Code> {
        serde_html_form::from_str::<Asked>(query).unwrap().code
    }

    #[test]
    fn a_filter_takes_any_of_its_values_and_all_without_one() {
        let cases = [
            ("", "a", true),
            ("code=a", "a", true),
            ("code=a", "b", false),
            ("code=a&code=b", "b", true),
            ("code=a&code=a", "a", true),
            ("code=a%2Cb", "a", false),
        ];
        for (query, code, taken) in cases {
            assert_eq!(read(query).takes_code(code), taken, "{query} {code}");
        }
        assert!(read("").takes_some(None) && !read("code=a").takes_some(None));
    }

    #[test]
    fn too_long_empty_and_unprintable_codes_are_refused() {
        let cases = [
            ("code=".to_owned(), Some("length")),
            (format!("code={}", "字".repeat(64)), None),
            (format!("code={}", "a".repeat(65)), Some("length")),
            ("code=a%00".to_owned(), Some("non_control_character")),
        ];
        for (query, expected) in cases {
            let fault = are_codes(&read(&query)).err().map(|error| error.code.into_owned());
            assert_eq!(fault.as_deref(), expected, "{query}");
        }
    }
}
