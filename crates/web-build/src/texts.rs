//! The texts of the pages, from Fluent's files to the JSON that the pages read.
//!
//! `web.ftl` has the texts that all pages share. A surface may have texts of its own in `board.ftl` and `board-*.ftl`, which no
//! other surface fetches or keeps; a page joins both.
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

/// The stem of the file that all pages share.
const SHARED: &str = "web";

/// The surfaces with texts of their own, by the stem of their files.
const SURFACES: [&str; 1] = ["board"];

/// The beginning of every key in a file; the pages leave it out.
const PREFIX: &str = "web-";

/// The name of the file of keys, beside the tags of languages.
const KEYS: &str = "keys";

/// The files of a language, by their names, with their contents.
type Files = BTreeMap<String, String>;

/// The texts of a folder of messages as JSON, and their keys, by the paths of the files among the sources: `texts/en.json` has
/// the shared texts in English, `board/texts/keys.json` the keys of the board's own.
///
/// # Errors
/// If a file cannot be read, a text has a form that the pages do not know, a language lacks a text that another has, a key is
/// in two files, or two languages name the arguments of a text differently.
pub fn of_folder(messages: &Path) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let shown = messages.display().to_string();
    let failed = |error: std::io::Error| Fault::of(&shown, format!("cannot be read: {error}"));
    let mut languages = BTreeMap::new();
    for entry in fs::read_dir(messages).map_err(failed)? {
        let folder = entry.map_err(failed)?.path();
        let Some(tag) = folder.file_name().and_then(|name| name.to_str()).filter(|_| folder.is_dir()) else { continue };
        let mut files = Files::new();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if surface_of(name).is_some() {
                files.insert(name.to_owned(), fs::read_to_string(&path).map_err(failed)?);
            }
        }
        languages.insert(tag.to_owned(), files);
    }
    of_files(&languages)
}

/// The surface whose texts are in a file: its stem, or the first part of it; none for a file of the service.
fn surface_of(name: &str) -> Option<&str> {
    let stem = name.strip_suffix(".ftl")?;
    let surface = stem.split('-').next().unwrap_or_default();
    (stem == SHARED || SURFACES.contains(&surface)).then_some(surface)
}

fn of_files(languages: &BTreeMap<String, Files>) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let mut written = BTreeMap::new();
    let mut known = BTreeSet::new();
    for surface in std::iter::once(SHARED).chain(SURFACES) {
        let of_surface = |files: &Files| {
            let files = files.iter().filter(|(name, _)| surface_of(name) == Some(surface));
            files.map(|(name, text)| (name.clone(), text.clone())).collect::<Files>()
        };
        let languages: BTreeMap<_, _> = languages.iter().map(|(tag, files)| (tag, of_surface(files))).collect();
        // The pages of a folder of a test may have none.
        if languages.values().all(BTreeMap::is_empty) {
            continue;
        }
        let folder = if surface == SHARED { "texts".to_owned() } else { format!("{surface}/texts") };
        for (name, json) in of_surface_files(&languages, &mut known)? {
            written.insert(format!("{folder}/{name}.json"), json);
        }
    }
    Ok(written)
}

/// The texts of one surface by the tag of their language, and their keys; `known` are the keys of the surfaces before it.
fn of_surface_files(
    languages: &BTreeMap<&String, Files>,
    known: &mut BTreeSet<String>,
) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let mut written = BTreeMap::new();
    let mut first: Option<(String, Arguments)> = None;
    for (tag, files) in languages {
        let mut texts = BTreeMap::new();
        let mut arguments = Arguments::new();
        for (name, text) in files {
            let file = format!("{tag}/{name}");
            for (key, pattern) in read(&file, text)? {
                if known.contains(&key) || texts.contains_key(&key) {
                    return Err(Fault::at(&file, text, place_of(text, &key), format!("{key}: another file has it")));
                }
                let mut used = BTreeSet::new();
                note_arguments(&pattern, &mut used);
                texts.insert(key.clone(), pattern);
                arguments.insert(key, used);
            }
        }
        // A fault between languages is told of the folder where the texts are in several files.
        let file = match files.keys().next() {
            Some(only) if files.len() == 1 => format!("{tag}/{only}"),
            _ => (*tag).clone(),
        };
        match &first {
            None => first = Some((file, arguments)),
            Some((other, expected)) => compare(&file, &arguments, other, expected)?,
        }
        written.insert((*tag).clone(), Value::from_iter(texts.into_values()).to_string().into_bytes());
    }
    let all: Vec<String> = first.into_iter().flat_map(|(_, arguments)| arguments.into_keys()).collect();
    let keys = Value::from_iter(all.iter().map(|key| key.strip_prefix(PREFIX).unwrap_or(key).to_owned()));
    written.insert(KEYS.to_owned(), keys.to_string().into_bytes());
    known.extend(all);
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

    /// The texts of files named as `en/web.ftl`, by the paths of what is written.
    fn written(files: &[(&str, &str)]) -> Result<BTreeMap<String, Value>, Fault> {
        let mut languages: BTreeMap<String, Files> = BTreeMap::new();
        for (path, text) in files {
            let (tag, name) = path.split_once('/').unwrap();
            languages.entry(tag.to_owned()).or_default().insert(name.to_owned(), (*text).to_owned());
        }
        let written = of_files(&languages)?;
        Ok(written.into_iter().map(|(path, json)| (path, serde_json::from_slice(&json).unwrap())).collect())
    }

    /// The shared texts of each language.
    fn texts(files: &[(&str, &str)]) -> Result<BTreeMap<String, Value>, Fault> {
        let files: Vec<_> = files.iter().map(|(tag, text)| (format!("{tag}/web.ftl"), *text)).collect();
        let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let named = |path: String| path.trim_start_matches("texts/").trim_end_matches(".json").to_owned();
        Ok(written(&files)?.into_iter().map(|(path, texts)| (named(path), texts)).collect())
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
    #[test]
    fn a_surface_has_texts_of_its_own_in_several_files() {
        let shared = ("en/web.ftl", "web-a = Water\n");
        let found =
            written(&[shared, ("en/board.ftl", "web-c = C\n"), ("en/board-people.ftl", "web-b = B\n")]).unwrap();
        assert_eq!((&found["texts/en.json"], &found["texts/keys.json"]), (&json!(["Water"]), &json!(["a"])));
        assert_eq!(
            (&found["board/texts/en.json"], &found["board/texts/keys.json"]),
            (&json!(["B", "C"]), &json!(["b", "c"]))
        );
        assert_eq!(written(&[shared]).unwrap().len(), 2, "the pages of a surface may do with the shared texts");
        let twice = |files: &[(&str, &str)]| written(files).unwrap_err().to_string();
        assert!(
            twice(&[shared, ("en/board.ftl", "\nweb-a = A\n")])
                .starts_with("en/board.ftl:2: web-a: another file has it")
        );
        let (one, other) = (("en/board-x.ftl", "web-b = B\n"), ("en/board.ftl", "web-b = B\n"));
        assert!(twice(&[one, other]).contains("web-b: another file has it"));
        let missing = twice(&[("en/board.ftl", "web-b = B\n"), ("zh-CN/board-x.ftl", "web-c = C\n")]);
        assert!(missing.contains("is missing"), "{missing}");
    }

    #[test]
    fn texts_of_the_service_are_none_of_the_pages() {
        for (name, surface) in
            [("web.ftl", Some("web")), ("board.ftl", Some("board")), ("board-data.ftl", Some("board"))]
        {
            assert_eq!(surface_of(name), surface);
        }
        for name in ["phone.ftl", "web-x.ftl", "labels.ftl", "boards.ftl", "board.md"] {
            assert_eq!(surface_of(name), None, "{name}");
        }
    }
}
