//! The texts of the pages, from Fluent's files to the JSON that the pages read.
//!
//! The keys of all texts are in one file, an array, and the texts of a language in another, in the same order: keys are half of
//! what a language would weigh, and pages fetch all languages. A text is a string, or an array of parts: a string, `{"var": "n"}`, or `{"select": "n", "cases": {"one": […], …},
//! "default": "other"}`. The keys of cases are plural categories, or literal strings or numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser;
use fluent_syntax::unicode::unescape_unicode_to_string;
use serde_json::{Map, Value, json};

use crate::fault::Fault;

/// The file of each language.
const FILE: &str = "web.ftl";

/// The beginning of every key in a file; the pages leave it out.
const PREFIX: &str = "web-";

/// The name of the file of keys, beside the tags of languages.
const KEYS: &str = "keys";

/// The texts of each language in a folder of messages, as JSON by the tag of the language, and their keys.
///
/// # Errors
/// If a file cannot be read, a text has a form that the pages do not know, a language lacks a text that another has, or two
/// languages name the arguments of a text differently.
pub fn of_folder(messages: &Path) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let shown = messages.display().to_string();
    let failed = |error: std::io::Error| Fault::of(&shown, format!("cannot be read: {error}"));
    let mut languages = BTreeMap::new();
    for entry in fs::read_dir(messages).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let file = path.join(FILE);
        let (Some(tag), true) = (path.file_name().and_then(|name| name.to_str()), file.is_file()) else { continue };
        let text = fs::read_to_string(&file).map_err(failed)?;
        languages.insert(tag.to_owned(), text);
    }
    of_files(&languages)
}

fn of_files(languages: &BTreeMap<String, String>) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let mut written = BTreeMap::new();
    let mut first: Option<(String, BTreeMap<String, BTreeSet<String>>)> = None;
    for (tag, text) in languages {
        let file = format!("{tag}/{FILE}");
        let mut texts = BTreeMap::new();
        let mut arguments = BTreeMap::new();
        for (key, pattern) in read(&file, text)? {
            let mut used = BTreeSet::new();
            note_arguments(&pattern, &mut used);
            texts.insert(key.clone(), pattern);
            arguments.insert(key, used);
        }
        match &first {
            None => first = Some((file, arguments)),
            Some((other, expected)) => compare(&file, &arguments, other, expected)?,
        }
        written.insert(tag.clone(), Value::from_iter(texts.into_values()).to_string().into_bytes());
    }
    let keys = first.into_iter().flat_map(|(_, arguments)| arguments.into_keys());
    let keys = Value::from_iter(keys.map(|key| key.strip_prefix(PREFIX).unwrap_or(&key).to_owned()));
    written.insert(KEYS.to_owned(), keys.to_string().into_bytes());
    Ok(written)
}

type Arguments = BTreeMap<String, BTreeSet<String>>;

fn compare(file: &str, here: &Arguments, other: &str, there: &Arguments) -> Result<(), Fault> {
    for (of, texts, than, others) in [(file, here, other, there), (other, there, file, here)] {
        for (key, arguments) in texts {
            match others.get(key) {
                None => return Err(Fault::of(than, format!("{key} is missing, which {of} has"))),
                // A language may need fewer, as Chinese has no plural; a name that only one of them has is mistyped.
                Some(known) if !known.is_subset(arguments) && !arguments.is_subset(known) => {
                    return Err(Fault::of(of, format!("{key} has other arguments than in {than}")));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

fn read(file: &str, text: &str) -> Result<Vec<(String, Value)>, Fault> {
    let resource = parser::parse(text).map_err(|(_, errors)| {
        let byte = errors.first().map_or(0, |error| error.pos.start);
        let what = errors.first().map_or_else(|| "cannot be read".to_owned(), ToString::to_string);
        Fault::at(file, text, byte, what)
    })?;
    let mut found: Vec<(String, Value)> = Vec::new();
    for entry in resource.body {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Term(term) => return Err(Fault::of(file, format!("-{}: the pages know no terms", term.id.name))),
            _ => continue,
        };
        let key = message.id.name;
        let fault = |what: &str| Err(Fault::at(file, text, place_of(text, key), format!("{key}: {what}")));
        let Some(value) = message.value.as_ref().filter(|_| message.attributes.is_empty()) else {
            return fault("the pages know no attributes");
        };
        if !key.starts_with(PREFIX) {
            return fault("the keys of the pages begin with web-");
        }
        if found.iter().any(|(known, _)| known == key) {
            return fault("is there twice");
        }
        match pattern(value) {
            Ok(parts) => found.push((key.to_owned(), whole(parts))),
            Err(what) => return fault(what),
        }
    }
    Ok(found)
}

/// The byte at which a message begins.
fn place_of(text: &str, key: &str) -> usize {
    let is_it = |at: &usize| {
        let starts = *at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n');
        let after = text.get(at + key.len()..).unwrap_or_default();
        starts && after.trim_start_matches(' ').starts_with('=')
    };
    text.match_indices(key).map(|(at, _)| at).find(is_it).unwrap_or_default()
}

/// A text: a string if it has no other part.
fn whole(mut parts: Vec<Value>) -> Value {
    match parts.as_mut_slice() {
        [] => Value::from(""),
        [only @ Value::String(_)] => only.take(),
        _ => Value::Array(parts),
    }
}

fn pattern(pattern: &Pattern<&str>) -> Result<Vec<Value>, &'static str> {
    let mut parts = Vec::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => push_text(&mut parts, value),
            PatternElement::Placeable { expression } => self::expression(expression, &mut parts)?,
        }
    }
    Ok(parts)
}

fn push_text(parts: &mut Vec<Value>, text: &str) {
    match parts.last_mut() {
        Some(Value::String(last)) => last.push_str(text),
        _ => parts.push(Value::from(text)),
    }
}

fn expression(expression: &Expression<&str>, parts: &mut Vec<Value>) -> Result<(), &'static str> {
    match expression {
        Expression::Inline(InlineExpression::StringLiteral { value }) => {
            push_text(parts, &unescape_unicode_to_string(value));
        }
        Expression::Inline(InlineExpression::NumberLiteral { value }) => push_text(parts, value),
        Expression::Inline(InlineExpression::VariableReference { id }) => parts.push(json!({"var": id.name})),
        Expression::Inline(InlineExpression::Placeable { expression }) => self::expression(expression, parts)?,
        Expression::Inline(_) => return Err("the pages know no functions, terms or other messages within a text"),
        Expression::Select { selector: InlineExpression::VariableReference { id }, variants } => {
            let mut cases = Map::new();
            let mut default = "";
            for variant in variants {
                let (VariantKey::Identifier { name } | VariantKey::NumberLiteral { value: name }) = &variant.key;
                if variant.default {
                    default = name;
                }
                cases.insert((*name).to_owned(), Value::Array(pattern(&variant.value)?));
            }
            parts.push(json!({"select": id.name, "cases": cases, "default": default}));
        }
        Expression::Select { .. } => return Err("the pages select by an argument alone"),
    }
    Ok(())
}

fn note_arguments(value: &Value, used: &mut BTreeSet<String>) {
    let parts = match value {
        Value::Array(parts) => parts,
        _ => return,
    };
    for part in parts {
        for name in ["var", "select"] {
            used.extend(part.get(name).and_then(Value::as_str).map(ToOwned::to_owned));
        }
        for case in part.get("cases").and_then(Value::as_object).into_iter().flat_map(|cases| cases.values()) {
            note_arguments(case, used);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(files: &[(&str, &str)]) -> Result<BTreeMap<String, Value>, Fault> {
        let files = files.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect();
        let written = of_files(&files)?;
        Ok(written.into_iter().map(|(tag, json)| (tag, serde_json::from_slice(&json).unwrap())).collect())
    }

    #[test]
    fn texts_are_strings_or_parts() {
        let text = "# A comment\nweb-a = Plain { \"{\" }x\nweb-b = { $n } of { $m }\n\
                    web-c = You have { $n ->\n    [0] nothing\n    [one] one line\n   *[other] { $n } lines\n }.\n\
                    web-d =\n    first\n    second\n";
        let found = texts(&[("en", text)]).unwrap();
        assert_eq!(
            found["en"],
            json!([
                "Plain {x",
                [{"var": "n"}, " of ", {"var": "m"}],
                ["You have ", {"select": "n", "default": "other", "cases": {
                    "0": ["nothing"], "one": ["one line"], "other": [{"var": "n"}, " lines"]
                }}, "."],
                "first\nsecond"
            ])
        );
        assert_eq!(found["keys"], json!(["a", "b", "c", "d"]));
    }

    #[test]
    fn what_the_pages_cannot_show_is_told_with_its_line() {
        for (text, line) in [
            ("web-a = x\nweb-b = { NUMBER($n) }", 2),
            ("web-a = x\nweb-b = { web-a }", 2),
            ("web-b = x\n    .title = y", 1),
            ("\nother = x", 2),
            ("web-a = x\nweb-a = y", 1),
            ("-term = x", 1),
            ("web-a = x\nweb-b = {", 2),
        ] {
            let fault = texts(&[("en", text)]).unwrap_err();
            assert_eq!(fault.line, line, "{text}: {fault}");
        }
    }

    #[test]
    fn languages_have_the_same_texts_with_the_same_arguments() {
        let fault = |en: &str, zh: &str| texts(&[("en", en), ("zh-CN", zh)]).unwrap_err().to_string();
        assert!(fault("web-a = x", "web-b = y").contains("web-b is missing"));
        assert!(fault("web-a = x\nweb-b = y", "web-b = y").starts_with("zh-CN/web.ftl:1: web-a is missing"));
        assert!(fault("web-a = { $n }", "web-a = { $m }").contains("other arguments"));
        let plural = "web-a = { $n ->\n    [one] a\n   *[other] some\n }";
        assert!(texts(&[("en", plural), ("zh-CN", "web-a = 有")]).is_ok(), "Chinese has no plural");
    }
}
