//! Texts in pages that the program writes itself.

/// A text as content or as the value of an attribute in quotes.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_taken_for_markup() {
        assert_eq!(escaped("<a b=\"c\"> & 正压"), "&lt;a b=&quot;c&quot;&gt; &amp; 正压");
    }
}
