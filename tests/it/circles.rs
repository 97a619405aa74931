//! Files that use each other in a circle can only be understood together: no crate has any. A folder and the files in it are
//! one subject and may know each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::architecture::{Source, sources};
use crate::cases::{NoDatabase, cases};

cases![no_files_use_each_other_in_a_circle, a_circle_is_found];

/// A file by its modules from the root of its crate; the root has none.
type Module = Vec<String>;

/// The modules that each module uses.
type Uses = BTreeMap<Module, BTreeSet<Module>>;

async fn no_files_use_each_other_in_a_circle(_: NoDatabase) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path().join("src"));
    for folder in crates.chain([root.join("src")]) {
        let uses = uses_of(&modules_in(&folder));
        assert!(uses.values().any(|used| !used.is_empty()), "no use was found under {}", folder.display());
        if let Some(circle) = circle_in(&uses) {
            let names: Vec<String> = circle.iter().map(|module| module.join("::")).collect();
            panic!("{}: put what both use into a file of its own: {}", folder.display(), names.join(" -> "));
        }
    }
}

async fn a_circle_is_found(_: NoDatabase) {
    let code = |text: &str| text.to_owned();
    let one_way = BTreeMap::from([
        (vec!["one".to_owned()], code("use super::two::{self, Name};")),
        (vec!["two".to_owned()], code("use crate::three::{part::{A, B}, C};")),
        (vec!["three".to_owned()], code("pub mod part;")),
        (vec!["three".to_owned(), "part".to_owned()], code("use super::C;")),
    ]);
    assert_eq!(circle_in(&uses_of(&one_way)), None);
    for back in ["use crate::one::Name;", "use crate::{one::Name};", "fn f() -> super::super::one::Name {}"] {
        let mut circular = one_way.clone();
        circular.insert(vec!["three".to_owned(), "part".to_owned()], code(back));
        assert!(circle_in(&uses_of(&circular)).is_some(), "{back}");
    }
}

/// The code of every module of a crate, its tests left out.
fn modules_in(folder: &Path) -> BTreeMap<Module, String> {
    let module = |Source { path, code, .. }: Source| {
        let path = path.strip_prefix(folder).unwrap().with_extension("");
        let mut names: Module = path.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
        names.pop_if(|last| matches!(last.as_str(), "mod" | "lib" | "main"));
        let is_test = names.iter().any(|name| matches!(name.as_str(), "tests" | "sample"));
        let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        (!is_test).then_some((names, code))
    };
    sources(folder).into_iter().filter_map(module).collect()
}

fn uses_of(modules: &BTreeMap<Module, String>) -> Uses {
    let used_by = |(module, code): (&Module, &String)| {
        let used = paths_in(code, module).into_iter().filter_map(|mut path| {
            while !modules.contains_key(&path) {
                path.pop()?;
            }
            Some(path)
        });
        let is_apart = |other: &Module| !other.starts_with(module) && !module.starts_with(other);
        (module.clone(), used.filter(is_apart).collect())
    };
    modules.iter().map(used_by).collect()
}

/// All paths that begin with `crate`, `super` or `self`, from the root of the crate.
fn paths_in(code: &str, module: &Module) -> Vec<Module> {
    let tokens = tokens_of(code);
    let mut paths = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let follows = at == 0 || tokens[at - 1] != "::";
        let base = match tokens[at] {
            "crate" => Some(Vec::new()),
            "self" => Some(module.clone()),
            "super" => Some(module[..module.len().saturating_sub(1)].to_vec()),
            _ => None,
        };
        at += 1;
        if let Some(base) = base.filter(|_| follows && tokens.get(at) == Some(&"::")) {
            at = tree(&tokens, at + 1, base, &mut paths);
        }
    }
    paths
}

/// Reads what follows a `::`, and returns the place behind it.
fn tree(tokens: &[&str], mut at: usize, mut path: Module, paths: &mut Vec<Module>) -> usize {
    loop {
        match tokens.get(at) {
            Some(&"super") => drop(path.pop()),
            Some(&"{") => {
                at += 1;
                while at < tokens.len() && tokens[at] != "}" {
                    let before = at;
                    at = tree(tokens, at, path.clone(), paths);
                    // Whatever is no path is passed over: a comma, or `as` and a name.
                    at += usize::from(at == before || tokens.get(at) == Some(&","));
                }
                return at + 1;
            }
            Some(name) if name.starts_with(|first: char| first.is_alphabetic() || first == '_') => {
                path.push((*name).to_owned());
            }
            _ => return at,
        }
        at += 1;
        if tokens.get(at) != Some(&"::") {
            paths.push(path);
            return at;
        }
        at += 1;
    }
}

/// Names, `::`, and single signs.
fn tokens_of(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let is_part_of_name = |character: char| character.is_alphanumeric() || character == '_';
        let length = match first {
            _ if is_part_of_name(first) => rest.find(|other| !is_part_of_name(other)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        if !first.is_whitespace() {
            tokens.push(token);
        }
        rest = behind;
    }
    tokens
}

/// Modules of which each uses the next and the last the first.
fn circle_in(uses: &Uses) -> Option<Vec<Module>> {
    let mut left = uses.clone();
    // Whoever uses nobody that is left is in no circle.
    loop {
        let names: BTreeSet<Module> = left.keys().cloned().collect();
        let before = left.len();
        left.retain(|_, used| used.iter().any(|other| names.contains(other)));
        if left.len() == before {
            break;
        }
    }
    let mut circle = vec![left.keys().next()?.clone()];
    loop {
        let next = left[circle.last()?].iter().find(|other| left.contains_key(*other))?.clone();
        if let Some(begin) = circle.iter().position(|module| *module == next) {
            return Some(circle.split_off(begin));
        }
        circle.push(next);
    }
}
