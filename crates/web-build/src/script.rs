//! The tokens of a script, as far as joining needs them: comments and the insides of texts are told from code.

use crate::fault::Fault;

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword, also of a private member.
    Name,
    /// A number.
    Number,
    /// A text in quotes, with them.
    Text,
    /// A part of a template between its ends and placeholders, with their signs.
    Template,
    /// A regular expression.
    Expression,
    /// One sign.
    Sign,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub struct Token<'t> {
    /// The kind.
    pub kind: Kind,
    /// The text.
    pub text: &'t str,
    /// The byte at which it begins.
    pub start: usize,
    /// The number of brackets around it; an opening bracket counts for what follows it, a closing one for neither.
    pub depth: usize,
}

impl Token<'_> {
    /// The byte after its end.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// True for a sign.
    pub fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    fn is_one_of(&self, signs: &str) -> bool {
        self.kind == Kind::Sign && signs.contains(self.text)
    }

    /// True for what no statement ends with.
    fn ends_nothing(&self) -> bool {
        self.is_one_of("{([,;") || self.kind == Kind::Template && self.text.ends_with("${")
    }

    /// True for what no statement begins with.
    fn begins_nothing(&self) -> bool {
        self.is_one_of("})]") || self.kind == Kind::Template && self.text.starts_with('}')
    }

    /// True if the next token of the same line needs no blank before it.
    fn stands_beside(&self, next: &Token<'_>) -> bool {
        const PUNCTUATION: &str = "(){}[],;:";
        if self.is_one_of(PUNCTUATION) || next.is_one_of(PUNCTUATION) {
            return true;
        }
        match (self.kind, next.kind) {
            // Two signs could become another one, and a point a part of a number.
            (Kind::Sign, Kind::Sign) | (Kind::Expression, _) | (_, Kind::Expression) => false,
            (Kind::Number, Kind::Sign) | (Kind::Sign, Kind::Number) => !self.is_sign(".") && !next.is_sign("."),
            (Kind::Name | Kind::Number, Kind::Name | Kind::Number) => false,
            _ => true,
        }
    }

    /// True for a name or keyword.
    pub fn is_name(&self, name: &str) -> bool {
        self.kind == Kind::Name && self.text == name
    }
}

/// The keywords after which a slash begins a regular expression.
const BEFORE_EXPRESSION: [&str; 15] = [
    "await",
    "case",
    "delete",
    "do",
    "else",
    "in",
    "instanceof",
    "new",
    "of",
    "return",
    "throw",
    "typeof",
    "void",
    "yield",
    "default",
];

/// Reads the tokens of a script.
///
/// # Errors
/// If a text, a comment, a template or a bracket has no end.
pub fn tokens<'t>(file: &str, text: &'t str) -> Result<Vec<Token<'t>>, Fault> {
    let mut reader = Reader { file, text, at: 0, depth: 0, templates: Vec::new(), found: Vec::new() };
    while reader.step()? {}
    if reader.depth > 0 {
        return Err(Fault::at(file, text, text.len(), "a bracket is not closed"));
    }
    Ok(reader.found)
}

/// Writes tokens without comments and without the blanks that nothing needs. A line ends where it did, unless nothing can end
/// there: a statement may have no other end.
pub fn write(text: &str, tokens: &[Token<'_>]) -> String {
    let mut written = String::with_capacity(text.len());
    let mut before: Option<&Token<'_>> = None;
    for token in tokens {
        if let Some(before) = before {
            let gap = text.get(before.end()..token.start).unwrap_or_default();
            if !gap.is_empty() && !before.ends_nothing() && !token.begins_nothing() {
                if gap.contains('\n') {
                    written.push('\n');
                } else if !before.stands_beside(token) {
                    written.push(' ');
                }
            }
        }
        written.push_str(token.text);
        before = Some(token);
    }
    written
}

struct Reader<'f, 't> {
    file: &'f str,
    text: &'t str,
    at: usize,
    depth: usize,
    /// The depths at which a closing brace goes on with a template.
    templates: Vec<usize>,
    found: Vec<Token<'t>>,
}

impl<'t> Reader<'_, 't> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fault(&self, what: &str) -> Fault {
        Fault::at(self.file, self.text, self.at, what)
    }

    fn take(&mut self, kind: Kind, length: usize) {
        let text = self.rest().get(..length).unwrap_or_default();
        self.found.push(Token { kind, text, start: self.at, depth: self.depth });
        self.at += length.max(1);
    }

    /// Reads one token or gap; false at the end.
    fn step(&mut self) -> Result<bool, Fault> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(false) };
        if first.is_whitespace() || first == '\u{feff}' {
            self.at += first.len_utf8();
        } else if rest.starts_with("//") {
            self.at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            self.at += comment(rest).ok_or_else(|| self.fault("a comment has no end"))?;
        } else if is_of_name(first) && !first.is_ascii_digit() || first == '#' {
            let length = rest.char_indices().skip(1).find(|(_, sign)| !is_of_name(*sign));
            self.take(Kind::Name, length.map_or(rest.len(), |(at, _)| at));
        } else if first.is_ascii_digit() {
            let length = rest.find(|sign| !is_of_name(sign) && sign != '.').unwrap_or(rest.len());
            self.take(Kind::Number, length);
        } else if first == '"' || first == '\'' {
            let length = quoted(rest, first).ok_or_else(|| self.fault("a text has no end on its line"))?;
            self.take(Kind::Text, length);
        } else if first == '`' {
            self.template()?;
        } else if first == '/' && self.begins_expression() {
            let length = expression(rest).ok_or_else(|| self.fault("a regular expression has no end on its line"))?;
            self.take(Kind::Expression, length);
        } else {
            self.sign(first)?;
        }
        Ok(true)
    }

    fn sign(&mut self, sign: char) -> Result<(), Fault> {
        if matches!(sign, ')' | ']' | '}') {
            self.depth = self.depth.checked_sub(1).ok_or_else(|| self.fault("a bracket was not opened"))?;
            if sign == '}' && self.templates.last() == Some(&self.depth) {
                self.templates.pop();
                return self.template();
            }
        }
        self.take(Kind::Sign, sign.len_utf8());
        if matches!(sign, '(' | '[' | '{') {
            self.depth += 1;
        }
        Ok(())
    }

    /// Reads a part of a template, from its beginning or the end of a placeholder.
    fn template(&mut self) -> Result<(), Fault> {
        let rest = self.rest();
        let mut signs = rest.char_indices().skip(1).peekable();
        while let Some((at, sign)) = signs.next() {
            match sign {
                '\\' => {
                    signs.next();
                }
                '`' => {
                    self.take(Kind::Template, at + 1);
                    return Ok(());
                }
                '$' if signs.peek().is_some_and(|(_, next)| *next == '{') => {
                    self.take(Kind::Template, at + 2);
                    self.templates.push(self.depth);
                    self.depth += 1;
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(self.fault("a template has no end"))
    }

    fn begins_expression(&self) -> bool {
        match self.found.last() {
            None => true,
            Some(Token { kind: Kind::Sign, text, .. }) => !matches!(*text, ")" | "]" | "}"),
            Some(Token { kind: Kind::Name, text, .. }) => BEFORE_EXPRESSION.contains(text),
            Some(Token { kind: Kind::Template, text, .. }) => text.ends_with("${"),
            Some(_) => false,
        }
    }
}

fn is_of_name(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_' || sign == '$'
}

/// The length of a comment between `/*` and `*/`, in scripts and sheets.
pub fn comment(rest: &str) -> Option<usize> {
    const AROUND: usize = "/*".len();
    Some(AROUND + rest.get(AROUND..)?.find("*/")? + AROUND)
}

/// The length of a text in quotes, in scripts and sheets.
pub fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut signs = rest.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' => {
                signs.next();
            }
            '\n' => return None,
            _ if sign == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The length of a regular expression with its flags.
fn expression(rest: &str) -> Option<usize> {
    let (mut in_class, mut end) = (false, None);
    let mut signs = rest.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' => {
                signs.next();
            }
            '\n' => return None,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => {
                end = Some(at + 1);
                break;
            }
            _ => {}
        }
    }
    let end = end?;
    let flags = rest.get(end..)?.find(|sign: char| !sign.is_ascii_alphabetic());
    Some(flags.map_or(rest.len(), |flags| end + flags))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        write(text, &tokens("a.js", text).unwrap())
    }

    #[test]
    fn comments_and_indentation_go_and_texts_stay() {
        for (text, expected) in [
            ("let a = 1; // one\n  let b;\n", "let a=1;let b;"),
            ("a /* x\n y */ b", "a\nb"),
            ("a /* x */ b", "a b"),
            ("a /*/ x */ b", "a b"),
            ("x = \"// no\" + '/* no */'", "x=\"// no\"+'/* no */'"),
            ("x = `  // ${ y /* gone */ + `${z}  ` }\n  kept`", "x=`  // ${y+`${z}  `}\n  kept`"),
            ("x = a / b; y = /\\/[/*]\\/\\//g.test(c) // z", "x=a/b;y= /\\/[/*]\\/\\//g.test(c)"),
            ("return /x\"/.exec(a)", "return /x\"/.exec(a)"),
            ("x = `${/}/.source}`", "x=`${/}/.source}`"),
            ("x = {a: {}}\n/b/g", "x={a:{}}\n/b/g"),
            ("class A { #b = '正压' }", "class A{#b='正压'}"),
            ("a + +b - -c + ++d", "a+ +b- -c+ ++d"),
            ("a ? .5 : 1 .toFixed()", "a? .5:1 .toFixed()"),
            ("if (a) {\n  b()\n}\nelse c", "if(a){b()}\nelse c"),
            ("f(\n  a,\n  b\n)\n(c)", "f(a,b)\n(c)"),
            ("return (\n  a in b\n)", "return(a in b)"),
            ("case \"a\" : x => y", "case\"a\":x=>y"),
            ("let b = a\n++c", "let b=a\n++c"),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
    }

    #[test]
    fn depth_is_that_of_brackets_and_placeholders() {
        let text = "a(b, [c]) + `${d}`";
        let found = tokens("a.js", text).unwrap();
        let depths: Vec<_> =
            found.iter().filter(|one| one.kind == Kind::Name).map(|one| (one.text, one.depth)).collect();
        assert_eq!(depths, [("a", 0), ("b", 1), ("c", 2), ("d", 1)]);
    }

    #[test]
    fn what_has_no_end_is_told_with_its_line() {
        for (text, line) in [("\n\"x", 2), ("\n\n/*", 3), ("`${a}", 1), ("(", 1), ("\n}", 2), ("x = /a\n/", 1)] {
            assert_eq!(tokens("a.js", text).unwrap_err().line, line, "{text}");
        }
    }
}
