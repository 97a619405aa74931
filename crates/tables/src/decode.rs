//! Decoding of text files: the encoding that the sender or the file itself names, or else UTF-8, or else the one in which
//! the text is most plausible. A text that is plausible in none is refused, because it would be stored garbled.

use std::borrow::Cow;
use std::collections::HashSet;

use encoding_rs::{BIG5, Encoding, GB18030, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

/// The certainty of the encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum EncodingCertainty {
    /// The sender named it.
    Declared,
    /// The file begins with its mark.
    Marked,
    /// No other encoding gives bytes of this form.
    Certain,
    /// The text is plausible in it, and less so in others.
    Likely,
}

/// A text and its encoding.
#[derive(Debug)]
pub(super) struct Decoded<'b> {
    pub text: Cow<'b, str>,
    pub encoding: &'static Encoding,
    pub certainty: EncodingCertainty,
}

/// The reason why bytes cannot be read as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotText {
    /// This line is not valid in the encoding.
    BadBytes { line: u64, encoding: &'static Encoding },
    /// The bytes are not valid in any known encoding; the first such line.
    Unknown { line: u64 },
    /// The bytes are valid in an encoding, but the text is not plausible; the first such line.
    Implausible { line: u64, encoding: &'static Encoding },
}

/// The share of common characters from which on a text is plausible.
const PLAUSIBLE: f64 = 0.75;

/// The margin by which another encoding must be more plausible than GB18030.
const LEAD: f64 = 0.2;

/// The number of different characters from which on their shares can distinguish another encoding from GB18030.
const ENOUGH: usize = 4;

/// Decodes a text file. `charset` is the encoding the sender declares.
pub(super) fn decode<'b>(bytes: &'b [u8], charset: Option<&'static Encoding>) -> Result<Decoded<'b>, NotText> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return strict(encoding, bytes.get(length..).unwrap_or_default(), EncodingCertainty::Marked);
    }
    if let Some(encoding) = charset {
        return strict(encoding, bytes, EncodingCertainty::Declared);
    }
    if let Some(decoded) = unmarked_utf16(bytes) {
        return Ok(decoded);
    }
    let Err(error) = std::str::from_utf8(bytes) else { return strict(UTF_8, bytes, EncodingCertainty::Certain) };
    let line = line_of(bytes, error.valid_up_to());
    if is_damaged_utf8(bytes) {
        return Err(NotText::BadBytes { line, encoding: UTF_8 });
    }
    most_plausible(bytes, line)
}

fn strict<'b>(
    encoding: &'static Encoding,
    bytes: &'b [u8],
    certainty: EncodingCertainty,
) -> Result<Decoded<'b>, NotText> {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(Decoded { text, encoding, certainty }),
        None => Err(NotText::BadBytes { line: first_bad_line(encoding, bytes), encoding }),
    }
}

/// UTF-16 without its mark: every second byte of its separators and line ends is 0.
fn unmarked_utf16(bytes: &[u8]) -> Option<Decoded<'_>> {
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let (encoding, most, least) = if odd > even { (UTF_16LE, odd, even) } else { (UTF_16BE, even, odd) };
    // Ordinary zero bytes occur as often at even as at odd places.
    if !bytes.len().is_multiple_of(2) || most < 4 || least > most / 8 || most < bytes.len() / 40 {
        return None;
    }
    strict(encoding, bytes, EncodingCertainty::Likely).ok()
}

/// True for UTF-8 with a few damaged bytes: most characters beyond ASCII are valid.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    let mut was_bad = false;
    for chunk in bytes.utf8_chunks() {
        // Adjacent damaged bytes are one place.
        was_bad &= chunk.valid().is_empty();
        good += chunk.valid().chars().filter(|character| *character > '\u{7ff}').count();
        if !chunk.invalid().is_empty() && !was_bad {
            (bad, was_bad) = (bad + 1, true);
        }
    }
    good >= bad.saturating_mul(4)
}

fn most_plausible(bytes: &[u8], first: u64) -> Result<Decoded<'_>, NotText> {
    let score = |encoding: &'static Encoding, weigh: fn(&[u8]) -> (usize, f64)| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        let (number, share) = shares(bytes, weigh);
        Some((text, encoding, number, share))
    };
    let mainland = score(GB18030, weigh_gb18030);
    let usual = mainland.as_ref().map_or(0.0, |(.., share)| *share);
    let others = [score(BIG5, weigh_big5), score(SHIFT_JIS, weigh_shift_jis)].into_iter().flatten();
    let other = others
        .filter(|(.., number, share)| *number >= ENOUGH && *share >= PLAUSIBLE.max(usual + LEAD))
        .max_by(|(.., one), (.., other)| one.total_cmp(other));
    match (other, mainland) {
        (Some((text, encoding, ..)), _) => Ok(Decoded { text, encoding, certainty: EncodingCertainty::Likely }),
        (None, Some((text, encoding, _, share))) if share >= PLAUSIBLE => {
            Ok(Decoded { text, encoding, certainty: EncodingCertainty::Likely })
        }
        (None, Some((_, encoding, ..))) => Err(NotText::Implausible { line: first, encoding }),
        // If most of it is plausible, it is damaged.
        (None, None) if shares(bytes, weigh_gb18030).1 >= PLAUSIBLE => {
            Err(NotText::BadBytes { line: first_bad_line(GB18030, bytes), encoding: GB18030 })
        }
        (None, None) => Err(NotText::Unknown { line: first }),
    }
}

/// The number of different characters beyond ASCII, and the mean of the weights of all of them.
fn shares(bytes: &[u8], weigh: fn(&[u8]) -> (usize, f64)) -> (usize, f64) {
    let (mut count, mut sum, mut rest) = (0_u32, 0.0, bytes);
    let mut different = HashSet::new();
    while let Some(first) = rest.first() {
        if first.is_ascii() {
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let (length, weight) = weigh(rest);
        count += 1;
        sum += weight;
        let (character, after) = rest.split_at(length.min(rest.len()));
        different.insert(character);
        rest = after;
    }
    (different.len(), sum / f64::from(count.max(1)))
}

/// The length of a character of GB18030, and its weight: 1 for characters that are common in texts (GB/T 2312: symbols,
/// and the 3,755 characters of its first level).
fn weigh_gb18030(bytes: &[u8]) -> (usize, f64) {
    match bytes {
        // No other encoding has a digit in the middle of a character.
        [_, b'0'..=b'9', ..] => (4, 1.0),
        [0xa1..=0xa3 | 0xb0..=0xd7, 0xa1..=0xfe, ..] => (2, 1.0),
        [0xd8..=0xf7, 0xa1..=0xfe, ..] => (2, 0.6),
        [0xa8, 0xa1..=0xfe, ..] => (2, 0.8),
        [0xa4..=0xa9, 0xa1..=0xfe, ..] => (2, 0.3),
        _ => (2, 0.0),
    }
}

/// The same for Big5: its symbols, and the 5,401 characters of its first level.
fn weigh_big5(bytes: &[u8]) -> (usize, f64) {
    match bytes {
        [0xa1..=0xc6, 0x40..=0x7e | 0xa1..=0xfe, ..] => (2, 1.0),
        [0xc9..=0xf9, 0x40..=0x7e | 0xa1..=0xfe, ..] => (2, 0.3),
        _ => (2, 0.0),
    }
}

/// The same for Shift_JIS: its symbols and kana, and the 2,965 characters of its first level.
fn weigh_shift_jis(bytes: &[u8]) -> (usize, f64) {
    match bytes {
        // Half-width kana take one byte each; present-day texts have few of them.
        [0xa1..=0xdf, ..] => (1, 0.2),
        [0x81..=0x83 | 0x88..=0x97, 0x40..=0xfc, ..] => (2, 1.0),
        [0x98..=0x9f | 0xe0..=0xea, 0x40..=0xfc, ..] => (2, 0.4),
        _ => (2, 0.0),
    }
}

/// The first line with bytes that are not valid in an encoding.
fn first_bad_line(encoding: &'static Encoding, bytes: &[u8]) -> u64 {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (mut at, mut buffer) = (0, [0_u8; 4096]);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut buffer, true);
        at += read;
        match result {
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::InputEmpty => return line_of(bytes, at),
            encoding_rs::DecoderResult::Malformed(length, after) => {
                let back = usize::from(length) + usize::from(after);
                return if encoding == UTF_16LE || encoding == UTF_16BE {
                    line_of_utf16(encoding, bytes, at)
                } else {
                    line_of(bytes, at.saturating_sub(back))
                };
            }
        }
    }
}

/// The line of a place in a text, as the reader of rows counts them.
fn line_of(bytes: &[u8], at: usize) -> u64 {
    let before = bytes.get(..at).unwrap_or(bytes);
    let ends = before.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => before.get(at + 1).is_some_and(|next| *next != b'\n'),
        _ => false,
    });
    u64::try_from(ends.count()).unwrap_or(0) + 1
}

fn line_of_utf16(encoding: &'static Encoding, bytes: &[u8], at: usize) -> u64 {
    let (text, _) = encoding.decode_without_bom_handling(bytes.get(..at).unwrap_or(bytes));
    line_of(text.as_bytes(), text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bytes: &[u8]) -> Result<(&'static str, EncodingCertainty, String), NotText> {
        decode(bytes, None).map(|decoded| (decoded.encoding.name(), decoded.certainty, decoded.text.into_owned()))
    }

    fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        let (bytes, _, lost) = encoding.encode(text);
        assert!(!lost, "{text} is not in {}", encoding.name());
        bytes.into_owned()
    }

    #[test]
    fn a_text_is_taken_in_the_encoding_in_which_it_makes_sense() {
        let texts = [
            (GB18030, "物资编码,名称\nX1,消防水带\n"),
            (GB18030, "code,name\nX1,消防\n"),
            (GB18030, "code,name,keeper\nX1,鄂尔多斯市准格尔旗储备库,马喆\n"),
            (BIG5, "code,name\nX1,防毒面具濾毒罐\nX2,正壓式空氣呼吸器\n"),
            (BIG5, "編碼,名稱\nA,消防水帶\n"),
            (SHIFT_JIS, "code,name\nX1,防毒マスク\nX2,空気呼吸器\n"),
            (SHIFT_JIS, "コード,名称\nA,消防ホース\n"),
        ];
        for (encoding, text) in texts {
            let bytes = encoded(encoding, text);
            assert_eq!(
                taken(&bytes),
                Ok((encoding.name(), EncodingCertainty::Likely, text.to_owned())),
                "{} {text}",
                encoding.name()
            );
        }
        assert_eq!(taken("a,消\n".as_bytes()).unwrap().1, EncodingCertainty::Certain);
        assert_eq!(taken("\u{feff}a\n".as_bytes()).unwrap().1, EncodingCertainty::Marked);
        let unmarked: Vec<u8> = "code,name\nX1,消防\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(taken(&unmarked).unwrap().0, "UTF-16LE");
    }

    #[test]
    fn bad_bytes_are_told_at_their_own_line() {
        let mut damaged = "code,name\r\nX1,消防水带\r\nX2,呼吸器\r\n".as_bytes().to_vec();
        let at = damaged.iter().rposition(|byte| *byte == 0xe5).unwrap();
        damaged[at] = 0xff;
        assert_eq!(taken(&damaged), Err(NotText::BadBytes { line: 3, encoding: UTF_8 }));
        let mut damaged = encoded(GB18030, "编码,名称\nX1,消防水带\nX2,救生衣\n");
        let at = damaged.iter().rposition(|byte| *byte == b'\n').unwrap();
        damaged.insert(at, 0xff);
        assert_eq!(taken(&damaged), Err(NotText::BadBytes { line: 3, encoding: GB18030 }));
        assert_eq!(taken(b"code,name\nX1,caf\xe9,x\n"), Err(NotText::Unknown { line: 2 }));
        assert!(matches!(taken(b"code,name\nX1,M\xfcller\n"), Err(NotText::Implausible { line: 2, .. })));
        // Too few characters to distinguish the encodings, and not plausible in the usual one.
        assert!(matches!(taken(&encoded(BIG5, "code,name\nX1,庫\n")), Err(NotText::Implausible { line: 2, .. })));
    }
}
