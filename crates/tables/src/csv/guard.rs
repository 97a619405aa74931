//! The guard before texts that a spreadsheet program would run as formulas: every writer of CSV adds it, and the import
//! removes it.

/// The characters that make a spreadsheet program read a text as a formula (OWASP, "CSV Injection"), in both widths.
const FORMULA_SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The character that marks the rest as text.
const GUARD: char = '\'';

/// True for a text that needs a guard: it would run, or it would lose a quote of its own when read back.
fn is_risky(text: &str) -> bool {
    text.trim_start_matches([' ', '\u{a0}', '\u{3000}', '\u{feff}']).starts_with(FORMULA_SIGNS)
        || text.strip_prefix(GUARD).is_some_and(|rest| rest.starts_with(GUARD) || is_risky(rest))
}

/// Returns a text with a guard if it needs one.
pub(crate) fn put_on(text: &str) -> std::borrow::Cow<'_, str> {
    if is_risky(text) { format!("{GUARD}{text}").into() } else { text.into() }
}

/// Returns a text as it was before [`put_on`].
pub(crate) fn taken_off(text: &str) -> &str {
    match text.strip_prefix(GUARD) {
        Some(rest) if is_risky(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back() {
        let texts = [
            "=1",
            "+1",
            "-1",
            "@x",
            "\tx",
            "\rx",
            "＝1",
            " =1",
            "'=1",
            "''=1",
            "'x",
            "''x",
            "'",
            "''",
            "x=1",
            "",
            "'''",
            "' =1",
            "\u{feff}=1",
        ];
        for text in texts {
            let written = put_on(text);
            assert!(!written.starts_with(FORMULA_SIGNS), "{written:?} would run");
            assert_eq!(taken_off(&written), text, "{text:?}");
        }
        assert_eq!((put_on("=1").as_ref(), put_on("x").as_ref(), put_on("'x").as_ref()), ("'=1", "x", "'x"));
    }
}
