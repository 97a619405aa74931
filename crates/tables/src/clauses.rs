//! Small languages for cells: conditions of rules, spares, and packs of items.
//!
//! A condition reads like speech: `kind = enterprise and sector = hazchem and (toxic or people_on_shift >= 30)`. A bare
//! name is a tag; `class hazchem_unit = 2` asks for a class of a class table; `and` binds more tightly than `or`; `not` precedes
//! what it negates; `always` and `never` are constants. `且`, `或`, `非` and brackets of either width work too. Conditions that this cannot express are written as
//! JSON, which begins with `{`.

use super::choices::{Choice, SECTORS, TEAM_TYPES, code_of};
use super::folding::half_width;
use domain::condition::{ClassTest, Comparison, Operator, RuleCondition};
use domain::item::Pack;
use domain::organization::OrganizationKind;
use domain::rule::{Spare, SpareRatio};

/// The maximum nesting of conditions: beyond it nobody understands a condition, and the stack is limited.
const DEPTH: usize = 32;

/// The reason why a condition cannot be read: the words at which it becomes invalid; empty at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAClause {
    /// The words.
    pub at: String,
}

/// Reads a condition.
///
/// # Errors
/// The words at which it becomes invalid.
pub fn read_condition(text: &str) -> Result<RuleCondition, NotAClause> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| NotAClause { at: error.to_string() });
    }
    let words = words(text)?;
    let mut reader = Reader { words: &words, depth: 0 };
    let condition = reader.any()?;
    if reader.words.is_empty() { Ok(condition) } else { Err(reader.lost()) }
}

/// Writes a condition in a form that is read back the same.
pub fn write_condition(condition: &RuleCondition) -> String {
    let text = spoken(condition, Binding::Loose);
    match text {
        Some(text) if read_condition(&text).as_ref() == Ok(condition) => text,
        // A condition consists of strings and numbers, which JSON can always hold.
        _ => serde_json::to_string(condition).unwrap_or_default(),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Open,
    Close,
    And,
    Or,
    Not,
    Operator(Operator),
    Name(String),
    Quoted(String),
}

impl Word {
    fn shown(&self) -> String {
        match self {
            Self::Open => "(".into(),
            Self::Close => ")".into(),
            Self::And => "and".into(),
            Self::Or => "or".into(),
            Self::Not => "not".into(),
            Self::Operator(operator) => sign(*operator).into(),
            Self::Name(name) => name.clone(),
            Self::Quoted(text) => format!("{text:?}"),
        }
    }
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Less => "<",
        Operator::AtMost => "<=",
        Operator::Equal => "=",
        Operator::AtLeast => ">=",
        Operator::More => ">",
    }
}

fn words(text: &str) -> Result<Vec<Word>, NotAClause> {
    let text = half_width(text).replace('≥', ">=").replace('≤', "<=").replace(['“', '”'], "\"");
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' => 1,
            '<' | '>' if rest.get(1..2) == Some("=") => 2,
            '=' if rest.get(1..2) == Some("=") => 2,
            '<' | '>' | '=' => 1,
            '"' => {
                let end = rest.get(1..).and_then(|inside| inside.find('"'));
                end.ok_or_else(|| NotAClause { at: rest.to_owned() })? + 2
            }
            _ => rest
                .find(|character: char| character.is_whitespace() || "()<>=\"".contains(character))
                .unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(length);
        words.push(match word {
            "(" => Word::Open,
            ")" => Word::Close,
            "<" => Word::Operator(Operator::Less),
            "<=" => Word::Operator(Operator::AtMost),
            "=" | "==" => Word::Operator(Operator::Equal),
            ">=" => Word::Operator(Operator::AtLeast),
            ">" => Word::Operator(Operator::More),
            "and" | "AND" | "且" | "并且" => Word::And,
            "or" | "OR" | "或" | "或者" => Word::Or,
            "not" | "NOT" | "非" | "不是" => Word::Not,
            _ if first == '"' => Word::Quoted(word.trim_matches('"').to_owned()),
            name => Word::Name(name.to_owned()),
        });
        rest = after.trim_start();
    }
    Ok(words)
}

struct Reader<'a> {
    words: &'a [Word],
    depth: usize,
}

impl Reader<'_> {
    fn lost(&self) -> NotAClause {
        NotAClause { at: self.words.iter().take(4).map(Word::shown).collect::<Vec<_>>().join(" ") }
    }

    fn next_is(&mut self, wanted: &Word) -> bool {
        match self.words.split_first() {
            Some((word, rest)) if word == wanted => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn any(&mut self) -> Result<RuleCondition, NotAClause> {
        let first = self.all()?;
        let mut parts = vec![first];
        while self.next_is(&Word::Or) {
            parts.push(self.all()?);
        }
        Ok(alone_or(parts, RuleCondition::Any))
    }

    fn all(&mut self) -> Result<RuleCondition, NotAClause> {
        let mut parts = vec![self.one()?];
        while self.next_is(&Word::And) {
            parts.push(self.one()?);
        }
        Ok(alone_or(parts, RuleCondition::All))
    }

    fn one(&mut self) -> Result<RuleCondition, NotAClause> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.lost());
        }
        let found = if self.next_is(&Word::Not) {
            RuleCondition::Not(Box::new(self.one()?))
        } else if self.next_is(&Word::Open) {
            let inside = self.any()?;
            if !self.next_is(&Word::Close) {
                return Err(self.lost());
            }
            inside
        } else {
            self.test()?
        };
        self.depth -= 1;
        Ok(found)
    }

    fn test(&mut self) -> Result<RuleCondition, NotAClause> {
        let lost = self.lost();
        let Some((Word::Name(name), rest)) = self.words.split_first() else { return Err(lost) };
        if let ("class" | "类别", [table, Word::Operator(Operator::Equal), is, after @ ..]) = (name.as_str(), rest)
            && let (Word::Name(table) | Word::Quoted(table), Word::Name(is) | Word::Quoted(is)) = (table, is)
        {
            self.words = after;
            return Ok(RuleCondition::Class(ClassTest { table: table.clone(), is: is.clone() }));
        }
        let value = match rest.split_first() {
            Some((Word::Operator(operator), rest)) => rest.split_first().map(|(value, rest)| (*operator, value, rest)),
            _ => None,
        };
        let Some((operator, value, after)) = value else {
            if matches!(rest.first(), Some(Word::Operator(_))) {
                return Err(lost);
            }
            self.words = rest;
            return Ok(match name.as_str() {
                "always" | "始终" => RuleCondition::All(Vec::new()),
                "never" | "从不" => RuleCondition::Any(Vec::new()),
                tag => RuleCondition::Tag(tag.to_owned()),
            });
        };
        let words = match value {
            Word::Name(word) | Word::Quoted(word) => word,
            _ => return Err(lost),
        };
        let quoted = matches!(value, Word::Quoted(_));
        let coded = |codes| if quoted { words.clone() } else { code_of(words, codes) };
        let found = match (name.as_str(), operator) {
            ("kind" | "性质", Operator::Equal) => RuleCondition::Kind(OrganizationKind::named(words).ok_or(lost)?),
            ("type" | "类型", Operator::Equal) => RuleCondition::Type(coded(TEAM_TYPES)),
            ("sector" | "行业", Operator::Equal) => RuleCondition::Sector(coded(SECTORS)),
            (fact, op) if !quoted => {
                let value = super::value::read_quantity(words).map_err(|_| lost)?;
                RuleCondition::Compare(Comparison { fact: fact.to_owned(), op, value })
            }
            _ => return Err(lost),
        };
        self.words = after;
        Ok(found)
    }
}

fn alone_or(mut parts: Vec<RuleCondition>, many: fn(Vec<RuleCondition>) -> RuleCondition) -> RuleCondition {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            many(parts)
        }
    }
}

/// The surroundings of a part, which decide whether it needs brackets.
#[derive(Clone, Copy, PartialEq)]
enum Binding {
    Loose,
    Tight,
}

fn spoken(condition: &RuleCondition, around: Binding) -> Option<String> {
    let joined = |parts: &[RuleCondition], with: &str| {
        let parts = parts.iter().map(|part| spoken(part, Binding::Tight)).collect::<Option<Vec<_>>>()?;
        let text = parts.join(with);
        Some(if around == Binding::Tight { format!("({text})") } else { text })
    };
    let word = |name: &str| {
        let plain = !name.is_empty()
            && name.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-'));
        if plain { name.to_owned() } else { format!("\"{name}\"") }
    };
    match condition {
        RuleCondition::All(parts) if parts.is_empty() => Some("always".into()),
        RuleCondition::Any(parts) if parts.is_empty() => Some("never".into()),
        // A list of one would be read back as its only member.
        RuleCondition::All(parts) | RuleCondition::Any(parts) if parts.len() == 1 => None,
        RuleCondition::All(parts) => joined(parts, " and "),
        RuleCondition::Any(parts) => joined(parts, " or "),
        RuleCondition::Not(part) => Some(format!("not {}", spoken(part, Binding::Tight)?)),
        RuleCondition::Kind(kind) => Some(format!("kind = {}", kind.word())),
        RuleCondition::Type(name) => Some(format!("type = {}", word(name))),
        RuleCondition::Sector(name) => Some(format!("sector = {}", word(name))),
        RuleCondition::Tag(fact) => Some(fact.clone()),
        RuleCondition::Class(ClassTest { table, is }) => Some(format!("class {} = {}", word(table), word(is))),
        RuleCondition::Compare(Comparison { fact, op, value }) => Some(format!("{fact} {} {value}", sign(*op))),
    }
}

/// Reads a spare: `4:1` is one spare for every four in use, `20%` that share of the number in use.
pub fn read_spare(text: &str) -> Option<Spare> {
    let text = half_width(text);
    if let Some(percent) = text.trim().strip_suffix('%') {
        return percent.trim().parse().ok().map(Spare::Percent);
    }
    let (in_use, spare) = text.split_once([':', '/'])?;
    let in_use = in_use.trim().parse().ok().filter(|in_use: &u32| *in_use > 0)?;
    Some(Spare::ratio(in_use, spare.trim().parse().ok()?))
}

/// Writes a spare.
pub fn write_spare(spare: Spare) -> String {
    match spare {
        Spare::Ratio(SpareRatio { for_each: in_use, reserve: spare }) => format!("{in_use}:{spare}"),
        Spare::Percent(percent) => format!("{percent}%"),
    }
}

/// The maximum number of parts of a list that are read; the rule book allows fewer for every list. If there are more, one
/// more is read.
pub const MOST_PARTS: usize = 100;

/// The characters that separate the parts of a list in a cell.
const SEPARATORS: [char; 4] = [';', '；', '、', '\n'];

/// The characters between the name of a pack and its size.
const EQUAL_SIGNS: [char; 4] = ['=', '＝', ':', '：'];

/// Splits a list in a cell at `;`, `；`, `、` or line ends, but not within double quotes that begin a part.
pub fn list(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let part =
            rest.trim_start_matches(|character: char| character.is_whitespace() || SEPARATORS.contains(&character));
        let quoted = quoted_length(part).unwrap_or(0);
        let end = part.get(quoted..).and_then(|after| after.find(SEPARATORS)).map_or(part.len(), |at| quoted + at);
        let (one, after) = part.split_at(end);
        if one.is_empty() || parts.len() > MOST_PARTS {
            return parts;
        }
        parts.push(one.trim());
        rest = after;
    }
}

/// The length of a quoted text, with its quotes, at the beginning of a part.
pub(crate) fn quoted_length(part: &str) -> Option<usize> {
    let mut after = part.strip_prefix('"')?;
    loop {
        after = after.get(after.find('"')? + 1..)?;
        match after.strip_prefix('"') {
            Some(rest) => after = rest,
            None => return Some(part.len() - after.len()),
        }
    }
}

/// The text of a part, without the quotes around it.
pub fn unquoted(part: &str) -> String {
    match quoted_length(part) {
        Some(length) if length == part.len() => part.get(1..length - 1).unwrap_or_default().replace("\"\"", "\""),
        _ => part.to_owned(),
    }
}

/// A text as part of a list, in quotes if it needs them to be read back unchanged.
pub fn quoted(text: &str) -> String {
    let is_plain =
        text.trim() == text && !text.starts_with('"') && !text.contains(SEPARATORS) && !text.contains(EQUAL_SIGNS);
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

/// Reads packs: `box=12; carton=144`.
///
/// # Errors
/// The faulty part, and the code of its fault.
pub fn read_packs(text: &str) -> Result<Vec<Pack>, (String, &'static str)> {
    let parts = list(text);
    if parts.len() > MOST_PARTS {
        return Err((String::new(), "list_too_long"));
    }
    let mut packs = Vec::<Pack>::new();
    for part in parts {
        let fault = |code| (part.to_owned(), code);
        let (name, size) = match quoted_length(part).map(|length| part.split_at(length)) {
            Some((name, size)) => (unquoted(name), size.trim_start().strip_prefix(EQUAL_SIGNS)),
            None => part
                .split_once(EQUAL_SIGNS)
                .map_or((String::new(), None), |(name, size)| (name.trim().to_owned(), Some(size))),
        };
        let size = size.ok_or_else(|| fault("not_a_pack"))?;
        let size = super::value::read_quantity(size).map_err(fault)?;
        if name.is_empty() || name.chars().count() > 32 {
            return Err(fault("not_a_pack"));
        }
        packs.push(Pack { name, size });
    }
    Ok(packs)
}

/// Writes packs.
pub fn write_packs(packs: &[Pack]) -> String {
    packs.iter().map(|pack| format!("{}={}", quoted(&pack.name), pack.size)).collect::<Vec<_>>().join("; ")
}
