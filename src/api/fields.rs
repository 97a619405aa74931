//! The parameter `fields` of every list: the members of the entries that the answer has.

use std::collections::BTreeSet;

use actix_web::HttpRequest;
use serde::Deserialize;
use serde_json::Value;

use super::offered::ListColumns;
use crate::api::error::ApiError;
use base::error::{Error, Fault};
use text::messages::message;

/// The maximum length of a name that is repeated in a fault, in characters.
const ECHO: usize = 64;

/// The members that a request asks for; all if it names none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Option<BTreeSet<String>>);

/// The values of the parameter.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    fields: Vec<String>,
}

impl Fields {
    /// The members that a request asks for, by names separated by commas or by repeating the parameter. A request of
    /// anything but a list asks for none.
    ///
    /// # Errors
    /// `Malformed` for a name that is not a member of the list's entries, naming those that are; `Invalid` for more names
    /// than there are members.
    pub fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        let parts: Vec<&str> = request.query_string().split('&').filter(|part| is_fields(part)).collect();
        match parts.is_empty() {
            true => Ok(Self::default()),
            false => {
                ListColumns::members(request).map_or_else(|| Ok(Self::default()), |known| Self::read(&parts, &known))
            }
        }
    }

    fn read(parts: &[&str], known: &BTreeSet<String>) -> Result<Self, ApiError> {
        let asked: Asked = serde_html_form::from_str(&parts.join("&"))
            .map_err(|error| Error::internal("the names of members cannot be read", error))?;
        let sent: Vec<&str> = asked.fields.iter().flat_map(|value| value.split(',')).map(str::trim).collect();
        if sent.len() > known.len() {
            let detail = message!("length-at-most", max = known.len());
            return Err(Error::Invalid(vec![Fault::new("/fields", "length_out_of_bounds", detail)]).into());
        }
        let mut names = BTreeSet::new();
        for name in sent {
            if !known.contains(name) {
                let name: String = name.chars().take(ECHO).collect();
                let known: Vec<String> = known.iter().cloned().collect();
                let detail = message!("value-unknown", value = name, known = known);
                return Err(ApiError::Malformed(vec![Fault::new("/fields", "unknown_value", detail)]));
            }
            names.insert(name.to_owned());
        }
        Ok(Self(Some(names)))
    }

    /// A query without the parameter.
    pub fn without(query: &str) -> String {
        query.split('&').filter(|part| !is_fields(part)).collect::<Vec<_>>().join("&")
    }

    /// True if all members are wanted.
    pub fn is_all(&self) -> bool {
        self.0.is_none()
    }

    /// True if a member is wanted.
    pub fn takes(&self, member: &str) -> bool {
        self.0.as_ref().is_none_or(|names| names.contains(member))
    }

    /// True if one of several members is wanted; a column that shows none of them is left out where members are named.
    pub fn takes_any(&self, members: &[&str]) -> bool {
        self.is_all() || members.iter().any(|member| self.takes(member))
    }

    /// Removes the other members from the entries of a page.
    pub fn prune(&self, page: &mut Value) {
        for item in page.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Value::Object(members) = item {
                members.retain(|name, _| self.takes(name));
            }
        }
    }
}

fn is_fields(part: &str) -> bool {
    part.split('=').next() == Some("fields")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_with_commas_or_repeatedly_and_unknown_ones_are_refused() {
        let known: BTreeSet<String> = ["code", "name", "unit"].map(ToOwned::to_owned).into();
        let cases = [
            ("fields=code", Some(vec!["code"])),
            ("fields=code,name", Some(vec!["code", "name"])),
            ("fields=code&fields=unit", Some(vec!["code", "unit"])),
            ("fields=code&fields=code,code", Some(vec!["code"])),
            ("fields=code&fields=code,code,code", None),
            ("fields=code%2C%20unit", Some(vec!["code", "unit"])),
            ("fields=", None),
            ("fields", None),
            ("fields=code,", None),
            ("fields=Code", None),
            ("fields=%00", None),
            ("fields=%FF", None),
        ];
        for (query, expected) in cases {
            let fields = Fields::read(&query.split('&').collect::<Vec<_>>(), &known).ok();
            let taken = fields.map(|fields| known.iter().filter(|name| fields.takes(name)).cloned().collect());
            let expected: Option<Vec<String>> =
                expected.map(|names| names.into_iter().map(ToOwned::to_owned).collect());
            assert_eq!(taken, expected, "{query}");
        }
        assert_eq!(Fields::without("a=1&fields=code&b=2&fields=x&fieldset=3"), "a=1&b=2&fieldset=3");
    }
}
