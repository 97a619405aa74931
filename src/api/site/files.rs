//! The files of the pages: those that the binary carries, or those of a folder while developing.

use std::path::Path;

use actix_web::http::header::EntityTag;
use actix_web::web::Bytes;
use web_build::{Bundle, Fault};

/// A file that the binary carries.
struct Embedded {
    address: &'static str,
    media_type: &'static str,
    tag: &'static str,
    content: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// The files that the binary carries, in the order of their addresses.
const CARRIED: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/site/table.rs"));

/// A form in which a file can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    Plain,
    /// Packed with brotli.
    Brotli,
    /// Packed with gzip.
    Gzip,
}

/// A file to be sent.
pub struct File {
    /// Its media type.
    pub media_type: &'static str,
    tag: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl File {
    /// The tag of its content. It is weak: a packed form has other bytes with the same meaning.
    pub fn tag(&self) -> EntityTag {
        EntityTag::new_weak(self.tag.clone())
    }

    /// True if it can be sent in a form.
    pub fn has(&self, coding: Coding) -> bool {
        match coding {
            Coding::Plain => true,
            Coding::Brotli => self.brotli.is_some(),
            Coding::Gzip => self.gzip.is_some(),
        }
    }

    /// Its bytes in a form; plain ones where it has no such form.
    pub fn body(&self, coding: Coding) -> Bytes {
        let packed = match coding {
            Coding::Plain => None,
            Coding::Brotli => self.brotli.clone(),
            Coding::Gzip => self.gzip.clone(),
        };
        packed.unwrap_or_else(|| self.plain.clone())
    }
}

/// The file that the binary carries for an address.
pub fn carried(address: &str) -> Option<File> {
    let found = CARRIED.binary_search_by(|file| file.address.cmp(address)).ok();
    let file = CARRIED.get(found?)?;
    Some(File {
        media_type: file.media_type,
        tag: file.tag.to_owned(),
        plain: Bytes::from_static(file.content),
        brotli: file.brotli.map(Bytes::from_static),
        gzip: file.gzip.map(Bytes::from_static),
    })
}

/// The address of a file that the binary carries, by its beginning and end.
pub fn carried_name(start: &str, end: &str) -> Option<&'static str> {
    CARRIED.iter().map(|file| file.address).find(|address| address.starts_with(start) && address.ends_with(end))
}

/// The file of a folder of sources for an address. All are read anew each time. The texts are those of the folder `messages`
/// beside it. An address names one of the files found, so none leads out of the folder.
///
/// # Errors
/// If the sources cannot be read.
pub fn in_folder(address: &str, folder: &Path) -> Result<Option<File>, Fault> {
    let mut bundle = Bundle::loose(folder, &folder.join("../messages"))?;
    Ok(bundle.files.remove(address).map(|file| File {
        media_type: file.media_type,
        tag: file.tag,
        plain: file.content.into(),
        brotli: None,
        gzip: None,
    }))
}
