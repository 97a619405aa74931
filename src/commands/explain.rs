//! `muster explain`: checks an explanation without the service.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use check::Keys;

use super::input::{read_at_most, read_input_at_most};
use crate::exit::{ExplanationWrong, FileFailure};

/// The largest explanation, in bytes.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// The largest key set, in bytes.
const MOST_BYTES_OF_KEYS: u64 = 1024 * 1024;

/// The options of the check of an explanation.
#[derive(clap::Args)]
pub struct Options {
    /// Checks the explanation in a file, as `GET /organizations/{organization}/shortages/{line}` answered it; - reads
    /// standard input. Needs no database, and uses none of the code that computes figures.
    #[arg(long, value_name = "FILE", required = true)]
    check: PathBuf,
    /// The key set of the service that answered, as served at /.well-known/jwks.json: the signatures of receipts are then
    /// checked too.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
}

/// Checks an explanation, prints the report as JSON, and fails if anything in it is wrong.
pub fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let text = text(read_input_at_most(&options.check, MOST_BYTES)?, &options.check)?;
    let read_keys = |path| Ok::<_, Box<dyn Error>>(Keys::read(&text_of_keys(path)?)?);
    let keys = options.keys.as_deref().map(read_keys).transpose()?;
    let report =
        check::check(&text, keys.as_ref()).map_err(|error| format!("the explanation cannot be read: {error}"))?;
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&report.shown())?)?;
    if report.is_fine() { Ok(()) } else { Err(ExplanationWrong::of(&report).into()) }
}

fn text_of_keys(path: &Path) -> Result<String, Box<dyn Error>> {
    text(read_at_most(path, MOST_BYTES_OF_KEYS)?, path)
}

/// The text of a file.
fn text(bytes: Vec<u8>, path: &Path) -> Result<String, Box<dyn Error>> {
    let as_io = |error| io::Error::new(io::ErrorKind::InvalidData, error);
    Ok(String::from_utf8(bytes).map_err(as_io).map_err(FileFailure::reading(path))?)
}
