//! `muster verify`: checks receipts and chains, without the service.

use std::error::Error;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use auth::receipts::ReceiptChecks;
use db::url::DatabaseUrl;
use domain::record::v1;
use service::verify::{ReceiptMatch, match_receipt, verify_all};

use crate::exit::{FileFailure, KeysMissing};

/// The options of the check of a receipt.
#[derive(clap::Args)]
pub struct ReceiptOptions {
    /// The file that holds the receipt; - reads standard input.
    file: PathBuf,
    /// The key set of the service that issued it, as served at /.well-known/jwks.json.
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// A database, sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME, in whose chain to look for the receipt's subject.
    /// It is only read. Without this option the check is offline, whatever the environment or the settings file names.
    #[arg(long, alias = "database", value_name = "URL")]
    database_url: Option<DatabaseUrl>,
}

/// The options of the check of chains.
#[derive(clap::Args)]
pub struct ChainOptions {
    /// The key set of the service that wrote it, as served at /.well-known/jwks.json.
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
}

/// Checks a receipt, prints what it says, and fails if it is not genuine or the database holds something else.
pub async fn verify_receipt(options: ReceiptOptions) -> Result<(), Box<dyn Error>> {
    let ReceiptOptions { file, keys, database_url } = options;
    let text = if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        text
    } else {
        read(&file)?
    };
    let receipt =
        key_set(&keys)?.check(text.trim()).map_err(|refusal| format!("the receipt is not taken: {refusal}"))?;
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&v1::Receipt::from(&receipt))?)?;
    let Some(database) = database_url else { return Ok(()) };
    let db = super::open(&database)?;
    let matched = db.read(move |snapshot| match_receipt(snapshot.connection, &receipt)).await?;
    db.close().await?;
    if matched == ReceiptMatch::OtherContent {
        return Err(matched.to_string().into());
    }
    writeln!(io::stdout(), "{matched}")?;
    Ok(())
}

/// Checks all chains, prints the findings, and fails if there are any.
pub async fn verify_chain(database: DatabaseUrl, options: ChainOptions) -> Result<(), Box<dyn Error>> {
    let checks = key_set(&options.keys)?;
    let db = super::open(&database)?;
    let verified = db.read(move |snapshot| verify_all(snapshot.connection, &checks)).await?;
    db.close().await?;
    let mut out = io::stdout();
    for note in &verified.notes {
        writeln!(out, "Note: {note}")?;
    }
    for finding in &verified.findings {
        writeln!(out, "{finding}")?;
    }
    let missing = KeysMissing {
        links: verified.missing_keys.values().sum(),
        key_ids: verified.missing_keys.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
    };
    if !verified.findings.is_empty() {
        let (found, links) =
            (super::numbered(verified.findings.len(), "difference"), super::numbered(verified.links, "link"));
        let unchecked = if missing.links > 0 { format!("; {missing}") } else { String::new() };
        return Err(format!("{found} from what was accepted, in {links}{unchecked}").into());
    }
    if missing.links > 0 {
        return Err(missing.into());
    }
    let (links, organizations) =
        (super::numbered(verified.links, "link"), super::numbered(verified.organizations, "organization"));
    writeln!(out, "Verified {links} of {organizations}: all are as they were accepted.")?;
    Ok(())
}

fn key_set(path: &Path) -> Result<ReceiptChecks, Box<dyn Error>> {
    Ok(ReceiptChecks::of_key_set(&read(path)?)?)
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    Ok(fs::read_to_string(path).map_err(FileFailure::reading(path))?)
}
