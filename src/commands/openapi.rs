//! `muster openapi`: prints the OpenAPI document.

use std::error::Error;
use std::io::Write as _;

use muster::api::app;
use muster::api::document::Profile;

/// The copy to print.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Options {
    /// Only the operations that third-party programs may call, each in one media type.
    #[arg(long)]
    programs: bool,
    /// OpenAPI 3.0, for generators that cannot read 3.1.
    #[arg(long = "as-3.0")]
    as_3_0: bool,
}

/// Prints the document as JSON.
pub fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let profile = match (options.programs, options.as_3_0) {
        (false, false) => Profile::Everything,
        (false, true) => Profile::EverythingAs30,
        (true, false) => Profile::Programs,
        (true, true) => Profile::ProgramsAs30,
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(app::document(profile))?)?;
    Ok(())
}
