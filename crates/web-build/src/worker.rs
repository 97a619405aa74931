//! The service worker: its version, and the addresses that it keeps.

use crate::fault::Fault;

const VERSION: &str = "const VERSION = \"development\";";
const PRECACHE: &str = "const PRECACHE = [];";

/// Fills the two lines of a worker's source that the build knows.
///
/// # Errors
/// If one of them is missing or there twice.
pub fn fill(file: &str, text: &str, version: &str, addresses: &[String]) -> Result<String, Fault> {
    for line in [VERSION, PRECACHE] {
        if text.matches(line).count() != 1 {
            return Err(Fault::of(file, format!("the line `{line}` must be there once, for the build to fill")));
        }
    }
    let list = addresses.iter().map(|address| format!("{address:?}")).collect::<Vec<_>>().join(",");
    let filled = text.replace(VERSION, &format!("const VERSION = {version:?};"));
    Ok(filled.replace(PRECACHE, &format!("const PRECACHE = [{list}];")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lines_are_filled_and_must_be_there() {
        let text = format!("{VERSION}\n{PRECACHE}\nrest();");
        let filled = fill("sw.js", &text, "abc", &["/phone".to_owned(), "/assets/a.css".to_owned()]).unwrap();
        assert_eq!(filled, "const VERSION = \"abc\";\nconst PRECACHE = [\"/phone\",\"/assets/a.css\"];\nrest();");
        assert!(fill("sw.js", VERSION, "abc", &[]).is_err());
        assert!(fill("sw.js", &text.repeat(2), "abc", &[]).is_err());
    }
}
