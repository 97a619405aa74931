//! Workbooks: their sheets as rows of values, within bounds.
//!
//! This is a reader of our own, on top of libraries for archives and for XML. A library that loads whole workbooks takes as
//! much memory as a hostile file claims, and reports neither the digits that a cell shows nor which rows are hidden. A test
//! compares the two.

mod cells;
mod layout;
mod number;
mod package;
mod styles;
mod xml;

use quick_xml::events::Event;

use self::cells::{Shared, unescaped};
use self::layout::Layout;
use self::package::Package;
use self::styles::Styles;
use self::xml::{Xml, attribute, is_set};
use crate::limits::{Budget, TableFault};
use crate::value::Value;

pub(crate) use self::cells::Rows;

/// The maximum number of texts that cells share, and their size in bytes: each is kept.
const STRINGS: usize = 500_000;
const STRINGS_SIZE: usize = 24 * 1024 * 1024;

/// The maximum number of sheets of a workbook.
const SHEETS: usize = 500;

/// A sheet of a workbook.
pub(crate) struct Sheet {
    /// Its name.
    pub name: String,
    /// True if it is hidden.
    pub is_hidden: bool,
    part: String,
}

/// A workbook.
pub(crate) struct Workbook<'a> {
    package: Package<'a>,
    shared: Shared,
    budget: &'a Budget,
}

/// True for the first bytes of an archive, such as a workbook.
pub(crate) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// True for the first bytes of a compound file: of Excel's format before 2007, or around an encrypted workbook.
pub(crate) fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}

/// True for a compound file around a workbook that a password protects ([MS-OFFCRYPTO], 2.3.4).
pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    is_compound(bytes) && bytes.windows(name.len()).any(|window| window == name)
}

impl<'a> Workbook<'a> {
    /// Opens a workbook, and lists its sheets in their order.
    pub(crate) fn open(bytes: &'a [u8], budget: &'a Budget) -> Result<(Self, Vec<Sheet>), TableFault> {
        let mut package = Package::open(bytes, budget)?;
        let relations = package.relations("")?;
        let whole = relations.into_iter().find(|relation| relation.kind == "officeDocument");
        let whole = whole.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target);
        let relations = package.relations(&whole)?;
        let xml = package.part(&whole)?;
        let xml = xml.ok_or_else(|| TableFault::Broken("the archive holds no workbook".to_owned()))?;
        let (is_1904, listed) = list(xml)?;
        let target = |kind: &str| relations.iter().find(|one| one.kind == kind).map(|one| one.target.clone());
        let styles = target("styles").map(|name| package.part(&name)).transpose()?.flatten();
        let styles = styles.map(Styles::read).transpose()?.unwrap_or_default();
        let strings = target("sharedStrings").map(|name| package.part(&name)).transpose()?.flatten();
        let strings = strings.map(|xml| read_strings(xml, budget)).transpose()?.unwrap_or_default();
        let sheets = listed.into_iter().filter_map(|(name, is_hidden, id)| {
            let part = relations.iter().find(|one| one.id == id && one.kind == "worksheet")?;
            Some(Sheet { name, is_hidden, part: part.target.clone() })
        });
        let sheets = sheets.collect();
        Ok((Self { package, shared: Shared { strings, styles, is_1904 }, budget }, sheets))
    }

    /// The rows of a sheet.
    pub(crate) fn rows(&mut self, sheet: &Sheet) -> Result<Rows<'_>, TableFault> {
        let missing = || TableFault::Broken(format!("{} is missing", sheet.part));
        let layout = Layout::read(self.package.part(&sheet.part)?.ok_or_else(missing)?, self.budget)?;
        let xml = self.package.part(&sheet.part)?.ok_or_else(missing)?;
        Ok(Rows::of(xml, &self.shared, layout, self.budget))
    }
}

/// The sheets of a workbook: each with its name, whether it is hidden, and its relation.
type Listed = Vec<(String, bool, String)>;

fn list(mut xml: Xml<'_>) -> Result<(bool, Listed), TableFault> {
    let (mut is_1904, mut sheets) = (false, Listed::new());
    while let Some(event) = xml.next()? {
        let Event::Start(tag) = event else { continue };
        match tag.local_name().as_ref() {
            "workbookPr" => is_1904 = is_set(&tag, "date1904"),
            "sheet" => {
                if sheets.len() >= SHEETS {
                    return Err(TableFault::Bomb);
                }
                let name = attribute(&tag, "name").unwrap_or_default().chars().take(64).collect();
                let is_hidden = attribute(&tag, "state").is_some_and(|state| state != "visible");
                sheets.push((name, is_hidden, attribute(&tag, "id").unwrap_or_default()));
            }
            _ => {}
        }
    }
    Ok((is_1904, sheets))
}

/// Reads the texts that cells share. Each is kept once, however many cells refer to it.
fn read_strings(mut xml: Xml<'_>, budget: &Budget) -> Result<Vec<Value>, TableFault> {
    let (mut strings, mut text, mut left) = (Vec::new(), String::new(), STRINGS_SIZE);
    loop {
        match xml.next()? {
            None => return Ok(strings),
            Some(Event::Start(tag)) if tag.local_name().as_ref() == "si" => {}
            Some(_) => continue,
        }
        xml.text_of("si", "rPh", &mut text)?;
        budget.go_on()?;
        left = left.checked_sub(text.len()).filter(|_| strings.len() < STRINGS).ok_or(TableFault::Bomb)?;
        strings.push(Value::from_text(&unescaped(&text)));
    }
}
