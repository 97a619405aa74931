//! The table that a binary carries: the files as they are and packed, and a source file that names them.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use crate::bundle::Bundle;
use crate::pack;

/// Writes the files of a bundle into a folder, and beside them `table.rs`: a slice of `Embedded { address, media_type, tag,
/// content, brotli, gzip }`. A packed form that is no smaller is left out.
///
/// # Errors
/// If a file cannot be written.
pub fn write(bundle: &Bundle, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut table = String::from("&[\n");
    for (number, asset) in bundle.files.values().enumerate() {
        let keep = |name: &str, content: &[u8]| -> io::Result<String> {
            let path = folder.join(format!("{number}.{name}"));
            fs::write(&path, content)?;
            Ok(format!("include_bytes!({:?})", path.display().to_string()))
        };
        let packed = |name: &str, content: Vec<u8>| -> io::Result<String> {
            if content.len() >= asset.content.len() {
                return Ok("None".to_owned());
            }
            Ok(format!("Some({})", keep(name, &content)?))
        };
        let content = keep("plain", &asset.content)?;
        let brotli = packed("br", pack::brotli(&asset.content)?)?;
        let gzip = packed("gz", pack::gzip(&asset.content)?)?;
        let (address, media_type, tag) = (&asset.address, asset.media_type, &asset.tag);
        let fields = format!("address: {address:?}, media_type: {media_type:?}, tag: {tag:?}");
        // Writing to a string cannot fail.
        let _ = writeln!(table, "Embedded {{ {fields}, content: {content}, brotli: {brotli}, gzip: {gzip} }},");
    }
    table.push_str("]\n");
    fs::write(folder.join("table.rs"), table)
}
