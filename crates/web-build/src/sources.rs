//! The files of a folder of pages, by their paths in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::fault::Fault;

/// The files of `web/`, by their paths in it, with `/` between the parts.
#[derive(Debug, Default)]
pub struct Sources(BTreeMap<String, Vec<u8>>);

impl Sources {
    /// Reads all files under a folder but those that are not served: notes, types and hidden files. Links are not followed.
    ///
    /// # Errors
    /// If a file or folder cannot be read.
    pub fn read(folder: &Path) -> Result<Self, Fault> {
        let mut sources = Self::default();
        sources.walk(folder, "")?;
        Ok(sources)
    }

    /// The files with these paths and contents.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> Result<(), Fault> {
        let shown = || if prefix.is_empty() { folder.display().to_string() } else { prefix.to_owned() };
        let failed = |error: std::io::Error| Fault::of(shown(), format!("cannot be read: {error}"));
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            let name = entry.file_name();
            let name = name.to_str().ok_or_else(|| Fault::of(shown(), "the name of a file in it is not UTF-8"))?;
            let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
            if is_not_served(name) {
                continue;
            }
            if kind.is_dir() {
                self.walk(&entry.path(), &path)?;
            } else if kind.is_file() {
                let content =
                    fs::read(entry.path()).map_err(|error| Fault::of(&path, format!("cannot be read: {error}")))?;
                self.0.insert(path, content);
            }
        }
        Ok(())
    }

    /// Adds a file that was made.
    pub fn add(&mut self, path: String, content: Vec<u8>) {
        self.0.insert(path, content);
    }

    /// True if there is a file.
    pub fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// The content of a file.
    pub fn content(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }

    /// The text of a file.
    ///
    /// # Errors
    /// If there is none, or it is not UTF-8.
    pub fn text(&self, path: &str) -> Result<&str, Fault> {
        let content = self.content(path).ok_or_else(|| Fault::of(path, "there is no such file"))?;
        std::str::from_utf8(content).map_err(|_| Fault::of(path, "is not UTF-8"))
    }

    /// The paths of all files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The surfaces: the folders with a `main.js`.
    pub fn surfaces(&self) -> Vec<&str> {
        self.paths().filter_map(|path| path.strip_suffix("/main.js")).filter(|folder| !folder.contains('/')).collect()
    }
}

fn is_not_served(name: &str) -> bool {
    name.starts_with('.') || name.ends_with(".md") || name.ends_with(".d.ts") || name == "tsconfig.json"
}
