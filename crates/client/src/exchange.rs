//! One request and its answer: compressed, sent, decompressed, and judged by the table of [`retry`].

use std::io::{Read as _, Write as _};
use std::time::Duration;

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::de::DeserializeOwned;

use super::codes;
use super::error::PhoneError;
use super::retry::{self, Verdict};
use super::transport::{Request, Response, Transport};
use super::wire::Problem;

/// The maximum size of a decompressed answer in bytes.
const LARGEST_ANSWER: u64 = 64 * 1024 * 1024;

/// The reason why a round stops.
pub enum Halt {
    /// The phone's own file failed.
    Broken(PhoneError),
    /// The service did not do what was asked.
    Unheard(Failure),
}

impl From<PhoneError> for Halt {
    fn from(error: PhoneError) -> Self {
        Self::Broken(error)
    }
}

impl From<diesel::result::Error> for Halt {
    fn from(error: diesel::result::Error) -> Self {
        Self::Broken(error.into())
    }
}

/// A failed exchange: no answer, or one that reports a problem.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The next step.
    pub verdict: Verdict,
    /// The problem.
    pub problem: Box<Problem>,
    /// The wait that the service asked for.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure found by the phone, after which the same request is sent again.
    pub fn again(code: &str, detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::Again, problem: Box::new(Problem::own(code, detail)), retry_after: None }
    }
}

/// A successful answer, with the time of the service's clock.
pub struct ServiceAnswer {
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// The service's clock, to the second.
    pub date: Option<DateTime<Utc>>,
}

impl ServiceAnswer {
    /// Parses the body.
    ///
    /// # Errors
    /// If it is anything else: the answer is not from Muster, and the same request is sent again later.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Failure::again(codes::NOT_MUSTER, format!("the answer is not one of Muster's: {error}")))
    }
}

/// Sends a request and judges the answer.
///
/// # Errors
/// The next step, if the answer is not a success.
pub fn exchange(transport: &mut dyn Transport, request: &Request) -> Result<ServiceAnswer, Failure> {
    let response = transport.send(request).map_err(|error| Failure::again(codes::UNREACHABLE, error.to_string()))?;
    let date = response.header("date").and_then(http_date);
    let retry_after = response.header("retry-after").and_then(|text| wait_asked(text, date));
    let status = response.status;
    let body = unpack(response)?;
    if (200..300).contains(&status) {
        return Ok(ServiceAnswer { body, date });
    }
    let problem = serde_json::from_slice::<Problem>(&body).ok().filter(|problem| !problem.code.is_empty());
    // A proxy or a captive portal answers in its own format.
    let problem = problem.map(|problem| Problem { status, ..problem }).unwrap_or_else(|| Problem {
        status,
        code: codes::NOT_MUSTER.to_owned(),
        detail: format!("HTTP status {status} from {}", request.server),
        ..Problem::default()
    });
    Err(Failure { verdict: retry::verdict(status, &problem.code), problem: Box::new(problem), retry_after })
}

/// Compresses a body with gzip.
///
/// # Errors
/// None in practice: compression in memory does not fail.
pub fn pack(body: &[u8]) -> Result<Vec<u8>, PhoneError> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(body).and_then(|()| packer.finish()).map_err(|error| PhoneError::Storage(error.to_string()))
}

fn unpack(response: Response) -> Result<Vec<u8>, Failure> {
    if !response.header("content-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("gzip")) {
        return Ok(response.body);
    }
    let mut unpacked = Vec::new();
    let read = GzDecoder::new(response.body.as_slice()).take(LARGEST_ANSWER + 1).read_to_end(&mut unpacked);
    match read {
        Ok(length) if u64::try_from(length).is_ok_and(|length| length <= LARGEST_ANSWER) => Ok(unpacked),
        _ => Err(Failure::again(codes::NOT_MUSTER, "the answer came damaged")),
    }
}

/// Reads seconds, or an instant by the service's own clock, because the phone's may be wrong by a year.
fn wait_asked(text: &str, date: Option<DateTime<Utc>>) -> Option<Duration> {
    match text.trim().parse::<u64>() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => (http_date(text)? - date?).to_std().ok(),
    }
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text).ok().map(|date| date.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Failure {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let response = Response { status, headers, body: body.to_vec() };
        let mut transport = move |_: &Request| Ok(response.clone());
        let request =
            Request { method: "GET", server: "http://s".into(), path: "/".into(), headers: vec![], body: vec![] };
        exchange(&mut transport, &request).err().unwrap()
    }

    #[test]
    fn what_is_asked_for_as_an_instant_is_measured_by_the_clock_of_the_service() {
        let headers = [("Date", "Mon, 23 Nov 2026 02:10:00 GMT"), ("Retry-After", "Mon, 23 Nov 2026 02:12:00 GMT")];
        assert_eq!(failure(503, &headers, b"").retry_after, Some(Duration::from_secs(120)));
        assert_eq!(failure(503, &headers[1..], b"").retry_after, None);
        assert_eq!(failure(429, &[("retry-after", "7")], b"").retry_after, Some(Duration::from_secs(7)));
    }

    #[test]
    fn a_portal_between_is_no_service() {
        let failure = failure(511, &[], b"<html>sign in to this network</html>");
        assert_eq!((failure.verdict, failure.problem.code.as_str()), (Verdict::Again, codes::NOT_MUSTER));
    }

    #[test]
    fn what_was_packed_is_read_and_what_is_damaged_is_tried_again() {
        let problem = pack(br#"{"status":503,"code":"busy"}"#).unwrap();
        let gzip = [("Content-Encoding", "gzip")];
        assert_eq!(failure(503, &gzip, &problem).problem.code, "busy");
        assert_eq!(failure(503, &gzip, &problem[..problem.len() / 2]).problem.code, codes::NOT_MUSTER);
    }
}
