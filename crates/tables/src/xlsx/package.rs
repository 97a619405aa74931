//! The parts of a workbook's archive. Each is unpacked piece by piece and counted as it is read: the sizes in headers
//! are not trusted.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use super::xml::{Xml, attribute};
use crate::limits::{Budget, TableFault};

/// The maximum number of files in a workbook.
const PARTS: usize = 2_000;

/// The bytes before each entry of an archive's directory.
const ENTRY: &[u8; 4] = b"PK\x01\x02";

/// The parts of a workbook.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// The parts by their names, which spreadsheet programs compare without case.
    parts: BTreeMap<String, usize>,
    budget: &'a Budget,
}

/// A relation from one part to another.
pub(super) struct Relation {
    pub id: String,
    /// The last word of its type, such as `worksheet`.
    pub kind: String,
    /// The part it leads to.
    pub target: String,
}

impl<'a> Package<'a> {
    /// Opens an archive.
    pub(super) fn open(bytes: &'a [u8], budget: &'a Budget) -> Result<Self, TableFault> {
        // Counted before the directory is read: an archive may have more entries than fit into memory.
        if bytes.windows(ENTRY.len()).filter(|window| window == ENTRY).count() > PARTS {
            return Err(TableFault::Bomb);
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        let parts = (0..archive.len()).filter_map(|number| {
            Some((archive.name_for_index(number)?.ok()?.replace('\\', "/").to_lowercase(), number))
        });
        Ok(Self { parts: parts.collect(), archive, budget })
    }

    /// Opens a part, if it exists.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Xml<'_>>, TableFault> {
        let Some(number) = self.parts.get(&name.to_lowercase()) else { return Ok(None) };
        let part = self.archive.by_index(*number).map_err(broken)?;
        Ok(Some(Xml::of(Box::new(part) as Box<dyn Read + '_>, self.budget)))
    }

    /// The relations of a part, or of the whole workbook if its name is empty.
    pub(super) fn relations(&mut self, part: &str) -> Result<Vec<Relation>, TableFault> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let mut relations = Vec::new();
        let Some(mut xml) = self.part(&joined(folder, &format!("_rels/{name}.rels")))? else { return Ok(relations) };
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(tag) if tag.local_name().as_ref() == "Relationship" && relations.len() < PARTS => {
                    relations.extend(relation(&tag, folder));
                }
                _ => {}
            }
        }
        Ok(relations)
    }
}

fn relation(tag: &BytesStart<'_>, folder: &str) -> Option<Relation> {
    let (id, kind, target) = (attribute(tag, "Id")?, attribute(tag, "Type")?, attribute(tag, "Target")?);
    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
    Some(Relation { id, kind, target: joined(folder, &target) })
}

/// The name of a part to which another part, in a folder, refers.
fn joined(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let (mut steps, rest): (Vec<&str>, &str) = match target.strip_prefix('/') {
        Some(rest) => (Vec::new(), rest),
        None => (folder.split('/').filter(|step| !step.is_empty()).collect(), &target),
    };
    for step in rest.split('/') {
        match step {
            "" | "." => {}
            ".." => _ = steps.pop(),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn broken(error: ZipError) -> TableFault {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => TableFault::Encrypted,
        error => TableFault::Broken(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn a_target_is_found_from_its_folder() {
        for (folder, target, name) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("xl/worksheets", "../sharedStrings.xml", "xl/sharedStrings.xml"),
            ("", "xl\\workbook.xml", "xl/workbook.xml"),
            ("xl", "../../../etc", "etc"),
        ] {
            assert_eq!(joined(folder, target), name, "{folder} {target}");
        }
    }
}
