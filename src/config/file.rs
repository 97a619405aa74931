//! Settings in a TOML file.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::ConfigError;
use super::setting::{self, CONFIG};
use super::sources::Found;

/// Reads the settings of a file, by key.
///
/// # Errors
/// If it cannot be read, is not TOML, or has an unknown key: each with its line.
pub fn read(path: &Path) -> Result<BTreeMap<&'static str, Found>, ConfigError> {
    let text = fs::read_to_string(path)
        .map_err(|error| ConfigError(format!("the settings file {} cannot be read: {error}", path.display())))?;
    parse(&path.display().to_string(), &text)
}

fn parse(name: &str, text: &str) -> Result<BTreeMap<&'static str, Found>, ConfigError> {
    let place = |span: Range<usize>| {
        let before = text.get(..span.start).unwrap_or(text);
        format!("line {} of {name}", before.matches('\n').count() + 1)
    };
    // Only the message: the rest of the error repeats the line, which may hold a password.
    let table = DeTable::parse(text).map_err(|error| {
        let place = error.span().map_or_else(|| name.to_owned(), &place);
        ConfigError(format!("{place} is not valid TOML: {}", error.message()))
    })?;
    let mut found = BTreeMap::new();
    for (key, value) in table.get_ref() {
        let place = place(key.span());
        let key = key.get_ref().as_ref();
        let setting = setting::find(key).filter(|setting| setting.key != CONFIG).ok_or_else(|| {
            ConfigError(format!("{place}: there is no setting {key:?}; `muster serve --help` lists all settings"))
        })?;
        let text = text_of(value.get_ref()).ok_or_else(|| {
            ConfigError(format!("{place}: the setting {key} takes a text, a number, true or false, or a list of texts"))
        })?;
        found.insert(setting.key, Found { text, origin: format!("{key} in {place}"), is_option: false });
    }
    Ok(found)
}

/// A value as it would be written in the environment.
fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(yes) => Some(yes.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Array(list) => {
            let texts: Option<Vec<&str>> = list.iter().map(|value| value.get_ref().as_str()).collect();
            texts.map(|texts| texts.join(","))
        }
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_texts_that_know_their_line() {
        let found =
            parse("m.toml", "workers = 4\n\nmigrate_at_start = false\ntrusted_proxies = [\"::1\", \"10.0.0.0/8\"]")
                .unwrap();
        assert_eq!(found["workers"].text, "4");
        assert_eq!(found["migrate_at_start"].text, "false");
        assert_eq!(found["migrate_at_start"].origin, "migrate_at_start in line 3 of m.toml");
        assert_eq!(found["trusted_proxies"].text, "::1,10.0.0.0/8");
    }

    #[test]
    fn a_key_that_names_no_setting_is_refused_with_its_line() {
        for (text, expected) in [
            ("listen = \"[::1]:80\"\nlistn = 1", "line 2 of m.toml: there is no setting \"listn\""),
            ("config = \"other.toml\"", "line 1 of m.toml: there is no setting \"config\""),
            ("[server]\nlisten = 1", "line 1 of m.toml: there is no setting \"server\""),
            ("listen = 1.5", "line 1 of m.toml: the setting listen takes a text"),
            ("listen = \"a\"\nlisten = \"b\"", "line 2 of m.toml is not valid TOML"),
            ("# secret\ndatabase_url = \"postgres://u:secret", "line 2 of m.toml is not valid TOML"),
        ] {
            let said = parse("m.toml", text).err().unwrap().to_string();
            assert!(said.starts_with(expected), "{said}");
            assert!(!said.contains("secret"), "{said}");
        }
    }
}
