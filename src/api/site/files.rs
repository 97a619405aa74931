//! The files of the pages: those that the binary carries, or those of a folder while developing.

use std::path::Path;

use actix_web::http::header::{ContentEncoding, EntityTag};
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

    /// The codings that it can be sent in, the smallest first.
    pub fn codings(&self) -> Vec<ContentEncoding> {
        let packed = [(ContentEncoding::Brotli, &self.brotli), (ContentEncoding::Gzip, &self.gzip)];
        let packed = packed.into_iter().filter(|(_, bytes)| bytes.is_some()).map(|(coding, _)| coding);
        packed.chain([ContentEncoding::Identity]).collect()
    }

    /// Its bytes in a coding; plain ones where it has no such form.
    pub fn body(&self, coding: ContentEncoding) -> Bytes {
        let packed = match coding {
            ContentEncoding::Brotli => self.brotli.clone(),
            ContentEncoding::Gzip => self.gzip.clone(),
            _ => None,
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
