//! Small languages for cells that list items: alternatives, bundles, kits, and kinds.
//!
//! Alternatives are separated by `|`. `A*2` is an item of which one unit counts for two, `A + B*3` a bundle of one A and three
//! B, and `(A + B*3)*2` a bundle that counts for two. A kit is `A*2; B`, kinds are `masks / 面具: A | B; boots / 靴: C`. A name
//! with one of these signs stands in double quotes. Signs of full width and `×` work too.

use super::clauses::NotAClause;
use super::folding::half_width;
use super::value::read_quantity;
use base::quantity::Quantity;
use domain::rule::{Alternative, Component, Kind};

/// The signs of the languages.
const SIGNS: &str = "|+*();:/";

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Sign(char),
    /// Words as they stand.
    Words(String),
    /// What stood in double quotes.
    Quoted(String),
}

/// A sign in the form of half width, with those that people use for it.
fn folded(sign: char) -> char {
    match sign {
        '×' => '*',
        '、' | '\n' => ';',
        '“' | '”' => '"',
        other => half_width(other.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(other),
    }
}

fn is_sign(sign: char) -> bool {
    SIGNS.contains(folded(sign))
}

fn tokens(text: &str) -> Result<Vec<Token>, NotAClause> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if is_sign(first) {
            tokens.push(Token::Sign(folded(first)));
            first.len_utf8()
        } else if folded(first) == '"' {
            let (inside, length) = quoted(rest).ok_or_else(|| NotAClause { at: shortened(rest) })?;
            tokens.push(Token::Quoted(inside));
            length
        } else {
            let end = rest.find(|sign: char| is_sign(sign) || folded(sign) == '"').unwrap_or(rest.len());
            tokens.push(Token::Words(rest.get(..end).unwrap_or_default().trim_end().to_owned()));
            end
        };
        rest = rest.get(length..).unwrap_or_default().trim_start_matches([' ', '\u{3000}', '\t']);
    }
    Ok(tokens)
}

/// The text in double quotes at the beginning, where two of them stand for one; and its length with the quotes.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut inside = String::new();
    let mut signs = text.char_indices().skip(1).peekable();
    while let Some((at, sign)) = signs.next() {
        let is_quote = folded(sign) == '"';
        if is_quote && signs.next_if(|(_, next)| folded(*next) == '"').is_none() {
            return Some((inside, at + sign.len_utf8()));
        }
        inside.push(sign);
    }
    None
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

struct Reader {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
}

impl Reader {
    fn of(text: &str) -> Result<Self, NotAClause> {
        Ok(Self { tokens: tokens(text)?.into_iter().peekable() })
    }

    fn lost(&mut self) -> NotAClause {
        let shown = |token: Token| match token {
            Token::Sign(sign) => sign.to_string(),
            Token::Words(text) | Token::Quoted(text) => text,
        };
        NotAClause { at: shortened(&self.tokens.by_ref().take(4).map(shown).collect::<Vec<_>>().join(" ")) }
    }

    fn sign(&mut self, wanted: char) -> bool {
        self.tokens.next_if(|token| *token == Token::Sign(wanted)).is_some()
    }

    /// A name, as it stands.
    fn name(&mut self) -> Result<String, NotAClause> {
        match self.tokens.next_if(|token| !matches!(token, Token::Sign(_))) {
            Some(Token::Words(text) | Token::Quoted(text)) if !text.is_empty() => Ok(text),
            _ => Err(self.lost()),
        }
    }

    /// A code, or a number: without quotes in half width.
    fn code(&mut self) -> Result<String, NotAClause> {
        match self.tokens.next_if(|token| !matches!(token, Token::Sign(_))) {
            Some(Token::Words(text)) if !text.is_empty() => Ok(half_width(&text)),
            Some(Token::Quoted(text)) if !text.is_empty() => Ok(text),
            _ => Err(self.lost()),
        }
    }

    /// A number after `*`; 1 without one.
    fn times(&mut self) -> Result<Quantity, NotAClause> {
        if !self.sign('*') {
            return Ok(Quantity::whole(1));
        }
        let text = self.code()?;
        read_quantity(&text).map_err(|_| NotAClause { at: text })
    }

    fn component(&mut self) -> Result<Component, NotAClause> {
        let item = self.code()?;
        Ok(Component { item, quantity: self.times()? })
    }

    fn bundle(&mut self) -> Result<Vec<Component>, NotAClause> {
        let mut parts = vec![self.component()?];
        while self.sign('+') {
            parts.push(self.component()?);
        }
        Ok(parts)
    }

    fn alternative(&mut self) -> Result<Alternative, NotAClause> {
        if self.sign('(') {
            let bundle = self.bundle()?;
            if !self.sign(')') {
                return Err(self.lost());
            }
            return Ok(Alternative { item: None, bundle, factor: self.times()? });
        }
        let mut bundle = self.bundle()?;
        match (bundle.len(), bundle.pop()) {
            (1, Some(Component { item, quantity })) => {
                Ok(Alternative { item: Some(item), bundle: Vec::new(), factor: quantity })
            }
            (_, last) => {
                bundle.extend(last);
                Ok(Alternative { item: None, bundle, factor: Quantity::whole(1) })
            }
        }
    }

    fn kind(&mut self) -> Result<Kind, NotAClause> {
        let name = self.name()?;
        let other = if self.sign('/') { Some(self.name()?) } else { None };
        if !self.sign(':') {
            return Err(self.lost());
        }
        let mut items = vec![self.code()?];
        while self.sign('|') {
            items.push(self.code()?);
        }
        Ok(Kind { name_zh: other.unwrap_or_else(|| name.clone()), name_en: name, items })
    }

    /// The parts of a list between signs, to the end.
    fn list<T>(mut self, sign: char, one: impl Fn(&mut Self) -> Result<T, NotAClause>) -> Result<Vec<T>, NotAClause> {
        let mut parts = Vec::new();
        loop {
            if sign == ';' {
                while self.sign(';') {}
            }
            if self.tokens.peek().is_none() && !(parts.is_empty() || sign != ';') {
                return Ok(parts);
            }
            parts.push(one(&mut self)?);
            if self.tokens.peek().is_none() {
                return Ok(parts);
            }
            if !self.sign(sign) {
                return Err(self.lost());
            }
        }
    }
}

/// Reads alternatives.
///
/// # Errors
/// The words at which they become invalid.
pub(crate) fn read_alternatives(text: &str) -> Result<Vec<Alternative>, NotAClause> {
    Reader::of(text)?.list('|', Reader::alternative)
}

/// Writes alternatives; `None` where the language cannot say them.
pub(crate) fn write_alternatives(alternatives: &[Alternative]) -> Option<String> {
    let one = |alternative: &Alternative| match (&alternative.item, alternative.bundle.as_slice()) {
        (Some(item), []) => Some(with_times(&word(item), alternative.factor)),
        (None, parts @ [_, _, ..]) if alternative.factor == Quantity::whole(1) => Some(bundle(parts)),
        (None, parts @ [_, ..]) => Some(with_times(&format!("({})", bundle(parts)), alternative.factor)),
        _ => None,
    };
    let text = alternatives.iter().map(one).collect::<Option<Vec<_>>>()?.join(" | ");
    (read_alternatives(&text).as_deref() == Ok(alternatives)).then_some(text)
}

/// Reads the components of a kit.
///
/// # Errors
/// The words at which they become invalid.
pub(crate) fn read_kit(text: &str) -> Result<Vec<Component>, NotAClause> {
    Reader::of(text)?.list(';', Reader::component)
}

/// Writes the components of a kit; `None` where the language cannot say them.
pub(crate) fn write_kit(components: &[Component]) -> Option<String> {
    let text = components.iter().map(component).collect::<Vec<_>>().join("; ");
    (read_kit(&text).as_deref() == Ok(components)).then_some(text)
}

/// Reads kinds.
///
/// # Errors
/// The words at which they become invalid.
pub(crate) fn read_kinds(text: &str) -> Result<Vec<Kind>, NotAClause> {
    Reader::of(text)?.list(';', Reader::kind)
}

/// Writes kinds; `None` where the language cannot say them.
pub(crate) fn write_kinds(kinds: &[Kind]) -> Option<String> {
    let one = |kind: &Kind| {
        let items: Vec<String> = kind.items.iter().map(|item| word(item)).collect();
        format!("{}: {}", write_names(&kind.name_en, &kind.name_zh), items.join(" | "))
    };
    let text = kinds.iter().map(one).collect::<Vec<_>>().join("; ");
    (read_kinds(&text).as_deref() == Ok(kinds)).then_some(text)
}

/// Reads a name in English and in Chinese, `masks / 面具`; one alone is both.
///
/// # Errors
/// The words at which it becomes invalid.
pub(crate) fn read_names(text: &str) -> Result<(String, String), NotAClause> {
    let mut reader = Reader::of(text)?;
    let name = reader.name()?;
    let other = if reader.sign('/') { reader.name()? } else { name.clone() };
    if reader.tokens.peek().is_some() { Err(reader.lost()) } else { Ok((name, other)) }
}

/// Writes a name in both languages.
pub(crate) fn write_names(en: &str, zh: &str) -> String {
    if en == zh { name(en) } else { format!("{} / {}", name(en), name(zh)) }
}

fn bundle(parts: &[Component]) -> String {
    parts.iter().map(component).collect::<Vec<_>>().join(" + ")
}

fn component(component: &Component) -> String {
    with_times(&word(&component.item), component.quantity)
}

fn with_times(text: &str, times: Quantity) -> String {
    if times == Quantity::whole(1) { text.to_owned() } else { format!("{text}*{times}") }
}

/// A code as part of a list, in quotes if it needs them to be read back unchanged.
fn word(code: &str) -> String {
    if half_width(code) == code { name(code) } else { in_quotes(code) }
}

/// A name as part of a list, in quotes if it needs them.
fn name(text: &str) -> String {
    let is_plain = !text.is_empty()
        && text.trim() == text
        && !text.contains(|sign: char| is_sign(sign) || folded(sign) == '"' || sign.is_control());
    if is_plain { text.to_owned() } else { in_quotes(text) }
}

fn in_quotes(text: &str) -> String {
    let doubled: String = text
        .chars()
        .flat_map(|sign| {
            let times = if folded(sign) == '"' { 2 } else { 1 };
            std::iter::repeat_n(sign, times)
        })
        .collect();
    format!("\"{doubled}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(item: &str, thousandths: i64) -> Component {
        Component { item: item.to_owned(), quantity: Quantity::from_thousandths(thousandths).unwrap() }
    }

    #[test]
    fn alternatives_are_read_and_written() {
        let alternatives =
            read_alternatives("L2040102*2 | L2040103｜L2040104＋L2040105×1.5 | (A + B*3)*2 | (C*4)").unwrap();
        let whole = |item: &str, factor: i16| Alternative::item(item, Quantity::whole(factor));
        let bundle =
            |bundle: Vec<Component>, factor: i16| Alternative { item: None, bundle, factor: Quantity::whole(factor) };
        assert_eq!(
            alternatives,
            [
                whole("L2040102", 2),
                whole("L2040103", 1),
                bundle(vec![component("L2040104", 1_000), component("L2040105", 1_500)], 1),
                bundle(vec![component("A", 1_000), component("B", 3_000)], 2),
                bundle(vec![component("C", 4_000)], 1),
            ]
        );
        assert_eq!(
            write_alternatives(&alternatives).as_deref(),
            Some("L2040102*2 | L2040103 | L2040104 + L2040105*1.5 | (A + B*3)*2 | (C*4)")
        );
        for wrong in ["", "A |", "A B*", "A*x", "(A", "A)", "A; B", "\"A"] {
            assert!(read_alternatives(wrong).is_err(), "{wrong}");
        }
        let odd = [Alternative::item("A|\"B", Quantity::whole(1))];
        assert_eq!(write_alternatives(&odd).as_deref(), Some("\"A|\"\"B\""));
        assert_eq!(write_alternatives(&[Alternative { item: None, bundle: vec![], factor: Quantity::whole(1) }]), None);
    }

    #[test]
    fn kits_and_kinds_are_read_and_written() {
        let kit = read_kit("A*2；B、C").unwrap();
        assert_eq!(kit, [component("A", 2_000), component("B", 1_000), component("C", 1_000)]);
        assert_eq!(write_kit(&kit).as_deref(), Some("A*2; B; C"));
        let kinds = read_kinds("water stretchers / 水上担架: A | B; 靴：C").unwrap();
        assert_eq!((kinds.len(), kinds[0].name_zh.as_str(), kinds[1].name_en.as_str()), (2, "水上担架", "靴"));
        assert_eq!(write_kinds(&kinds).as_deref(), Some("water stretchers / 水上担架: A | B; 靴: C"));
        assert_eq!(read_names("air / 空气"), Ok(("air".to_owned(), "空气".to_owned())));
        assert!(read_kit("").is_err() && read_kinds("A").is_err() && read_names("a / b / c").is_err());
    }
}
