//! Barcodes: GTINs, and other codes of manufacturers and shops.

use unicode_normalization::UnicodeNormalization as _;

/// The permitted numbers of digits of a GTIN (GS1 General Specifications, 3.3).
const GTIN_LENGTHS: [usize; 4] = [8, 12, 13, 14];

/// Returns a code in plain form, with full-width characters converted.
pub fn normal(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_owned()
}

/// True for text in the form of a GTIN: digits only, of a permitted number.
pub fn has_gtin_form(code: &str) -> bool {
    GTIN_LENGTHS.contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// True if the last digit of a GTIN is its check digit (GS1 General Specifications, 7.9).
pub fn check_digit_is_right(gtin: &str) -> bool {
    // From the right, digits are weighted by one and three in turn.
    let sum: u32 =
        gtin.bytes().rev().zip([1, 3].into_iter().cycle()).map(|(byte, times)| u32::from(byte & 15) * times).sum();
    sum.is_multiple_of(10)
}

/// Returns the form in which codes are compared: a GTIN is padded to fourteen digits, so that a UPC-A equals the EAN-13
/// that scanners read; any other code is unchanged.
pub fn canonical(text: &str) -> String {
    let code = normal(text);
    if has_gtin_form(&code) { format!("{code:0>14}") } else { code }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_gs1() {
        for good in ["4006381333931", "012345678905", "96385074", "10614141000415", "6901234567892"] {
            assert!(has_gtin_form(good) && check_digit_is_right(good), "{good}");
        }
        for bad in ["4006381333932", "012345678904", "96385075", "10614141000416"] {
            assert!(has_gtin_form(bad) && !check_digit_is_right(bad), "{bad}");
        }
        for free in ["1234567", "123456789", "A2345678", "STORE-12"] {
            assert!(!has_gtin_form(free), "{free}");
        }
    }

    #[test]
    fn one_article_has_one_canonical_code() {
        assert_eq!(canonical("012345678905"), canonical("0012345678905"));
        assert_eq!(canonical(" ４００６３８１３３３９３１ "), "04006381333931");
        assert_eq!(canonical("STORE-12"), "STORE-12");
    }
}
