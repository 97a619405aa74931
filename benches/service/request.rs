//! Requests that are written once, with places for what differs each time.

use std::sync::OnceLock;

use chrono::{SecondsFormat, Utc};
use serde_json::Value;

/// A part of a request.
#[derive(Clone, Debug)]
enum Part {
    Bytes(Vec<u8>),
    /// Twelve hexadecimal digits that no other request has, the same at each of its places with the same number.
    Unique(u64),
    /// The present time.
    Now,
    /// A digit that is another one in the next request.
    Digit,
    /// The number of a command on its device, counted from 1; the argument is its place among those of a request.
    Sequence(u64),
}

/// Marks in paths and bodies, in place of which the parts are written.
pub const UNIQUE: &str = "@@@@@@@@@@@@";
pub const NOW: &str = "@now@";
pub const DIGIT: &str = "1000007";
pub const SEQUENCE: &str = "\"@seq@\"";

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    parts: Vec<Part>,
    /// The unique numbers it takes.
    uniques: u64,
    /// The sequence numbers it takes.
    sequences: u64,
}

/// A method with a path.
pub struct Line<'a>(pub &'a str, pub &'a str);

impl Request {
    /// A request by the holder of a token that asks for gzip.
    pub fn new(line: &Line<'_>, token: &str, headers: &[&str], body: Option<&Value>) -> Self {
        Self::with(line, token, &[&["Accept-Encoding: gzip"], headers].concat(), body)
    }

    /// The same without gzip, to be read here.
    pub fn plain(line: &Line<'_>, token: &str, body: Option<&Value>) -> Self {
        Self::with(line, token, &[], body)
    }

    fn with(Line(method, path): &Line<'_>, token: &str, headers: &[&str], body: Option<&Value>) -> Self {
        let mut counted = Marks::default();
        let path = counted.parts_of(path);
        let body = counted.parts_of(&body.map_or_else(String::new, Value::to_string));
        let mut head = " HTTP/1.1\r\nHost: 127.0.0.1\r\n".to_owned();
        if !token.is_empty() {
            head += &format!("Authorization: Bearer {token}\r\n");
        }
        headers.iter().for_each(|header| head += &format!("{header}\r\n"));
        if !body.is_empty() {
            let length: usize = body.iter().map(Part::length).sum();
            head += &format!("Content-Type: application/json\r\nContent-Length: {length}\r\n");
        }
        head += "\r\n";
        let parts =
            [vec![Part::Bytes(format!("{method} ").into_bytes())], path, vec![Part::Bytes(head.into_bytes())], body];
        let parts = parts.concat();
        Self { parts, uniques: counted.uniques, sequences: counted.sequences }
    }

    /// Writes the request with a number that no other has, and the number of commands that its device sent before.
    pub fn write(&self, number: u64, sent: &mut u64, into: &mut Vec<u8>) {
        into.clear();
        let mut now = None;
        for part in &self.parts {
            match part {
                Part::Bytes(bytes) => into.extend_from_slice(bytes),
                Part::Unique(place) => {
                    write_hex(nonce() << 32 | (number * self.uniques.max(1) + place), into);
                }
                Part::Now => into.extend_from_slice(now.get_or_insert_with(present).as_bytes()),
                Part::Digit => into.push(b'1' + u8::try_from(number % 9).unwrap_or_default()),
                Part::Sequence(place) => into.extend_from_slice(format!("{:>8}", *sent + place + 1).as_bytes()),
            }
        }
        *sent += self.sequences;
    }
}

impl Part {
    fn length(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Unique(_) => UNIQUE.len(),
            Self::Now => present().len(),
            Self::Digit => 1,
            // JSON allows blanks before a number.
            Self::Sequence(_) => 8,
        }
    }
}

#[derive(Default)]
struct Marks {
    uniques: u64,
    sequences: u64,
}

impl Marks {
    fn parts_of(&mut self, text: &str) -> Vec<Part> {
        let (mut parts, mut rest) = (Vec::new(), text);
        let marks = [UNIQUE, NOW, DIGIT, SEQUENCE];
        while let Some((at, mark)) =
            marks.iter().filter_map(|mark| Some((rest.find(mark)?, *mark))).min_by_key(|(at, _)| *at)
        {
            parts.push(Part::Bytes(rest.as_bytes()[..at].to_vec()));
            parts.push(match mark {
                UNIQUE => {
                    self.uniques += 1;
                    Part::Unique(self.uniques - 1)
                }
                NOW => Part::Now,
                DIGIT => Part::Digit,
                _ => {
                    self.sequences += 1;
                    Part::Sequence(self.sequences - 1)
                }
            });
            rest = &rest[at + mark.len()..];
        }
        if !rest.is_empty() {
            parts.push(Part::Bytes(rest.as_bytes().to_vec()));
        }
        parts
    }
}

/// A number that differs between runs.
fn nonce() -> u64 {
    static NONCE: OnceLock<u64> = OnceLock::new();
    *NONCE.get_or_init(|| u64::from(Utc::now().timestamp_subsec_micros() % (1 << 16)))
}

fn present() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn write_hex(number: u64, into: &mut Vec<u8>) {
    into.extend((0..UNIQUE.len()).rev().map(|digit| b"0123456789abcdef"[(number >> (4 * digit) & 15) as usize]));
}
