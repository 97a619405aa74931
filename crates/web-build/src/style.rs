//! Style sheets: comments and indentation are left out, and what the addresses could not follow is refused.

use crate::fault::Fault;
use crate::script::{comment, quoted};

/// Writes a style sheet without comments, indentation and empty lines.
///
/// # Errors
/// If it imports another, or names a file otherwise than by its address under `/assets/`.
pub fn write(file: &str, text: &str) -> Result<String, Fault> {
    let mut written = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            at += comment(rest).ok_or_else(|| Fault::at(file, text, at, "a comment has no end"))?;
            continue;
        }
        if rest.starts_with("@import") {
            return Err(Fault::at(file, text, at, "a sheet cannot import another: link both in the page"));
        }
        if let Some(target) = rest.strip_prefix("url(").map(|target| target.trim_start_matches(['"', '\'', ' ']))
            && !target.starts_with("/assets/")
        {
            return Err(Fault::at(file, text, at, "name the file by its address, as in url(\"/assets/shared/x.svg\")"));
        }
        let first = rest.chars().next().unwrap_or_default();
        let length = match first {
            '"' | '\'' => quoted(rest, first),
            _ => Some(first.len_utf8()),
        };
        let length = length.ok_or_else(|| Fault::at(file, text, at, "a text has no end on its line"))?;
        written.push_str(rest.get(..length).unwrap_or_default());
        at += length;
    }
    let lines = written.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indentation_go_and_texts_stay() {
        let text =
            "/* all */\na {\n  content: \"/* b */\"; /* c */\n\n  background: url(\"/assets/shared/x.svg\");\n}\n";
        let expected = "a {\ncontent: \"/* b */\";\nbackground: url(\"/assets/shared/x.svg\");\n}";
        assert_eq!(write("a.css", text).unwrap(), expected);
    }

    #[test]
    fn what_no_address_could_follow_is_refused() {
        for (text, line) in [
            ("\n@import \"b.css\";", 2),
            ("a { background: url(x.svg) }", 1),
            ("\n\na { background: url(\"https://x/y.png\") }", 3),
            ("a {} /* b", 1),
            ("a { content: \"b\n}", 1),
        ] {
            assert_eq!(write("a.css", text).unwrap_err().line, line, "{text}");
        }
    }
}
