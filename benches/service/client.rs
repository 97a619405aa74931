//! HTTP/1.1 on one kept connection, with as little work as an answer allows: it finds the end of the answer and its status.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// A connection that is kept.
pub struct Client {
    stream: TcpStream,
    answer: Vec<u8>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    /// The wait that the service asks for.
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The code of its problem; empty if it has none.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// The place of an answer's parts in the bytes received.
#[derive(Clone, Copy, Debug)]
struct Parts {
    status: u16,
    body: usize,
    end: usize,
    is_chunked: bool,
    retry_after: Option<Duration>,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        Self::connect_from(Ipv4Addr::LOCALHOST, address).await.unwrap()
    }

    /// Connects from another of this machine's own addresses, all of 127.0.0.0/8.
    pub async fn connect_from(source: Ipv4Addr, address: SocketAddr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((source, 0).into())?;
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::new() })
    }

    /// Sends a request; returns the status of its answer, and the bytes of it on the wire.
    pub async fn send(&mut self, request: &[u8]) -> (u16, usize) {
        let parts = self.exchange(request).await.unwrap();
        (parts.status, parts.end)
    }

    /// Sends a request; returns its answer whatever that is, or the reason why there is none.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        let parts = self.exchange(request).await?;
        Ok(Answer { status: parts.status, retry_after: parts.retry_after, body: self.body(parts) })
    }

    /// Sends bytes and reads nothing.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Sends a request that must succeed, and returns its answer.
    pub async fn call(&mut self, request: &[u8]) -> Value {
        let parts = self.exchange(request).await.unwrap();
        let (status, body) = (parts.status, self.body(parts));
        let text = String::from_utf8_lossy(&body);
        let asked = String::from_utf8_lossy(&request[..request.len().min(200)]).into_owned();
        assert!((200..300).contains(&status), "{status} {text}\nto {asked}");
        serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{error}: {text}\nto {asked}"))
    }

    fn body(&self, Parts { body, end, is_chunked, .. }: Parts) -> Vec<u8> {
        let body = &self.answer[body..end];
        if is_chunked { unchunked(body) } else { body.to_vec() }
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<Parts> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        let mut reading = Reading::default();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection"));
            }
            if let Some(parts) = reading.end_of(&self.answer) {
                return Ok(parts);
            }
        }
    }
}

/// An answer that is being received.
#[derive(Default)]
struct Reading {
    head: Option<(Parts, Option<usize>)>,
    /// The beginning of the next chunk.
    at: usize,
}

impl Reading {
    /// The parts, if all of the answer is there.
    fn end_of(&mut self, bytes: &[u8]) -> Option<Parts> {
        if self.head.is_none() {
            let body = find(bytes, b"\r\n\r\n")? + 4;
            self.head = Some(head_of(&bytes[..body]));
            self.at = body;
        }
        let (parts, length) = self.head.unwrap();
        if let Some(length) = length {
            let end = parts.body + length;
            return (bytes.len() >= end).then_some(Parts { end, ..parts });
        }
        while let Some((start, size)) = chunk_at(bytes, self.at) {
            let next = start + size + 2;
            if bytes.len() < next {
                return None;
            }
            if size == 0 {
                return Some(Parts { end: next, ..parts });
            }
            self.at = next;
        }
        None
    }
}

/// The parts that a head tells, and the length of the body; `None` for one in chunks.
fn head_of(head: &[u8]) -> (Parts, Option<usize>) {
    let text = std::str::from_utf8(head).unwrap();
    let status = text.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("no answer: {text}"));
    let value = |name: &str| {
        text.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let is_chunked = value("transfer-encoding").is_some();
    let length = value("content-length").map_or(0, |length| length.parse().unwrap());
    let retry_after = value("retry-after").and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    (Parts { status, body: head.len(), end: 0, is_chunked, retry_after }, (!is_chunked).then_some(length))
}

/// The beginning and the size of the chunk whose size stands at a place.
fn chunk_at(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(at..)?;
    let line = find(rest, b"\r\n")?;
    let size = std::str::from_utf8(&rest[..line]).unwrap();
    Some((at + line + 2, usize::from_str_radix(size.split(';').next().unwrap().trim(), 16).unwrap()))
}

fn unchunked(bytes: &[u8]) -> Vec<u8> {
    let (mut body, mut at) = (Vec::new(), 0);
    while let Some((start, size)) = chunk_at(bytes, at) {
        body.extend_from_slice(&bytes[start..start + size]);
        at = start + size + 2;
    }
    body
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
