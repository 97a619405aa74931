//! `muster phone count`.

use std::error::Error;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use base::quantity::Quantity;
use client::Phone;
use client::draft::CountDraft;

/// The count to store.
#[derive(clap::Args)]
pub struct Options {
    /// The code of the depot.
    #[arg(long, value_name = "CODE", required_unless_present = "file", conflicts_with = "file")]
    depot: Option<String>,
    /// An item's code and its quantity; repeat for each item.
    #[arg(long = "item", value_name = "CODE=QUANTITY", value_parser = line, conflicts_with = "file")]
    items: Vec<(String, Quantity)>,
    /// States that nothing else of the catalogue was there.
    #[arg(long, conflicts_with = "file")]
    full: bool,
    /// A remark.
    #[arg(long, value_name = "TEXT", conflicts_with = "file")]
    note: Option<String>,
    /// A file with the body of a count as for PUT /counts/{id}, for lots and everything else; - reads standard input.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

fn line(text: &str) -> Result<(String, Quantity), String> {
    let (code, quantity) = text.split_once('=').ok_or("write CODE=QUANTITY")?;
    let quantity = quantity.parse().map_err(|error| format!("{quantity} {error}"))?;
    Ok((code.to_owned(), quantity))
}

/// Stores a count.
pub fn store(phone: &mut Phone, options: Options) -> Result<(), Box<dyn Error>> {
    let body = match (&options.file, options.depot) {
        (Some(file), _) => read(file)?,
        (None, Some(depot)) => {
            if options.items.is_empty() && !options.full {
                return Err("give at least one --item CODE=QUANTITY, or --full if the depot was empty".into());
            }
            let draft = CountDraft { depot, is_full: options.full, lines: options.items, note: options.note };
            phone.draft_count(&draft)?
        }
        (None, None) => return Err("give --depot or --file".into()),
    };
    let queued = phone.submit_count(&body)?;
    let waiting = phone.waiting()?.len();
    let (id, seq) = (queued.id, queued.seq);
    writeln!(
        io::stdout(),
        "Stored as count {id}, number {seq} of this phone. Waiting: {waiting}. Next: muster phone sync"
    )?;
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    if file == Path::new("-") {
        let mut body = Vec::new();
        io::stdin().read_to_end(&mut body)?;
        return Ok(body);
    }
    Ok(std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?)
}
