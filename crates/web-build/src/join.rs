//! The modules of a surface, joined into one script.

use std::collections::BTreeMap;

use crate::fault::Fault;
use crate::module::{Import, Module};
use crate::sources::Sources;

/// Joins the modules that a surface's `main.js` needs, those before others that others import.
///
/// # Errors
/// If two of them have the same name at top level, if an import leads nowhere, to another surface or in a circle, or if a
/// form cannot be joined.
pub fn join(sources: &Sources, surface: &str) -> Result<String, Fault> {
    let main = format!("{surface}/main.js");
    let mut joiner = Joiner {
        sources,
        surface,
        open: Vec::new(),
        done: BTreeMap::new(),
        names: BTreeMap::new(),
        text: String::new(),
    };
    joiner.visit(&main)?;
    Ok(joiner.text)
}

struct Joiner<'s> {
    sources: &'s Sources,
    surface: &'s str,
    /// The modules whose imports are being followed, from the first.
    open: Vec<String>,
    /// The joined modules with what they export.
    done: BTreeMap<String, Module>,
    /// The module of each name at top level.
    names: BTreeMap<String, String>,
    text: String,
}

impl Joiner<'_> {
    fn visit(&mut self, file: &str) -> Result<(), Fault> {
        let text = self.sources.text(file)?;
        let module = Module::read(file, text)?;
        self.open.push(file.to_owned());
        for import in &module.imports {
            self.follow(file, text, import)?;
        }
        self.open.pop();
        for (name, byte) in &module.names {
            if let Some(other) = self.names.insert(name.clone(), file.to_owned()) {
                let what = format!("`{name}` is a name at the top level of {other} too: names are unique in a surface");
                return Err(Fault::at(file, text, *byte, what));
            }
        }
        self.text.push_str(&module.code);
        self.text.push('\n');
        self.done.insert(file.to_owned(), module);
        Ok(())
    }

    fn follow(&mut self, file: &str, text: &str, import: &Import) -> Result<(), Fault> {
        let Import { from, names, byte } = import;
        let fault = |what: String| Err(Fault::at(file, text, *byte, what));
        if !self.sources.has(from) {
            return fault(format!("there is no {from}"));
        }
        if !["shared", self.surface].iter().any(|folder| from.split('/').next() == Some(*folder)) {
            return fault(format!("{from} is of another surface: what both need is in shared/"));
        }
        if self.open.contains(from) {
            let circle: Vec<&str> = self.open.iter().skip_while(|open| *open != from).map(String::as_str).collect();
            return fault(format!("a circle of imports: {} -> {from}", circle.join(" -> ")));
        }
        if !self.done.contains_key(from) {
            self.visit(from)?;
        }
        let exports = self.done.get(from).map(|module| &module.exports);
        for (name, byte) in names {
            if !exports.is_some_and(|exports| exports.contains(name)) {
                return Err(Fault::at(file, text, *byte, format!("{from} exports no `{name}`")));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(files: &[(&str, &str)]) -> Result<String, Fault> {
        join(&Sources::of(files), "phone")
    }

    #[test]
    fn what_is_imported_comes_first_and_once() {
        let text = joined(&[
            ("phone/main.js", "import { b } from \"./b.js\";\nimport { c } from \"../shared/c.js\";\nb(c);"),
            ("phone/b.js", "import { c } from \"../shared/c.js\";\nexport function b() { return c; }"),
            ("shared/c.js", "export const c = 1;"),
            ("phone/unused.js", "export const c = 2;"),
        ]);
        assert_eq!(text.unwrap(), "const c=1;\nfunction b(){return c;}\nb(c);\n");
    }

    #[test]
    fn what_cannot_be_joined_is_told_with_its_place() {
        let main = |rest: &'static str| ("phone/main.js", rest);
        for (files, expected) in [
            (
                vec![
                    main("import { a } from \"./a.js\";\nfunction one() {}"),
                    ("phone/a.js", "export const a = 1;\n\nlet one;"),
                ],
                "phone/main.js:2: `one` is a name at the top level of phone/a.js too",
            ),
            (vec![main("\nimport { a } from \"./a.js\";")], "phone/main.js:2: there is no phone/a.js"),
            (
                vec![main("import { a } from \"../board/a.js\";"), ("board/a.js", "export const a = 1;")],
                "phone/main.js:1: board/a.js is of another surface",
            ),
            (
                vec![main("import { a } from \"./a.js\";"), ("phone/a.js", "const a = 1;")],
                "phone/main.js:1: phone/a.js exports no `a`",
            ),
            (
                vec![
                    main("import { a } from \"./a.js\";"),
                    ("phone/a.js", "import { b } from \"./b.js\";\nexport const a = 1;"),
                    ("phone/b.js", "\nimport { a } from \"./a.js\";\nexport const b = 1;"),
                ],
                "phone/b.js:2: a circle of imports: phone/a.js -> phone/b.js -> phone/a.js",
            ),
            (vec![], "phone/main.js:1: there is no such file"),
        ] {
            let fault = joined(&files).unwrap_err().to_string();
            assert!(fault.starts_with(expected), "{fault}");
        }
    }
}
