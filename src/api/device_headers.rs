//! The device's data in headers, beside the content.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::api::error::ApiError;
use base::error::Fault;
use base::sent;
use domain::new_count::is_plausible;
use service::counts::DeviceSaid;
use text::messages::{Message, message};

/// The longest name of a device, in characters.
const NAME_LENGTH: usize = 100;

/// The largest sequence number: the largest integer that JSON numbers hold exactly.
const LAST_SEQ: i64 = 9_007_199_254_740_991;

/// `Muster-Device`, `Muster-Seq` and `Muster-Sent-At`, all of which may be missing.
#[derive(Debug)]
pub struct DeviceHeaders(pub DeviceSaid);

impl DeviceHeaders {
    fn read(request: &HttpRequest) -> Result<Self, ApiError> {
        let name = device_name(request)?;
        let seq = read(request, "Muster-Seq", message!("header-seq"), read_seq)?;
        if seq.is_some() && name.is_none() {
            return Err(malformed("Muster-Device", message!("header-seq-without-device")));
        }
        let sent_at = read(request, "Muster-Sent-At", message!("header-sent-at"), sent::read)?;
        if sent_at.is_some_and(|instant| !is_plausible(instant)) {
            return Err(malformed("Muster-Sent-At", message!("header-sent-at-range")));
        }
        Ok(Self(DeviceSaid { name: name.map(ToOwned::to_owned), seq, sent_at }))
    }
}

impl FromRequest for DeviceHeaders {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request))
    }
}

/// The name that a device gives itself in `Muster-Device`, which any request may contain.
///
/// # Errors
/// `Malformed` for a name that is too long, or is not text.
pub(super) fn device_name(request: &HttpRequest) -> Result<Option<&str>, ApiError> {
    let name = text(request, "Muster-Device")?;
    let is_name = |name: &str| (1..=NAME_LENGTH).contains(&name.chars().count()) && !name.contains(char::is_control);
    if name.is_some_and(|name| !is_name(name)) {
        return Err(malformed("Muster-Device", message!("header-device")));
    }
    Ok(name)
}

fn text<'a>(request: &'a HttpRequest, header: &str) -> Result<Option<&'a str>, ApiError> {
    request
        .headers()
        .get(header)
        .map(|value| {
            std::str::from_utf8(value.as_bytes())
                .map_err(|_| malformed(header, message!("header-not-utf8", header = header)))
        })
        .transpose()
}

fn read<T>(
    request: &HttpRequest,
    header: &str,
    mend: Message,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, ApiError> {
    text(request, header)?.map(|value| read(value.trim()).ok_or_else(|| malformed(header, mend))).transpose()
}

/// Reads a running number, written in digits.
fn read_seq(text: &str) -> Option<i64> {
    // As it would be written again: no sign, and no zeros before it.
    text.parse().ok().filter(|seq: &i64| (0..=LAST_SEQ).contains(seq) && seq.to_string() == text)
}

fn malformed(header: &str, mend: Message) -> ApiError {
    ApiError::Malformed(vec![Fault::new(format!("/{header}"), "wrong_header", mend)])
}
