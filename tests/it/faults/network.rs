//! The network between phones and servers: its faults, requests and answers.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::schedule::Choices;

/// A request as it goes over the wire.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

/// An answer as it comes over the wire.
#[derive(Clone, Debug)]
pub struct Got {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

/// A fault of the network, drawn for each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// None: request and answer arrive.
    None,
    /// The request is lost.
    RequestLost,
    /// The request is carried out, and its answer is lost.
    AnswerLost,
    /// The request arrives twice in succession; the phone gets the second answer.
    Twice,
    /// The request arrives twice at the same time.
    TwiceAtOnce,
    /// The request arrives cut off; the phone gets no answer.
    RequestCut,
    /// The answer arrives cut off, as if it were complete.
    AnswerCut,
    /// A gateway answers that the service is unavailable.
    Unavailable,
    /// The request is held back and arrives after the phone has given up.
    Late,
}

impl Fault {
    /// Draws the fault of the next request; 15 of 39 requests have one.
    pub fn draw(choices: &mut Choices) -> Self {
        choices.weighed(&[
            (24, Self::None),
            (2, Self::RequestLost),
            (4, Self::AnswerLost),
            (2, Self::Twice),
            (2, Self::TwiceAtOnce),
            (1, Self::RequestCut),
            (1, Self::AnswerCut),
            (1, Self::Unavailable),
            (2, Self::Late),
        ])
    }
}

impl Sent {
    /// A request with a JSON body.
    pub fn json(method: &str, path: &str, token: &str, body: Option<&Value>) -> Self {
        let mut headers = vec![("authorization".to_owned(), format!("Bearer {token}"))];
        if body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let body = body.map_or_else(Vec::new, |body| serde_json::to_vec(body).unwrap());
        Self { method: method.to_owned(), path: path.to_owned(), headers, body }
    }

    /// One of its headers.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The same request with its body cut off in the middle.
    pub fn cut(&self) -> Self {
        Self { body: half(&self.body), ..self.clone() }
    }

    /// True for a push.
    pub fn is_push(&self) -> bool {
        self.method == "POST" && self.path.split('?').next().is_some_and(|path| path.ends_with("/sync"))
    }

    /// The body as JSON, whether it is packed or not; null where it is none.
    pub fn value(&self) -> Value {
        let plain = if self.is_packed() { unpacked(&self.body) } else { self.body.clone() };
        serde_json::from_slice(&plain).unwrap_or(Value::Null)
    }

    /// The same with another JSON body, packed if it was.
    pub fn with(&self, value: &Value) -> Self {
        let plain = serde_json::to_vec(value).unwrap();
        let body = if self.is_packed() { packed(&plain) } else { plain };
        Self { body, ..self.clone() }
    }

    fn is_packed(&self) -> bool {
        self.header("content-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("gzip"))
    }
}

impl Got {
    /// The answer of a gateway whose service is unavailable.
    pub fn unavailable() -> Self {
        let problem = json!({"type": "about:blank", "title": "Service Unavailable", "status": 503});
        Self {
            status: 503,
            headers: vec![
                ("retry-after".to_owned(), "1".to_owned()),
                ("content-type".to_owned(), "application/problem+json".to_owned()),
            ],
            body: serde_json::to_vec(&problem).unwrap(),
        }
    }

    /// One of its headers.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The same answer with its body cut off in the middle.
    pub fn cut(&self) -> Self {
        Self { body: half(&self.body), ..self.clone() }
    }

    /// The body as JSON; null where it is none.
    pub fn value(&self) -> Value {
        let is_packed = self.header("content-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("gzip"));
        let plain = if is_packed { unpacked(&self.body) } else { self.body.clone() };
        serde_json::from_slice(&plain).unwrap_or(Value::Null)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn half(body: &[u8]) -> Vec<u8> {
    body[..body.len() / 2].to_vec()
}

fn packed(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn unpacked(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    // A cut-off stream gives what it still contains.
    let _ = GzDecoder::new(body).read_to_end(&mut plain);
    plain
}
