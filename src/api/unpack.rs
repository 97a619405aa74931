//! Packed bodies. What a body unpacks to is bounded while it is unpacked: a few bytes can stand for gigabytes.

use std::io::Read;

use actix_web::HttpRequest;
use actix_web::http::header::{self, ContentEncoding};
use flate2::read::{MultiGzDecoder, ZlibDecoder};

use crate::api::error::ApiError;
use base::error::{Error, Fault};
use text::messages::message;

/// The most memory in which a body packed with zstd may refer back, as a power of two: 8 MiB.
const ZSTD_WINDOW: u32 = 23;

/// The bytes unpacked at once.
const STEP: usize = 64 * 1024;

/// The coding of a request's body; `None` for one that is not known here.
pub(super) fn coding_of(request: &HttpRequest) -> Option<ContentEncoding> {
    let Some(value) = request.headers().get(header::CONTENT_ENCODING) else { return Some(ContentEncoding::Identity) };
    value.to_str().ok()?.parse().ok()
}

/// Unpacks a body, and no further than a limit; `grow` is told of each size before it is reached.
///
/// # Errors
/// `TooLarge` beyond the limit; `Malformed` for what is not of the coding; the error of `grow`.
pub(super) fn unpack(
    coding: ContentEncoding,
    packed: Vec<u8>,
    limit: usize,
    grow: impl FnMut(usize) -> Result<(), Error>,
) -> Result<Vec<u8>, ApiError> {
    match coding {
        ContentEncoding::Gzip => read(MultiGzDecoder::new(&*packed), limit, grow),
        ContentEncoding::Deflate => read(ZlibDecoder::new(&*packed), limit, grow),
        ContentEncoding::Brotli => read(brotli::Decompressor::new(&*packed, 4096), limit, grow),
        ContentEncoding::Zstd => {
            let decoder = zstd::stream::read::Decoder::with_buffer(&*packed).and_then(|mut decoder| {
                decoder.window_log_max(ZSTD_WINDOW)?;
                Ok(decoder)
            });
            read(decoder.map_err(|_| unreadable())?, limit, grow)
        }
        _ => Ok(packed),
    }
}

fn read(
    mut source: impl Read,
    limit: usize,
    mut grow: impl FnMut(usize) -> Result<(), Error>,
) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len();
        grow(limit.min(before.saturating_add(STEP)))?;
        source.by_ref().take(STEP as u64).read_to_end(&mut bytes).map_err(|_| unreadable())?;
        if bytes.len() > limit {
            return Err(ApiError::TooLarge(limit));
        }
        if bytes.len() == before {
            return Ok(bytes);
        }
    }
}

/// The failure of a body that was cut off, or is not of its coding.
pub(super) fn unreadable() -> ApiError {
    ApiError::Malformed(vec![Fault::new("", "unreadable", message!("body-unreadable"))])
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_bomb_is_unpacked_no_further_than_its_limit() {
        let bytes = vec![b'x'; 8 << 20];
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&bytes).unwrap();
        let mut brotli = Vec::new();
        brotli::CompressorWriter::new(&mut brotli, 4096, 5, 20).write_all(&bytes).unwrap();
        let packed = [
            (ContentEncoding::Gzip, gzip.finish().unwrap()),
            (ContentEncoding::Brotli, brotli),
            (ContentEncoding::Zstd, zstd::stream::encode_all(&*bytes, 19).unwrap()),
        ];
        for (coding, packed) in packed {
            assert!(packed.len() < 20_000, "{coding:?}");
            assert!(
                matches!(unpack(coding, packed.clone(), 1 << 20, |_| Ok(())), Err(ApiError::TooLarge(_))),
                "{coding:?}"
            );
            assert_eq!(unpack(coding, packed.clone(), 8 << 20, |_| Ok(())).unwrap(), bytes, "{coding:?}");
            let mut room = 0;
            let grow = |size| {
                room = size;
                if size > 3 << 20 { Err(Error::Busy("no room")) } else { Ok(()) }
            };
            let refused = unpack(coding, packed.clone(), 8 << 20, grow);
            assert!(matches!(refused, Err(ApiError::Service(Error::Busy(_)))), "{coding:?}");
            assert!(room <= (3 << 20) + STEP, "{coding:?}");
            let cut = packed.get(..packed.len() / 2).unwrap().to_vec();
            assert!(matches!(unpack(coding, cut, 8 << 20, |_| Ok(())), Err(ApiError::Malformed(_))), "{coding:?}");
        }
    }
}
