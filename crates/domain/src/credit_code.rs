//! Unified social credit codes of organizations (GB 32100-2015).

/// The signs of a code, each with its value by its place: digits and capital letters but I, O, S, V and Z.
const SIGNS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The number of signs, of which the last is the check.
const LENGTH: usize = 18;

/// The fault of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditCodeFault {
    /// It is not 18 of the signs.
    Form,
    /// The last sign does not follow from the others: one was mistyped.
    Check,
}

/// Checks a code: its form, and that its last sign follows from the others (GB 32100-2015, 4.5: weights of 3ⁱ⁻¹ mod 31).
///
/// # Errors
/// The fault.
pub fn check(code: &str) -> Result<(), CreditCodeFault> {
    let values: Option<Vec<usize>> = code.chars().map(|sign| SIGNS.find(sign)).collect();
    let values = values.filter(|values| values.len() == LENGTH).ok_or(CreditCodeFault::Form)?;
    let (last, others) = values.split_last().ok_or(CreditCodeFault::Form)?;
    let (sum, _) = others.iter().fold((0, 1), |(sum, weight), value| (sum + value * weight, weight * 3 % 31));
    if (31 - sum % 31) % 31 == *last { Ok(()) } else { Err(CreditCodeFault::Check) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_known_organizations_check() {
        // Published by their holders: Tencent, Huawei, Alibaba, Baidu.
        for code in ["9144030071526726XG", "914403001922038216", "91330100799655058B", "91110000802100433B"] {
            assert_eq!(check(code), Ok(()), "{code}");
        }
    }

    #[test]
    fn a_mistyped_sign_is_found() {
        assert_eq!(check("9144030071526726XH"), Err(CreditCodeFault::Check));
        assert_eq!(check("9144030071526762XG"), Err(CreditCodeFault::Check), "two signs changed places");
        for code in [
            "",
            "9144030071526726X",
            "9144030071526726XGG",
            "9144030071526726xg",
            "91440300I1526726XG",
            "９144030071526726XG",
        ] {
            assert_eq!(check(code), Err(CreditCodeFault::Form), "{code}");
        }
    }
}
