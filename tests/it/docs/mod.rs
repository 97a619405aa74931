//! The documentation, checked against the program: each block marked `sh` is run as a reader would paste it, each table
//! of options and exit codes equals `--help`, and each link has a target.
//!
//! A block marked `text` right after one marked `sh` is what it prints: each of its lines must be there, in this order, and
//! `…` stands for anything. Blocks that need root, a second machine or another service are marked `console`, `ini`, `nginx`
//! or `text`, and the page says so.
//!
//! `MUSTER_WRITE_DOCS=1 cargo test --test it -- docs::` writes the tables anew.

mod page;
mod reader;
mod tables;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use tempfile::TempDir;

use self::page::{Page, pages, root};
use self::reader::Reader;
use crate::cases::{Case, NoDatabase, cases_of, postgres_is_required};
use crate::database::OnPostgres;
use crate::process::{muster, outcome};

/// The languages of blocks. Blocks marked `sh` are run; for the others the page says what to do with them.
const LANGUAGES: [&str; 14] = [
    "sh",
    "console",
    "text",
    "ini",
    "nginx",
    "toml",
    "json",
    "csv",
    "mermaid",
    "rust",
    "sql",
    "xml",
    "typescript",
    "python",
];

/// The maximum number of lines of a README.
const README_LINES: usize = 150;

/// The tests: one for each page with commands, and another if some of them need PostgreSQL.
pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        cases_of(module_path!(), "tables_are_what_the_program_says", tables_are_what_the_program_says),
        cases_of(module_path!(), "every_setting_is_a_key_of_the_file", every_setting_is_a_key_of_the_file),
        cases_of(module_path!(), "links_lead_somewhere", links_lead_somewhere),
        cases_of(module_path!(), "paths_that_are_named_are_there", paths_that_are_named_are_there),
        cases_of(module_path!(), "blocks_are_marked_and_readmes_are_short", blocks_are_marked_and_readmes_are_short),
    ]
    .into_iter()
    .flatten()
    .collect();
    if Command::new("curl").arg("--version").output().is_err() && !postgres_is_required() {
        eprintln!("the commands of the documentation are left out: curl is not installed");
        return cases;
    }
    for page in pages().into_iter().filter(|page| page.commands().next().is_some()) {
        let page: &'static Page = Box::leak(Box::new(page));
        let without = move |_: NoDatabase| async move { Reader::new(page).pastes(None) };
        cases.extend(cases_of(module_path!(), &page.name, without));
        if page.commands().any(|block| block.needs_postgres()) {
            let with = move |_: OnPostgres| async move { Reader::new(page).pastes(Some(crate::cluster::cluster())) };
            cases.extend(cases_of(module_path!(), &page.name, with));
        }
    }
    cases
}

async fn tables_are_what_the_program_says(_: NoDatabase) {
    #[expect(clippy::disallowed_methods, reason = "a test, not the program")]
    let write = std::env::var_os("MUSTER_WRITE_DOCS").is_some();
    let mut tables = 0;
    for page in pages() {
        let (written, found) = tables::written_anew(&page.text);
        tables += found;
        if write {
            fs::write(root().join(&page.name), &written).unwrap();
        } else {
            assert!(
                written == page.text,
                "{} has a table that is not what the program says: MUSTER_WRITE_DOCS=1 cargo test --test it -- docs::",
                page.name
            );
        }
    }
    assert!(tables >= 2, "{tables} tables were found");
    let operating = fs::read_to_string(root().join("docs/operating.md")).unwrap();
    for table in ["options of muster serve", "exit codes"] {
        assert!(operating.contains(&tables::begin(table)), "docs/operating.md lacks the table of {table}");
    }
}

/// A file with every setting except the file's own name is accepted; a wrong setting is named.
async fn every_setting_is_a_key_of_the_file(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let options = tables::options_of("serve");
    assert!(options.len() >= 15, "{options:?}");
    let mut lines = Vec::new();
    for option in options.iter().filter(|option| option.name != "config") {
        let key = option.name.replace('-', "_");
        let number = option.default.parse::<u32>().is_ok() || key == "workers";
        let value = match key.as_str() {
            "database_url" => "\"sqlite:none.sqlite\"".to_owned(),
            "public_url" => "\"https://muster.example.org\"".to_owned(),
            "workers" => "2".to_owned(),
            _ if number || ["true", "false"].contains(&option.default.as_str()) => option.default.clone(),
            _ => format!("{:?}", option.default),
        };
        lines.push(format!("{key} = {value}\n"));
    }
    fs::write(folder.path().join("muster.toml"), lines.concat()).unwrap();
    let (code, said) = outcome(folder.path(), &["serve", "--config", "muster.toml"], &[]);
    assert_eq!((code, said.contains("none.sqlite")), (66, true), "{said}");
    fs::write(folder.path().join("muster.toml"), lines.concat() + "config = \"other.toml\"\n").unwrap();
    assert_eq!(outcome(folder.path(), &["serve", "--config", "muster.toml"], &[]).0, 2);
    assert!(muster(folder.path(), &["serve", "--help"], &[]).output().unwrap().status.success());
}

async fn links_lead_somewhere(_: NoDatabase) {
    let pages = pages();
    for page in &pages {
        for (line, target) in page.links() {
            let at = format!("{}:{line} leads to {target}", page.name);
            let (path, anchor) = target.split_once('#').unwrap_or((target.as_str(), ""));
            let path = match path {
                "" => root().join(&page.name),
                path => root().join(&page.name).parent().unwrap().join(path),
            };
            assert!(path.exists(), "{at}, which is not there");
            if !anchor.is_empty() {
                let text = fs::read_to_string(path).unwrap();
                assert!(page::anchors(&text).contains(anchor), "{at}, and there is no such heading");
            }
        }
    }
    // Each page can be reached from the README.
    let mut found = BTreeSet::from(["README.md".to_owned()]);
    let mut next = vec!["README.md".to_owned()];
    while let Some(name) = next.pop() {
        let page = pages.iter().find(|page| page.name == name).unwrap();
        for name in page.pages_linked() {
            if pages.iter().any(|page| page.name == name) && found.insert(name.clone()) {
                next.push(name);
            }
        }
    }
    let lost: Vec<&str> = pages.iter().map(|page| page.name.as_str()).filter(|name| !found.contains(*name)).collect();
    assert!(lost.is_empty(), "no link leads to {lost:?}");
}

async fn paths_that_are_named_are_there(_: NoDatabase) {
    let mut named = 0;
    for page in pages().iter().filter(|page| page.name != "CHANGELOG.md") {
        for (line, path) in page.paths() {
            assert!(root().join(&path).exists(), "{}:{line} names {path}, which is not there", page.name);
            named += 1;
        }
    }
    assert!(named >= 40, "{named} paths were found");
}

async fn blocks_are_marked_and_readmes_are_short(_: NoDatabase) {
    for page in pages() {
        for block in &page.blocks {
            assert!(
                LANGUAGES.contains(&block.language.as_str()),
                "{}:{} has a block marked {:?}: mark commands `sh`, and see tests/it/docs/mod.rs for the others",
                page.name,
                block.line,
                block.language
            );
        }
        if page.name.starts_with("README") {
            let lines = page.text.lines().count();
            assert!(lines <= README_LINES, "{} has {lines} lines: move some of it to docs/", page.name);
        }
    }
}
