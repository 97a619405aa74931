//! Decoding of text files: UTF-8, UTF-16 with a byte order mark, or GB18030, which Excel writes in China.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

/// The bytes are not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotText {
    /// The first line that cannot be read.
    pub line: u64,
}

/// Decodes a text file. `charset` is the encoding the sender declares; without it, UTF-8 is tried before GB18030,
/// because text in one of them is almost never valid in the other.
pub(super) fn decode(bytes: &[u8], charset: Option<&'static encoding_rs::Encoding>) -> Result<String, NotText> {
    let marked = encoding_rs::Encoding::for_bom(bytes);
    let (encoding, bytes) = match (marked, charset) {
        (Some((encoding, length)), _) => (Some(encoding), bytes.get(length..).unwrap_or_default()),
        (None, said) => (said, bytes),
    };
    let text = match encoding {
        Some(encoding) => strict(encoding, bytes)?,
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => strict(GB18030, bytes)?,
        },
    };
    // No file that people write contains U+0000: this is UTF-16 without its mark, or not text at all.
    match text.find('\0') {
        Some(at) => Err(NotText { line: line_of(text.get(..at).unwrap_or_default().as_bytes()) }),
        None => Ok(text),
    }
}

fn strict(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Result<String, NotText> {
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return Err(NotText { line: 1 });
    }
    // A line end is never part of a longer character in UTF-8 or GB18030, so lines can be tried one by one.
    let good = bytes
        .split(|byte| *byte == b'\n')
        .take_while(|line| encoding.decode_without_bom_handling_and_without_replacement(line).is_some());
    Err(NotText { line: u64::try_from(good.count()).unwrap_or(0) + 1 })
}

fn line_of(before: &[u8]) -> u64 {
    u64::try_from(before.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(0) + 1
}
