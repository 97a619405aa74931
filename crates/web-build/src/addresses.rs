//! The addresses of assets in a text.

use crate::fault::Fault;

/// The beginning of the address of every asset.
pub const ASSETS: &str = "/assets/";

/// Replaces every address under `/assets/` in a text, by `replace` of it and the byte at which it begins.
///
/// # Errors
/// Those of `replace`.
pub fn rewrite(text: &str, mut replace: impl FnMut(&str, usize) -> Result<String, Fault>) -> Result<String, Fault> {
    let mut written = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(ASSETS)) {
        let start = at + found;
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.find(|sign: char| !(sign.is_ascii_alphanumeric() || "/._-".contains(sign)));
        let address = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        // The folder itself, as code tells its paths from others, is the address of no file.
        let new = if address == ASSETS { ASSETS.to_owned() } else { replace(address, start)? };
        written.push_str(text.get(at..start).unwrap_or_default());
        written.push_str(&new);
        at = start + address.len();
    }
    written.push_str(text.get(at..).unwrap_or_default());
    Ok(written)
}

/// The name of a file with a part of the hash of its content: `shared/style.css` becomes `shared/style.0123456789abcdef.css`.
pub fn hashed(path: &str, hash: &str) -> String {
    let short: String = hash.chars().take(16).collect();
    match path.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{short}.{extension}"),
        None => format!("{path}.{short}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_replaced_and_nothing_else() {
        let text = "<link href=\"/assets/a.css\">\n<p>/assets/b/c-d.js?x</p>";
        let upper = |address: &str, _| Ok(address.to_uppercase());
        assert_eq!(rewrite(text, upper).unwrap(), "<link href=\"/ASSETS/A.CSS\">\n<p>/ASSETS/B/C-D.JS?x</p>");
        assert_eq!(rewrite("\"/assets/\"", upper).unwrap(), "\"/assets/\"");
        let none = |address: &str, byte| match address.ends_with("js") {
            true => Err(Fault::at("a", text, byte, "none")),
            false => Ok(String::new()),
        };
        assert_eq!(rewrite(text, none).unwrap_err().to_string(), "a:2: none");
        assert_eq!(hashed("a/b.c.svg", "0123456789abcdef0"), "a/b.c.0123456789abcdef.svg");
    }
}
