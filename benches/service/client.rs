//! HTTP/1.1 on one kept connection, with as little work as an answer allows: it finds the end of the answer and its status.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection that is kept.
pub struct Client {
    stream: TcpStream,
    answer: Vec<u8>,
}

/// The place of an answer's parts in the bytes received.
#[derive(Clone, Copy, Debug)]
struct Parts {
    status: u16,
    body: usize,
    end: usize,
    is_chunked: bool,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, answer: Vec::with_capacity(1 << 16) }
    }

    /// Sends a request; returns the status of its answer, and the bytes of it on the wire.
    pub async fn send(&mut self, request: &[u8]) -> (u16, usize) {
        let parts = self.exchange(request).await;
        (parts.status, parts.end)
    }

    /// Sends a request that must succeed, and returns its answer.
    pub async fn call(&mut self, request: &[u8]) -> Value {
        let Parts { status, body, end, is_chunked } = self.exchange(request).await;
        let body = &self.answer[body..end];
        let body = if is_chunked { unchunked(body) } else { body.to_vec() };
        let text = String::from_utf8_lossy(&body);
        let asked = String::from_utf8_lossy(&request[..request.len().min(200)]).into_owned();
        assert!((200..300).contains(&status), "{status} {text}\nto {asked}");
        serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{error}: {text}\nto {asked}"))
    }

    async fn exchange(&mut self, request: &[u8]) -> Parts {
        self.stream.write_all(request).await.unwrap();
        self.answer.clear();
        let mut reading = Reading::default();
        loop {
            assert!(self.stream.read_buf(&mut self.answer).await.unwrap() > 0, "the server closed the connection");
            if let Some(parts) = reading.end_of(&self.answer) {
                return parts;
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
    (Parts { status, body: head.len(), end: 0, is_chunked }, (!is_chunked).then_some(length))
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
