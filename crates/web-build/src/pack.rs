//! Packing for the wire, once, at the highest levels.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Packs with brotli.
///
/// # Errors
/// None in practice: both ends are in memory.
pub fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut rest = content;
    brotli::BrotliCompress(&mut rest, &mut packed, &params)?;
    Ok(packed)
}

/// Packs with gzip. The same content always gives the same bytes.
///
/// # Errors
/// As above.
pub fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(content)?;
    packer.finish()
}
