//! A module: what it imports, what it exports, the names at its top level, and its code without the words of modules.

use std::collections::BTreeSet;

use crate::fault::Fault;
use crate::script::{self, Kind, Token, tokens};

/// An import: names from another module.
#[derive(Debug)]
pub struct Import {
    /// The module's path in `web/`.
    pub from: String,
    /// The names, each with its byte in the text.
    pub names: Vec<(String, usize)>,
    /// The byte at which the path is written.
    pub byte: usize,
}

/// A module.
#[derive(Debug)]
pub struct Module {
    /// Its imports in order.
    pub imports: Vec<Import>,
    /// The names that it exports.
    pub exports: BTreeSet<String>,
    /// The names at its top level, each with its byte in the text.
    pub names: Vec<(String, usize)>,
    /// Its code without imports, the word `export`, comments and indentation.
    pub code: String,
}

/// The form of an import that can be joined.
const IMPORT: &str =
    "write imports as `import { a, b } from \"./x.js\";`: a file in web/, names as they are, nothing else";

/// The forms of an export that can be joined.
const EXPORT: &str = "write exports as `export function`, `export async function`, `export class` or `export const`";

impl Module {
    /// Reads a module.
    ///
    /// # Errors
    /// If it has a form that cannot be joined.
    pub fn read(file: &str, text: &str) -> Result<Self, Fault> {
        let mut module = Self { imports: Vec::new(), exports: BTreeSet::new(), names: Vec::new(), code: String::new() };
        let all = tokens(file, text)?;
        let mut left = Vec::with_capacity(all.len());
        let mut cursor = Cursor { file, text, all: &all, at: 0 };
        while let Some(token) = cursor.peek(0) {
            let is_member = cursor.before().is_some_and(|before| before.is_sign("."));
            let begins = token.depth == 0 && cursor.begins_statement();
            if token.is_name("import") && !is_member {
                if cursor.peek(1).is_some_and(|next| next.is_sign(":")) && token.depth > 0 {
                    left.push(cursor.take(token));
                } else if begins && cursor.peek(1).is_some_and(|next| next.is_sign("{")) {
                    module.imports.push(cursor.import()?);
                } else {
                    return Err(cursor.fault(IMPORT));
                }
            } else if token.is_name("export") && begins {
                cursor.at += 1;
                module.export(&cursor)?;
                left.extend(cursor.declaration(&mut module)?);
            } else if token.is_name("await") && token.depth == 0 && !is_member {
                return Err(cursor.fault("`await` at top level is not in every browser: put it into an async function"));
            } else if begins {
                left.extend(cursor.declaration(&mut module)?);
            } else {
                left.push(cursor.take(token));
            }
        }
        module.code = script::write(text, &left);
        if left.last().is_some_and(|last| !last.is_sign(";") && !last.is_sign("}")) {
            module.code.push(';');
        }
        Ok(module)
    }

    /// Notes the name of an export; the cursor stands after the word.
    fn export(&mut self, cursor: &Cursor<'_, '_>) -> Result<(), Fault> {
        let word = |ahead: usize| cursor.peek(ahead).map_or("", |token| token.text);
        let ahead = match (word(0), word(1), word(2)) {
            ("async", "function", "*") => 3,
            ("async", "function", _) | ("function", "*", _) => 2,
            ("function" | "class" | "const", _, _) => 1,
            _ => return Err(cursor.fault(EXPORT)),
        };
        let name = cursor.peek(ahead).filter(|token| token.kind == Kind::Name);
        let name = name.ok_or_else(|| cursor.fault(EXPORT))?;
        self.exports.insert(name.text.to_owned());
        Ok(())
    }
}

/// A place among the tokens of a module.
struct Cursor<'a, 't> {
    file: &'a str,
    text: &'t str,
    all: &'a [Token<'t>],
    at: usize,
}

impl<'t> Cursor<'_, 't> {
    fn peek(&self, ahead: usize) -> Option<Token<'t>> {
        self.all.get(self.at + ahead).copied()
    }

    fn before(&self) -> Option<Token<'t>> {
        self.at.checked_sub(1).and_then(|before| self.all.get(before)).copied()
    }

    fn take(&mut self, token: Token<'t>) -> Token<'t> {
        self.at += 1;
        token
    }

    fn fault(&self, what: &str) -> Fault {
        let byte = self.peek(0).map_or(self.text.len(), |token| token.start);
        Fault::at(self.file, self.text, byte, what)
    }

    /// True where a statement may begin: at the start, after the end of another, or on a new line after what may be one.
    fn begins_statement(&self) -> bool {
        let (Some(before), Some(token)) = (self.before(), self.peek(0)) else { return true };
        if before.kind == Kind::Sign && matches!(before.text, ";" | "}") {
            return true;
        }
        let is_on_new_line = self.text.get(before.end()..token.start).is_some_and(|gap| gap.contains('\n'));
        is_on_new_line && (before.kind != Kind::Sign || matches!(before.text, ")" | "]"))
    }

    /// Takes an import.
    fn import(&mut self) -> Result<Import, Fault> {
        let start = self.at;
        self.at += 2;
        let mut names = Vec::new();
        loop {
            let Some(token) = self.peek(0) else { return Err(self.fault(IMPORT)) };
            if token.is_sign("}") {
                break;
            }
            let next = self.peek(1);
            if token.kind != Kind::Name || !next.is_some_and(|next| next.is_sign(",") || next.is_sign("}")) {
                return Err(self.fault(IMPORT));
            }
            names.push((token.text.to_owned(), token.start));
            self.at += if next.is_some_and(|next| next.is_sign(",")) { 2 } else { 1 };
        }
        let ahead = [self.peek(1), self.peek(2), self.peek(3)];
        let [Some(from), Some(path), Some(end)] = ahead else {
            self.at = start;
            return Err(self.fault(IMPORT));
        };
        let is_whole = from.is_name("from") && path.kind == Kind::Text && end.is_sign(";") && !names.is_empty();
        let Some(from) = resolve(self.file, path.text.trim_matches(['"', '\''])).filter(|_| is_whole) else {
            self.at = start;
            return Err(self.fault(IMPORT));
        };
        self.at += 4;
        Ok(Import { from, names, byte: path.start })
    }

    /// Takes the words of a declaration up to its name, and notes that; or one token of another statement.
    fn declaration(&mut self, module: &mut Module) -> Result<Vec<Token<'t>>, Fault> {
        let Some(first) = self.peek(0) else { return Ok(Vec::new()) };
        let word = |ahead: usize| self.peek(ahead).map_or("", |token| token.text);
        let words = match (first.text, word(1), word(2)) {
            _ if first.kind != Kind::Name => 0,
            ("async", "function", "*") => 3,
            ("async", "function", _) | ("function", "*", _) => 2,
            ("function" | "class", _, _) => 1,
            ("const" | "let" | "var", _, _) => {
                self.variables(module)?;
                0
            }
            _ => 0,
        };
        if words == 0 {
            return Ok(vec![self.take(first)]);
        }
        if let Some(name) = self.peek(words).filter(|token| token.kind == Kind::Name) {
            module.names.push((name.text.to_owned(), name.start));
        }
        let taken = self.all.iter().skip(self.at).take(words).copied().collect();
        self.at += words;
        Ok(taken)
    }

    /// Notes the names of a `const`, `let` or `var`.
    fn variables(&self, module: &mut Module) -> Result<(), Fault> {
        let mut expects_name = true;
        for token in self.all.iter().skip(self.at + 1) {
            if expects_name && token.kind != Kind::Name {
                let what = "a pattern at top level cannot be joined: declare each name by itself";
                return Err(Fault::at(self.file, self.text, token.start, what));
            }
            if expects_name {
                module.names.push((token.text.to_owned(), token.start));
                expects_name = false;
            } else if token.depth == 0 && token.is_sign(",") {
                expects_name = true;
            } else if token.depth == 0 && (token.is_sign(";") || is_declaring(token)) {
                break;
            }
        }
        Ok(())
    }
}

/// True for a word that begins another declaration, where the one before has no semicolon.
fn is_declaring(token: &Token<'_>) -> bool {
    token.kind == Kind::Name && matches!(token.text, "const" | "let" | "var" | "export" | "import")
}

/// The path in `web/` that a relative path in a file names; `None` if it is none of a script there.
fn resolve(file: &str, path: &str) -> Option<String> {
    if !(path.starts_with("./") || path.starts_with("../")) || !path.ends_with(".js") {
        return None;
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Module {
        Module::read("phone/views/a.js", text).unwrap()
    }

    #[test]
    fn a_module_is_taken_apart() {
        let module = read(
            "// A view.\nimport { b, c } from \"../engine/b.js\";\nimport {\n  d,\n} from '../../shared/d.js';\n\n\
             /** @typedef {import(\"./x.js\").X} X */\nconst LIMIT = 3, more = f(1, 2);\nlet open\nexport const Word = class Inner {};\n\
             export async function show(x) {\n  const inner = b(x).import;\n  return inner;\n}\n\
             function* steps() {}\nexport class View extends HTMLElement {}\nconst f = function g() {};\nshow(c)",
        );
        let imports: Vec<_> = module.imports.iter().map(|import| import.from.as_str()).collect();
        assert_eq!(imports, ["phone/engine/b.js", "shared/d.js"]);
        let names: Vec<_> = module.names.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["LIMIT", "more", "open", "Word", "show", "steps", "View", "f"]);
        assert_eq!(module.exports.iter().map(String::as_str).collect::<Vec<_>>(), ["View", "Word", "show"]);
        assert!(!module.code.contains("import ") && !module.code.contains("export"), "{}", module.code);
        assert!(module.code.starts_with("const LIMIT") && module.code.ends_with("show(c);"), "{}", module.code);
    }

    #[test]
    fn a_form_that_cannot_be_joined_is_told_with_its_line() {
        for (text, line) in [
            ("import x from \"./x.js\";", 1),
            ("\nimport * as x from \"./x.js\";", 2),
            ("import \"./x.js\";", 1),
            ("import { a as b } from \"./x.js\";", 1),
            ("import { a } from \"x\";", 1),
            ("import { a } from \"https://x/x.js\";", 1),
            ("import { a } from \"../../../x.js\";", 1),
            ("import {} from \"./x.js\";", 1),
            ("const a = 1;\nconst b = import(\"./x.js\");", 2),
            ("function f() {\n return import(\"./x.js\");\n}", 2),
            ("const u = import.meta.url;", 1),
            ("export default 3;", 1),
            ("const a = 1;\nexport { a };", 2),
            ("export * from \"./x.js\";", 1),
            ("export let a = 1;", 1),
            ("const { a } = b;", 1),
            ("const a = await b();", 1),
        ] {
            let fault = Module::read("phone/a.js", text).map(|_| text).unwrap_err();
            assert_eq!(fault.line, line, "{text}: {fault}");
        }
    }
}
