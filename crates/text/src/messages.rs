//! Messages for people, in every supported language, from the files under `messages/`.
//!
//! A [`Message`] is a key with its arguments; the code that answers knows the language and turns it into text. The
//! files are Fluent's (projectfluent.org). They are read once, and a test checks them against each other and against
//! the keys in the code.

use std::fmt;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::language::Language;

/// The two files of a subject.
macro_rules! files {
    ($subject:literal) => {
        (
            include_str!(concat!("../../../messages/en/", $subject, ".ftl")),
            include_str!(concat!("../../../messages/zh-CN/", $subject, ".ftl")),
        )
    };
}

/// The files, one for each subject, in English and in Chinese.
const FILES: &[(&str, &str)] = &[
    files!("acceptances"),
    files!("accounts"),
    files!("audit"),
    files!("checks"),
    files!("contacts"),
    files!("counts"),
    files!("exemptions"),
    files!("explanations"),
    files!("facts"),
    files!("fields"),
    files!("import"),
    files!("input"),
    files!("items"),
    files!("labels"),
    files!("ledger"),
    files!("organizations"),
    files!("phone"),
    files!("problems"),
    files!("regions"),
    files!("resolutions"),
    files!("standards"),
    files!("tables"),
    files!("trust"),
    files!("versions"),
];

/// A message not yet put into any language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    key: String,
    arguments: Vec<(&'static str, Argument)>,
}

/// The value of an argument of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Words or a code, inserted unchanged.
    Text(String),
    /// A whole number, by which a language may choose its plural.
    Number(i64),
    /// A list of words or codes, joined by the separator of each language.
    List(Vec<String>),
    /// A list of names with a form in each language: in English, then in Chinese.
    Names([Vec<String>; 2]),
    /// Another message, in the same language.
    Message(Box<Message>),
}

impl Message {
    /// Returns a message by its key. Use `message!` for a key that is known at compile time.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), arguments: Vec::new() }
    }

    /// Returns the message with one more argument.
    pub fn with(mut self, name: &'static str, argument: impl Into<Argument>) -> Self {
        self.arguments.push((name, argument.into()));
        self
    }

    /// Returns the text in a language. A key that no file has is returned itself; a test prevents that.
    pub fn text(&self, language: Language) -> String {
        self.find(language).unwrap_or_else(|| self.key.clone())
    }

    /// Returns the text in a language; `None` if no file has it.
    pub fn find(&self, language: Language) -> Option<String> {
        let bundle = bundle(language);
        let pattern = bundle.get_message(&self.key)?.value()?;
        let mut arguments = FluentArgs::new();
        for (name, argument) in &self.arguments {
            match argument {
                Argument::Text(text) => arguments.set(*name, text.as_str()),
                Argument::Number(number) => arguments.set(*name, *number),
                Argument::List(words) => arguments.set(*name, words.join(language.choose(", ", "、"))),
                Argument::Names([english, chinese]) => {
                    let names = match language {
                        Language::English => english.join(", "),
                        Language::Chinese => chinese.join("、"),
                    };
                    arguments.set(*name, names);
                }
                Argument::Message(message) => arguments.set(*name, message.text(language)),
            }
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key = self.key, ?errors, "a message could not be put together");
        }
        Some(text)
    }
}

/// Formats the message in English, for logs and the command line.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<[Vec<String>; 2]> for Argument {
    fn from(names: [Vec<String>; 2]) -> Self {
        Self::Names(names)
    }
}

impl From<&String> for Argument {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Argument {
    fn from(number: usize) -> Self {
        i64::try_from(number).map_or_else(|_| Self::Text(number.to_string()), Self::Number)
    }
}

impl From<u32> for Argument {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<Vec<String>> for Argument {
    fn from(words: Vec<String>) -> Self {
        Self::List(words)
    }
}

impl From<Message> for Argument {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}

/// Makes a [`Message`] from its key and the values of its arguments: `message!("item-unknown", item = code)`.
#[macro_export]
macro_rules! message {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::messages::Message::new($key)$(.with(stringify!($name), $value))*
    };
}
pub use crate::message;

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language) -> &'static Bundle {
    static ENGLISH: OnceLock<Bundle> = OnceLock::new();
    static CHINESE: OnceLock<Bundle> = OnceLock::new();
    match language {
        Language::English => ENGLISH.get_or_init(|| read(language)),
        Language::Chinese => CHINESE.get_or_init(|| read(language)),
    }
}

fn read(language: Language) -> Bundle {
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // Isolation marks are for texts of mixed direction, which neither language has, and clients compare texts.
    bundle.set_use_isolating(false);
    for (english, chinese) in FILES {
        let resource =
            FluentResource::try_new(language.choose(english, chinese).to_owned()).unwrap_or_else(|(read, errors)| {
                tracing::error!(?errors, "a message file has faults");
                read
            });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(?errors, "a message is there twice");
        }
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use fluent_bundle::FluentResource;
    use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

    use super::*;

    /// The messages of a language with the arguments of each.
    fn messages(choose: impl Fn(&(&'static str, &'static str)) -> &'static str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        for file in FILES {
            let resource = FluentResource::try_new(choose(file).to_owned()).expect("a message file has faults");
            for entry in resource.entries() {
                match entry {
                    Entry::Message(message) => {
                        let mut arguments = BTreeSet::new();
                        collect(message.value.as_ref().expect("a message has no text"), &mut arguments);
                        let before = found.insert(message.id.name.to_owned(), arguments);
                        assert!(before.is_none(), "{} is there twice", message.id.name);
                    }
                    Entry::Junk { content } => panic!("not Fluent: {content}"),
                    _ => {}
                }
            }
        }
        found
    }

    fn collect(pattern: &Pattern<&str>, arguments: &mut BTreeSet<String>) {
        for element in &pattern.elements {
            let PatternElement::Placeable { expression } = element else { continue };
            match expression {
                Expression::Inline(inline) => collect_inline(inline, arguments),
                Expression::Select { selector, variants } => {
                    collect_inline(selector, arguments);
                    variants.iter().for_each(|variant| collect(&variant.value, arguments));
                }
            }
        }
    }

    fn collect_inline(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                arguments.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => {
                if let Expression::Inline(inline) = expression.as_ref() {
                    collect_inline(inline, arguments);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn both_languages_have_the_same_messages_with_the_same_arguments() {
        assert_eq!(messages(|file| file.0), messages(|file| file.1));
    }

    /// Splits the arguments of the call with which a text begins, up to its closing parenthesis.
    fn parts(call: &str) -> Vec<String> {
        let (mut parts, mut depth, mut quoted, mut before) = (vec![String::new()], 0, false, ' ');
        for letter in call.chars() {
            match letter {
                '"' if before != '\\' => quoted = !quoted,
                '(' | '[' | '{' if !quoted => depth += 1,
                ')' if !quoted && depth == 0 => break,
                ')' | ']' | '}' if !quoted => depth -= 1,
                _ => {}
            }
            before = letter;
            match letter {
                ',' if !quoted && depth == 0 => parts.push(String::new()),
                _ => parts.last_mut().unwrap().push(letter),
            }
        }
        parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }

    /// Checks every `message!` in the code: its key exists, with the same argument names.
    #[test]
    fn every_message_of_the_code_is_in_the_files_with_its_arguments() {
        let files = messages(|file| file.0);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut folders = vec![root.join("src"), root.join("crates")];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                // This file uses `message!` in texts about messages.
                if path.extension().is_none_or(|extension| extension != "rs") || path.ends_with("src/messages.rs") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for (at, start) in text.match_indices("message!(") {
                    let parts = parts(text.get(at + start.len()..).unwrap());
                    let Some((key, rest)) = parts.split_first() else { continue };
                    let Some(key) = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')) else { continue };
                    seen += 1;
                    let given: BTreeSet<String> =
                        rest.iter().map(|part| part.split('=').next().unwrap().trim().to_owned()).collect();
                    assert_eq!(files.get(key), Some(&given), "{}: {key} in the message files", path.display());
                }
            }
        }
        assert!(seen > 0, "the sources were not found");
    }

    #[test]
    fn arguments_stand_in_their_places() {
        let message = message!("role-not-allowed", role = message!("role-viewer"));
        assert_eq!(
            message.text(Language::English),
            "The role viewer may not do this. Ask someone with the right role, or have yours changed."
        );
        assert_eq!(message.text(Language::Chinese), "“查阅人员”无权进行此操作：请由有权人员办理。");
        let known = vec!["one".to_owned(), "two".to_owned()];
        let message = message!("value-unknown", value = "three", known = known);
        assert_eq!(message.text(Language::English), "\"three\" is not one of the known values. Use one of: one, two.");
        assert_eq!(message.text(Language::Chinese), "“three”不是可用的值。可用的值：one、two。");
        assert_eq!(Message::new("no such key").text(Language::Chinese), "no such key");
    }
}
