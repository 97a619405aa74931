//! Pages: their blocks, links and headings.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A page of the project.
pub struct Page {
    /// Its path from the top, with `/`.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Its blocks of code, in order.
    pub blocks: Vec<Block>,
}

/// A block of code.
pub struct Block {
    /// The line on which it begins.
    pub line: usize,
    /// The language that its fence names.
    pub language: String,
    /// Its text, without the indentation of its fence.
    pub text: String,
    /// True if it follows the block before it with nothing between.
    pub follows: bool,
}

impl Block {
    /// True for commands that keep serving until they are stopped.
    pub fn serves(&self) -> bool {
        ["muster serve", "muster demo", "-- demo"].iter().any(|command| self.text.contains(command))
    }

    /// True for commands that need a PostgreSQL server.
    pub fn needs_postgres(&self) -> bool {
        self.text.contains("postgres:") || self.text.contains("createdb")
    }
}

/// The folder of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// All hand-written pages, in order.
pub fn pages() -> Vec<Page> {
    let mut names = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !name.starts_with('.') && !["target", "node_modules"].contains(&name.as_str()) {
                folders.push(path);
            } else if name.ends_with(".md") {
                names.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    names.sort();
    assert!(names.contains(&"README.md".to_owned()), "the pages were not found");
    names.into_iter().map(Page::read).collect()
}

impl Page {
    fn read(name: String) -> Self {
        let text = fs::read_to_string(root().join(&name)).unwrap();
        let blocks = blocks(&text);
        Self { name, text, blocks }
    }

    /// The blocks that a reader pastes into a shell.
    pub fn commands(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| block.language == "sh")
    }

    /// The links to other places of the project, each with its line.
    pub fn links(&self) -> Vec<(usize, String)> {
        let mut links = Vec::new();
        for (line, text) in prose(&self.text) {
            for (_, rest) in text.match_indices("](").map(|(at, _)| text.split_at(at + 2)) {
                let target = rest.split(')').next().unwrap();
                if !target.contains("://") && !target.starts_with("mailto:") {
                    links.push((line, target.to_owned()));
                }
            }
        }
        links
    }

    /// The files and folders in backquotes, by their path from the top, each with its line.
    pub fn paths(&self) -> Vec<(usize, String)> {
        const FOLDERS: [&str; 10] = [
            ".ci/",
            "benches/",
            "clients/",
            "crates/",
            "data/",
            "examples/",
            "messages/",
            "migrations/",
            "src/",
            "tests/",
        ];
        let mut paths = Vec::new();
        for (line, text) in outside_of_blocks(&self.text) {
            for word in text.split('`').skip(1).step_by(2) {
                let is_plain = word.chars().all(|sign| sign.is_ascii_alphanumeric() || "./_-".contains(sign));
                if is_plain && FOLDERS.iter().any(|folder| word.starts_with(folder)) {
                    paths.push((line, word.to_owned()));
                }
            }
        }
        paths
    }

    /// The names of the pages to which links lead.
    pub fn pages_linked(&self) -> Vec<String> {
        let folder = Path::new(&self.name).parent().unwrap().to_owned();
        let name = |(_, target): (usize, String)| {
            let mut parts = Vec::new();
            for part in folder.join(target.split('#').next().unwrap()).components() {
                match part {
                    Component::ParentDir => drop(parts.pop()),
                    part => parts.push(part.as_os_str().to_string_lossy().into_owned()),
                }
            }
            parts.join("/")
        };
        self.links().into_iter().map(name).collect()
    }
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::<Block>::new();
    let mut lines = text.lines().enumerate();
    let mut follows = false;
    while let Some((at, line)) = lines.next() {
        let Some(language) = line.trim_start().strip_prefix("```") else {
            follows = follows && line.trim().is_empty();
            continue;
        };
        let indentation = line.len() - line.trim_start().len();
        let mut block = Block { line: at + 1, language: language.trim().to_owned(), text: String::new(), follows };
        for (_, line) in lines.by_ref() {
            if line.trim() == "```" {
                break;
            }
            block.text += line.get(indentation..).unwrap_or_default();
            block.text.push('\n');
        }
        blocks.push(block);
        follows = true;
    }
    blocks
}

/// The lines outside of blocks, numbered, without the parts between backquotes.
fn prose(text: &str) -> Vec<(usize, String)> {
    let without_code = |line: &str| line.split('`').step_by(2).collect::<Vec<_>>().join("`");
    outside_of_blocks(text).into_iter().map(|(at, line)| (at, without_code(line))).collect()
}

/// The lines outside of blocks, numbered.
fn outside_of_blocks(text: &str) -> Vec<(usize, &str)> {
    let mut inside = false;
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            lines.push((at + 1, line));
        }
    }
    lines
}

/// The anchors of a page's headings, in the form of code hosts.
pub fn anchors(text: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut anchors = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
        }
        let heading = line.trim_start_matches('#');
        if !inside && heading.len() < line.len() && heading.starts_with(' ') {
            let kept = |sign: &char| sign.is_alphanumeric() || [' ', '-', '_'].contains(sign);
            let anchor: String = heading.trim().to_lowercase().chars().filter(kept).collect();
            anchors.insert(anchor.replace(' ', "-"));
        }
    }
    anchors
}
