//! The search that all lists use: by code, by words of names in either language, by pinyin with or without spaces and
//! tones, by pinyin initials, and for items also by barcode. Full and half width are treated alike, and so are simplified
//! and traditional characters.

use chrono::DateTime;

use super::barcode;
use super::folding::{is_sign, plain, readings, without_tones};
use super::item::ItemVersion;
use super::scan::Scan;

/// The quality of a match, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The text is the code, or one of the barcodes.
    Exact = 0,
    /// The code or one of the names begins with the text.
    Beginning = 1,
    /// The text occurs elsewhere in it.
    Within = 2,
}

/// A search text, prepared for matching.
#[derive(Clone, Debug)]
pub struct Search {
    /// The text in plain form and lower case.
    text: String,
    /// Its words.
    words: Vec<Word>,
    /// The whole text as one word, for pinyin typed with spaces.
    joined: Sounds,
    barcode: String,
}

#[derive(Clone, Debug)]
struct Word {
    text: String,
    sounds: Sounds,
}

/// A text as pinyin: with its digits, and, if it has digits that may be tones, also without those.
type Sounds = Vec<Vec<char>>;

impl Search {
    /// Prepares a search. An empty one matches everything.
    pub fn new(typed: &str) -> Self {
        let text = plain(typed);
        let words: Vec<Word> =
            text.split_whitespace().map(|word| Word { text: word.to_owned(), sounds: sounds_of(word) }).collect();
        let joined = sounds_of(&text.split_whitespace().collect::<String>());
        // The day chooses the century of years in a scan, which do not matter here.
        let scan = Scan::read(typed, DateTime::UNIX_EPOCH.date_naive());
        let barcode = scan.map_or_else(|_| barcode::canonical(typed), |scan| scan.barcode);
        Self { text, words, joined, barcode }
    }

    /// The quality of an item's match by code, barcode or name; `None` if it does not match.
    pub fn fit_item(&self, code: &str, item: &ItemVersion) -> Option<Fit> {
        self.fit_item_known_as(code, item, [])
    }

    /// The quality of the match of an item that people also know by other names, which find it as its own do.
    pub fn fit_item_known_as<'a>(
        &self,
        code: &str,
        item: &'a ItemVersion,
        aliases: impl IntoIterator<Item = &'a str>,
    ) -> Option<Fit> {
        if has_barcode(item, &self.barcode) {
            return Some(Fit::Exact);
        }
        let names: Vec<&str> = [item.name_en.as_str(), &item.name_zh].into_iter().chain(aliases).collect();
        self.fit(code, &names)
    }

    /// The quality of the match of a thing with a code and names; `None` if it does not match.
    pub fn fit(&self, code: &str, names: &[&str]) -> Option<Fit> {
        let code = plain(code);
        if code == self.text {
            return Some(Fit::Exact);
        }
        let texts: Vec<String> = std::iter::once(code).chain(names.iter().map(|name| plain(name))).collect();
        // Only names in Chinese characters are matched by sound: the 1 of "team 1" is not a tone.
        let names: Vec<Name> = texts.iter().skip(1).filter(|name| has_signs(name)).map(|name| Name::of(name)).collect();
        let begins = texts.iter().any(|text| text.starts_with(&self.text));
        if begins || names.iter().any(|name| name.begins(&self.joined)) {
            return Some(Fit::Beginning);
        }
        let has_word = |word: &Word| {
            texts.iter().any(|text| text.contains(&word.text)) || names.iter().any(|name| name.holds(&word.sounds))
        };
        let holds_all = || names.iter().any(|name| name.holds(&self.joined));
        (self.words.iter().all(has_word) || holds_all()).then_some(Fit::Within)
    }
}

/// True if one of the item's barcodes has the given canonical form.
pub fn has_barcode(item: &ItemVersion, canonical: &str) -> bool {
    item.barcodes.iter().any(|code| barcode::canonical(code) == canonical)
}

fn has_signs(name: &str) -> bool {
    name.chars().any(is_sign)
}

fn sounds_of(word: &str) -> Sounds {
    let mut sounds = vec![without_tones(word, false), without_tones(word, true)];
    sounds.dedup();
    sounds
}

/// A name as a sequence of characters, each with the ways to type it.
struct Name(Vec<Vec<String>>);

impl Name {
    fn of(name: &str) -> Self {
        Self(name.chars().filter(|character| character.is_alphanumeric()).map(ways_to_type).collect())
    }

    /// True if the text spells the name from its first character on.
    fn begins(&self, typed: &Sounds) -> bool {
        typed.iter().any(|typed| spells(&self.0, typed))
    }

    /// True if the text spells the name from one of its characters on.
    fn holds(&self, typed: &Sounds) -> bool {
        let rests = || (0..self.0.len()).filter_map(|from| self.0.get(from..));
        typed.iter().any(|typed| rests().any(|rest| spells(rest, typed)))
    }
}

/// The character itself, its readings without tones, and their initials; any of several readings may be typed.
fn ways_to_type(character: char) -> Vec<String> {
    let mut ways = vec![character.to_string()];
    let mut add = |way: String| {
        if !ways.contains(&way) {
            ways.push(way);
        }
    };
    for reading in readings(character) {
        if let Some(initial) = reading.chars().next() {
            add(initial.to_string());
        }
        // 绿 is typed as lv, and as lu by people whose documents spell it that way.
        if reading.contains('v') {
            add(reading.replace('v', "u"));
        }
        add(reading);
    }
    ways
}

/// True if the text can be split into ways to type the characters one after another; the last may be incomplete.
fn spells(characters: &[Vec<String>], typed: &[char]) -> bool {
    // Positions in the text that the characters so far can reach; a set, so that no position is tried twice.
    let mut reached = vec![false; typed.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for ways in characters {
        let mut next = vec![false; typed.len() + 1];
        for rest in reached.iter().enumerate().filter(|(_, here)| **here).filter_map(|(at, _)| typed.get(at..)) {
            for way in ways {
                let shared = way.chars().zip(rest).take_while(|(one, other)| one == *other).count();
                if shared == rest.len() {
                    return true;
                }
                if shared == way.chars().count()
                    && let Some(place) = next.get_mut(typed.len() - rest.len() + shared)
                {
                    *place = true;
                }
            }
        }
        reached = next;
    }
    typed.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::item_version;

    fn named(name_en: &str, name_zh: &str, barcodes: &[&str]) -> ItemVersion {
        ItemVersion {
            name_en: name_en.to_owned(),
            name_zh: name_zh.to_owned(),
            barcodes: barcodes.iter().map(|code| (*code).to_owned()).collect(),
            ..item_version(false, false)
        }
    }

    #[test]
    fn an_item_fits_as_well_as_it_should() {
        let suit = named("Chemical suit, class 1", "一级化学防护服", &["6901234567892"]);
        let cases = [
            ("L2010201", Some(Fit::Exact)),
            ("ｌ２０１０２０１", Some(Fit::Exact)),
            ("6901234567892", Some(Fit::Exact)),
            ("06901234567892", Some(Fit::Exact)),
            ("]C10106901234567892", Some(Fit::Exact)),
            ("(01)06901234567892(10)B2209", Some(Fit::Exact)),
            ("L20102", Some(Fit::Beginning)),
            ("chemical", Some(Fit::Beginning)),
            ("CHEMICAL SUIT", Some(Fit::Beginning)),
            ("一级", Some(Fit::Beginning)),
            ("yiji", Some(Fit::Beginning)),
            ("yj", Some(Fit::Beginning)),
            ("yijihuaxuefanghufu", Some(Fit::Beginning)),
            ("yi ji hua xue", Some(Fit::Beginning)),
            ("fanghufu", Some(Fit::Within)),
            ("fang hu fu", Some(Fit::Within)),
            ("fánghùfú", Some(Fit::Within)),
            ("fang2hu4fu2", Some(Fit::Within)),
            ("fang'hu'fu", Some(Fit::Within)),
            ("fhf", Some(Fit::Within)),
            ("FHF", Some(Fit::Within)),
            ("fhfu", Some(Fit::Within)),
            ("fangh", Some(Fit::Within)),
            ("防护", Some(Fit::Within)),
            ("防hf", Some(Fit::Within)),
            ("suit", Some(Fit::Within)),
            ("suit 化学", Some(Fit::Within)),
            ("一級化學", Some(Fit::Beginning)),
            ("防護服", Some(Fit::Within)),
            ("ｆｈｆ", Some(Fit::Within)),
            ("fanghufx", None),
            ("boots", None),
            ("suit boots", None),
            ("690123456789", None),
            // A digit is a tone only after a syllable.
            ("h1", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(Search::new(typed).fit_item("L2010201", &suit), expected, "{typed}");
        }
    }

    #[test]
    fn an_alias_finds_an_item_as_its_own_names_do() {
        let scba = named("SCBA, positive-pressure", "正压式空气呼吸器", &[]);
        let fit = |typed: &str| Search::new(typed).fit_item_known_as("L2010101", &scba, ["空呼", "空呼器"]);
        for typed in ["空呼", "konghu", "kh", "空呼器", "正压"] {
            assert_eq!(fit(typed), Some(Fit::Beginning), "{typed}");
        }
        assert_eq!(fit("呼器"), Some(Fit::Within));
        assert_eq!(Search::new("空呼").fit_item("L2010101", &scba), None);
    }

    #[test]
    fn any_reading_and_any_spelling_of_it_is_understood() {
        let cases = [
            ("重型防化服", &["zhongxing", "chongxing", "zx", "cx"][..]),
            ("长管呼吸器", &["changguan", "zhangguan", "cghxq"]),
            ("绿色背心", &["lvse", "lǜsè", "luse", "lü se", "lsbx"]),
            ("A3型担架", &["a3型", "a3xing", "a3xdj"]),
            ("A型担架", &["a型", "axing", "axdj"]),
        ];
        for (name, spellings) in cases {
            for typed in spellings {
                assert_eq!(Search::new(typed).fit("X", &["thing", name]), Some(Fit::Beginning), "{typed}");
            }
        }
    }

    #[test]
    fn a_digit_of_a_plain_name_is_no_tone() {
        for (typed, expected) in [("of team 1", Some(Fit::Within)), ("team 2", None), ("te1am", None)] {
            assert_eq!(Search::new(typed).fit("X", &["Depot of team 1"]), expected, "{typed}");
        }
    }

    #[test]
    fn an_empty_search_finds_everything() {
        assert!(Search::new("  ").fit("X", &["thing", "物"]).is_some());
    }
}
