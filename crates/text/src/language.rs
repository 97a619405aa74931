//! The languages that answers come in.

/// A language that answers come in. English where a client asks for neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Returns the supported language that an `Accept-Language` header (RFC 9110, 12.5.4) prefers most.
    pub fn preferred(header: &str) -> Self {
        let mut best = (0_u32, Self::default());
        for part in header.split(',') {
            let (range, weight) = part.split_once(';').unwrap_or((part, "q=1"));
            let Some(language) = Self::matching(range.trim()) else { continue };
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok()).unwrap_or(0.0);
            let weight = (weight.clamp(0.0, 1.0) * 1000.0).round() as u32;
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    fn matching(range: &str) -> Option<Self> {
        match range.split('-').next()?.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Chinese),
            "en" | "*" => Some(Self::English),
            _ => None,
        }
    }

    /// The language's tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// Returns whichever of the two texts is in this language.
    pub fn choose<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_is_chosen() {
        let cases = [
            ("zh-CN", Language::Chinese),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en;q=0.5, zh-Hans;q=0.6", Language::Chinese),
            ("en-GB, zh;q=0.9", Language::English),
            ("mn, ru;q=0.7", Language::English),
            ("mn, zh;q=0.1", Language::Chinese),
            ("zh;q=0, en;q=0.1", Language::English),
            ("*", Language::English),
            (";;;,=", Language::English),
        ];
        for (header, expected) in cases {
            assert_eq!(Language::preferred(header), expected, "{header}");
        }
    }
}
