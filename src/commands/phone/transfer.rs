//! `muster phone save-unsent` and `take-in`: the file of what is only on one phone.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;

use client::Phone;
use client::transfer::LARGEST_FILE;

use crate::commands::input::read_input_at_most;
use crate::commands::numbered;
use crate::commands::output_files::write_files;

/// The options of saving.
#[derive(clap::Args)]
pub struct Save {
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Replaces the file if there is one.
    #[arg(long)]
    overwrite: bool,
}

/// The file to take in.
#[derive(clap::Args)]
pub struct TakeIn {
    /// The file; - reads standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Saves what is only on this phone.
pub fn save(phone: &mut Phone, options: &Save) -> Result<(), Box<dyn Error>> {
    let file = phone.unsent_file()?;
    write_files(&[(options.to.clone(), file.text.into_bytes())], options.overwrite)?;
    let (counts, to) = (numbered(file.counts, "unsent count"), options.to.display());
    writeln!(io::stdout(), "Saved {counts} to {to}. What is saved also stays on this phone.")?;
    if file.left_out > 0 {
        let more = numbered(file.left_out, "unsent count");
        return Err(format!("the file had no room for {more}: send them with muster phone sync").into());
    }
    Ok(())
}

/// Takes in a file.
pub fn take_in(phone: &mut Phone, options: &TakeIn) -> Result<(), Box<dyn Error>> {
    let file = read_input_at_most(&options.file, LARGEST_FILE)?;
    let taken_in = phone.take_in(&file)?;
    let waiting = phone.waiting()?.len();
    let (taken, known) = (taken_in.taken, taken_in.known);
    writeln!(io::stdout(), "Taken in: {taken}. Known before: {known}. Waiting: {waiting}. Next: muster phone sync")?;
    if let [first, ..] = taken_in.refused.as_slice() {
        let number = numbered(taken_in.refused.len(), "count");
        return Err(format!(
            "not taken in: {number} whose id already belongs to other content on this phone, such as {first}"
        )
        .into());
    }
    Ok(())
}
