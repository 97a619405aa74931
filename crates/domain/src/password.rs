//! Rules for new passwords: long, and not easily guessed (NIST SP 800-63B, 5.1.1.2). There is no rule about the kinds of
//! characters: an estimator that knows common passwords, names, dates and keyboards judges how many guesses a password
//! takes.

use pinyin::ToPinyin as _;

/// The minimum length in characters.
pub const SHORTEST: usize = 10;

/// The maximum length in characters: a long sentence fits, and hashing it costs no more.
pub const LONGEST: usize = 256;

/// The least number of guesses, as a power of ten. The estimator calls eight and more "safely unguessable"; two plain
/// words take about as many guesses as this limit.
const LEAST_GUESSES: f64 = 8.2;

/// The number of characters that are judged, which must be good enough by themselves. The work of the estimator grows
/// faster than the length, and its numbers overflow on longer walks across a keyboard.
const JUDGED: usize = 28;

/// The number of characters of each name that are searched for in a password.
const OF_A_NAME: usize = 40;

/// The least number of characters of a password beside a name in it.
const BESIDE_A_NAME: usize = 6;

/// The number of characters in a part of a Chinese name: 刘伟, 阿拉善, 应急管理.
const PART_OF_A_NAME: std::ops::RangeInclusive<usize> = 2..=4;

/// Words that anybody who knows the service and its field tries first.
const WORDS_OF_THE_TRADE: [&str; 36] = [
    "muster",
    "admin",
    "officer",
    "viewer",
    "quartermaster",
    "emergency",
    "reserve",
    "stock",
    "depot",
    "shortage",
    "brigade",
    "rescue",
    "bureau",
    "yingji",
    "wuzi",
    "chubei",
    "cangku",
    "kudian",
    "pandian",
    "xiaofang",
    "jiuyuan",
    "anquan",
    "yingjiju",
    "guanliyuan",
    // The most common names.
    "zhangwei",
    "wangwei",
    "wangfang",
    "liwei",
    "liuwei",
    "zhangmin",
    "lijing",
    "wangjing",
    "zhangli",
    "wangli",
    "lina",
    "liuyang",
];

/// The reasons why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// It has fewer than [`SHORTEST`] characters.
    TooShort,
    /// It takes too few guesses.
    Guessable,
    /// It is little more than the user name.
    LikeUsername,
}

/// The words that others know of the holder of a password, and try first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The user name.
    pub username: String,
    /// The names of the holder and of the organization or region, in any language.
    pub names: Vec<String>,
}

impl Known {
    /// The words to look for, in lower case.
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        for name in std::iter::once(&self.username).chain(&self.names) {
            let name: String = name.chars().take(OF_A_NAME).collect::<String>().to_lowercase();
            words.extend(name.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned));
            words.extend(spelled(&name));
            words.push(name);
        }
        words.extend(WORDS_OF_THE_TRADE.map(str::to_owned));
        words.retain(|word| word.chars().count() > 1);
        words
    }
}

/// The Chinese parts of a name in pinyin, as people type them into a password.
fn spelled(name: &str) -> Vec<String> {
    let syllables: Vec<&str> = name.chars().filter_map(|letter| Some(letter.to_pinyin()?.plain())).collect();
    let lengths = PART_OF_A_NAME.chain([syllables.len()]);
    lengths.flat_map(|length| syllables.windows(length.max(1)).map(<[&str]>::concat).collect::<Vec<_>>()).collect()
}

/// True for a password of which only a few letters and digits are not of the names, however they are spaced. The estimator
/// takes a blank in a name for a word of its own.
fn is_little_more_than_a_name(password: &str, known: &Known) -> bool {
    let compact = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let mut names = Vec::new();
    for name in &known.names {
        let name: String = name.chars().take(OF_A_NAME).collect::<String>().to_lowercase();
        let spelled: String = name.chars().filter_map(|letter| Some(letter.to_pinyin()?.plain())).collect();
        names.extend([compact(&name), spelled].into_iter().filter(|name| name.chars().count() > 1));
    }
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let whole = compact(password);
    let rest = names.iter().fold(whole.clone(), |rest, name| rest.replace(name, ""));
    rest != whole && rest.chars().count() < BESIDE_A_NAME
}

/// Checks whether an account may choose a password.
///
/// # Errors
/// The reason why it may not.
pub fn check(password: &str, known: &Known) -> Result<(), Weakness> {
    if password.chars().count() < SHORTEST {
        return Err(Weakness::TooShort);
    }
    let lower = password.to_lowercase();
    // The password without the user name must still be long enough.
    let username = known.username.to_lowercase();
    if !username.is_empty() && lower.contains(&username) && lower.replace(&username, "").chars().count() < BESIDE_A_NAME
    {
        return Err(Weakness::LikeUsername);
    }
    if is_little_more_than_a_name(&lower, known) {
        return Err(Weakness::Guessable);
    }
    let judged: String = password.chars().take(JUDGED).collect();
    let words = known.words();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if zxcvbn::zxcvbn(&judged, &words).guesses_log10() < LEAST_GUESSES { Err(Weakness::Guessable) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let names = ["刘建国", "Alxa League", "阿拉善盟", "Chemicals brigade"].map(str::to_owned).to_vec();
        Known { username: "quartermaster".to_owned(), names }
    }

    #[test]
    fn length_matters_and_what_it_is_made_of_does_not() {
        let cases = [
            ("correct horse battery", Ok(())),
            ("应急物资储备清点仓库一", Ok(())),
            ("k7Fq2vXw9z", Ok(())),
            ("twelve letters", Ok(())),
            ("ninechars", Err(Weakness::TooShort)),
            ("九个字符短了一点点", Err(Weakness::TooShort)),
            ("quartermaster", Err(Weakness::LikeUsername)),
            ("Quartermaster2026", Err(Weakness::LikeUsername)),
            ("quartermaster of the north store", Ok(())),
        ];
        for (password, expected) in cases {
            assert_eq!(check(password, &known()), expected, "{password}");
        }
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        let guessed = [
            "aaaaaaaaaaaa",
            "PassWord123",
            "Passw0rd2026!",
            "muster2026!",
            "Muster@2026#",
            "qwerty12345",
            "liu19900101",
            "zhang19851212",
            "zhangwei1988",
            "woaini520520",
            "13948123456",
            "1234567890",
            "abcabcabcabc",
            "administrator",
            "yingji2026!",
            "xiaofang119119",
        ];
        for password in guessed {
            assert_eq!(check(password, &known()), Err(Weakness::Guessable), "{password}");
        }
    }

    #[test]
    fn names_that_others_know_are_guessed_first() {
        for password in ["liujianguo123", "alashanmeng1", "alashan152900", "Brigade-2026", "阿拉善盟阿拉善盟12"]
        {
            assert_eq!(check(password, &known()), Err(Weakness::Guessable), "{password}");
        }
        let of_a_banner = Known { names: vec!["Banner A".to_owned(), "甲旗".to_owned()], ..Known::default() };
        for password in
            ["Banner A 2026", "banner-a-2026!", "2026 Banner  A", "Banner A Banner A", "Banner A 甲旗 1", "jia qi 2026"]
        {
            assert_eq!(check(password, &of_a_banner), Err(Weakness::Guessable), "{password}");
        }
        assert_eq!(check("banner a over the horses", &of_a_banner), Ok(()));
        assert_eq!(check("liujianguo123", &Known::default()), Ok(()), "nobody is called so");
    }

    /// Tests are built with overflow checks.
    #[test]
    fn whatever_is_typed_is_judged() {
        let parts = ["a", "1q", "1w", "pA5$w0rd!", "19900101", "刘", "741", "1478", "4$4@", "\u{0}", "🔒"];
        for part in parts {
            let password: String = part.chars().cycle().take(LONGEST).collect();
            let _ = check(&password, &known());
        }
    }

    proptest::proptest! {
        #[test]
        fn any_walk_across_a_keyboard_is_judged(password in "([1q2wsxQAZ@!]{0,40}|[14785+]{0,40}|.{0,40})") {
            let _ = check(&password, &known());
        }
    }
}
