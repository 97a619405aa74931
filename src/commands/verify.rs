//! `muster verify`: checks receipts and chains, without the service.

use std::error::Error;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use auth::receipts::ReceiptChecks;
use clap::Subcommand;
use db::Db;
use db::url::DatabaseUrl;
use domain::record::v1;
use service::verify::{Standing, standing, verify_all};

use crate::exit::KeysMissing;

/// The options of a check.
#[derive(clap::Args)]
pub struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Checks one receipt against a key set, offline, and prints its content.
    Receipt {
        /// The file that holds the receipt; - reads standard input.
        file: PathBuf,
        /// The key set of the service that issued it, as served at /.well-known/jwks.json.
        #[arg(long, value_name = "FILE")]
        keys: PathBuf,
        /// A database, sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME, in whose chain to look for the receipt's
        /// subject. It is only read.
        #[arg(long, value_name = "URL")]
        database: Option<DatabaseUrl>,
    },
    /// Checks the chains of all organizations in a database, and lists every link and every stored count that differs
    /// from what was accepted.
    Chain {
        /// The database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. It is only read.
        #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
        database: DatabaseUrl,
        /// The key set of the service that wrote it, as served at /.well-known/jwks.json.
        #[arg(long, value_name = "FILE")]
        keys: PathBuf,
    },
}

/// Prints the findings, and fails if there are any.
pub async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    match options.what {
        What::Receipt { file, keys, database } => verify_receipt(&file, &keys, database.as_ref()).await,
        What::Chain { database, keys } => verify_chain(&database, &keys).await,
    }
}

async fn verify_receipt(file: &Path, keys: &Path, database: Option<&DatabaseUrl>) -> Result<(), Box<dyn Error>> {
    let text = if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        text
    } else {
        read(file)?
    };
    let receipt =
        key_set(keys)?.check(text.trim()).map_err(|refusal| format!("the receipt is not taken: {refusal}"))?;
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&v1::Receipt::from(&receipt))?)?;
    let Some(database) = database else { return Ok(()) };
    let db = open(database)?;
    let standing = db.read(move |snapshot| standing(snapshot.connection, &receipt)).await?;
    db.close().await?;
    if standing == Standing::OtherContent {
        return Err(standing.to_string().into());
    }
    writeln!(io::stdout(), "{standing}")?;
    Ok(())
}

async fn verify_chain(database: &DatabaseUrl, keys: &Path) -> Result<(), Box<dyn Error>> {
    let checks = key_set(keys)?;
    let db = open(database)?;
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
        let (links, found) = (verified.links, verified.findings.len());
        let unchecked = if missing.links > 0 { format!("; {missing}") } else { String::new() };
        return Err(format!("{found} of what {links} links accepted is not as it was{unchecked}").into());
    }
    if missing.links > 0 {
        return Err(missing.into());
    }
    let (links, organizations) = (verified.links, verified.organizations);
    writeln!(out, "All {links} links of {organizations} organizations are as they were accepted.")?;
    Ok(())
}

fn open(database: &DatabaseUrl) -> Result<Db, Box<dyn Error>> {
    if let DatabaseUrl::Sqlite(path) = database
        && !path.exists()
    {
        return Err(format!("there is no database {}", path.display()).into());
    }
    Ok(Db::open(database)?)
}

fn key_set(path: &Path) -> Result<ReceiptChecks, Box<dyn Error>> {
    Ok(ReceiptChecks::of_key_set(&read(path)?)?)
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    Ok(fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?)
}
