//! `muster explain`: checks an explanation without the service.

use std::error::Error;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use check::Keys;

use crate::exit::{ExplanationWrong, FileFailure};

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
    let text = if options.check == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        text
    } else {
        read(&options.check)?
    };
    let keys = options.keys.as_deref().map(|path| Ok::<_, Box<dyn Error>>(Keys::read(&read(path)?)?)).transpose()?;
    let report =
        check::check(&text, keys.as_ref()).map_err(|error| format!("the explanation is not taken: {error}"))?;
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&report.shown())?)?;
    if report.is_fine() { Ok(()) } else { Err(ExplanationWrong::of(&report).into()) }
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    Ok(fs::read_to_string(path).map_err(FileFailure::reading(path))?)
}
