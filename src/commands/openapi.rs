//! `muster openapi`: prints the OpenAPI document.

use std::error::Error;
use std::io::Write as _;

use muster::api::app;

/// Prints the document as JSON.
pub fn run() -> Result<(), Box<dyn Error>> {
    writeln!(std::io::stdout(), "{}", app::document().to_pretty_json()?)?;
    Ok(())
}
