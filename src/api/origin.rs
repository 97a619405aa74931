//! Origins of pages, as browsers name them.

use std::str::FromStr;

use url::Url;

/// An origin as browsers send it: scheme, host, and port unless it is the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl FromStr for Origin {
    type Err = ();

    /// Reads an origin; there may be no path, query, fragment or user.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (scheme, place) = text.split_once("://").ok_or(())?;
        // The parser for addresses is lenient: it drops line breaks and takes backslashes for slashes.
        let is_strange = |sign: char| sign.is_whitespace() || sign.is_control() || "/\\?#@*".contains(sign);
        if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") || place.contains(is_strange) {
            return Err(());
        }
        let url = Url::parse(text).map_err(|_| ())?;
        Ok(Self(url.origin().ascii_serialization()))
    }
}

impl Origin {
    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_a_port_and_nothing_else() {
        for (text, expected) in [
            ("https://app.example.org", "https://app.example.org"),
            ("HTTPS://App.Example.org:443", "https://app.example.org"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
            ("https://旗.cn", "https://xn--igv.cn"),
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().as_str(), expected, "{text}");
        }
        for text in [
            "",
            "*",
            "null",
            "app.example.org",
            "https://",
            "https://*",
            "https://*.example.org",
            "https://app.example.org/",
            "https://app.example.org/path",
            "https://app.example.org?q",
            "https://app.example.org#f",
            "https://user@app.example.org",
            "https://app.example.org:99999",
            "https://app.exa mple.org",
            "https:\\\\app.example.org",
            "ftp://app.example.org",
            "file:///etc",
            "chrome-extension://abc",
        ] {
            assert_eq!(text.parse::<Origin>(), Err(()), "{text}");
        }
    }
}
