//! QR codes as images.

use qrcode::QrCode;
use qrcode::render::svg;

use base::error::Error;

/// The QR code of a URI, as an SVG image.
///
/// # Errors
/// `Internal` for a URI that is too long for one.
pub fn svg_of(uri: &str) -> Result<String, Error> {
    let code = QrCode::new(uri).map_err(|error| Error::internal("a QR code cannot be drawn", error))?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}
