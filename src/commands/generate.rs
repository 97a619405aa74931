//! `muster generate`: fills an empty database with many banners alike, for measuring.

use std::error::Error;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::Instant;

use base::clock::Clock;
use db::Db;
use db::limits::Limits;
use muster::demo::{self, Counts, Generated, Step};

use super::demo::password;
use super::keys;
use crate::config::WithKeys;

/// The options of the data.
#[derive(clap::Args)]
pub struct Options {
    /// The number of banners, each with 54 organizations. The first has the codes of the demo; those of the others begin with
    /// B2-, B3- and so on.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    banners: u32,
    /// The counts of each organization, over at most ten years.
    #[arg(long, value_name = "M", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    counts_per_organization: u32,
    /// The counts of each depot instead, over at most ten years: with 1, every depot has just been counted.
    #[arg(long, value_name = "M", conflicts_with = "counts_per_organization", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    counts_per_depot: Option<u32>,
    /// Only this organization has counts, by its code; may be repeated.
    #[arg(long = "only", value_name = "CODE")]
    only: Vec<String>,
    /// The password of all accounts: `admin`, `officer`, `viewer` and a quartermaster for each organization, with the
    /// beginning `b2-` and so on in other banners, and `all`, which sees every banner.
    #[arg(long, value_name = "PW", value_parser = password::check)]
    password: String,
}

/// Fills the database, and tells how far it is on standard error.
///
/// # Errors
/// If the database cannot be used, or is not empty.
pub async fn run(config: WithKeys, options: Options) -> Result<(), Box<dyn Error>> {
    let Options { banners, counts_per_organization, counts_per_depot, only, password } = options;
    super::require_up_to_date(&config.database)?;
    let db = Db::open_with(&config.database, Limits { slow: None, ..Limits::COMMAND }, None)?;
    let (_, receipts) = keys::load(&db, &config.data, false).await?;
    let started = Instant::now();
    let counts = counts_per_depot.map_or(Counts::OfOrganization(counts_per_organization), Counts::OfDepot);
    let size = Generated { banners, counts, only: only.into_iter().collect() };
    let mut counting = started;
    let tell = |step: Step| {
        let line = match step {
            Step::Banners(banner) => {
                counting = Instant::now();
                format!("{banner} of {banners} banners after {} s\n", started.elapsed().as_secs())
            }
            Step::Counts { counts, organizations, of } => {
                let rate = counts as f64 / counting.elapsed().as_secs_f64();
                let seconds = started.elapsed().as_secs();
                format!(
                    "{counts} counts of {organizations} of {of} organizations after {seconds} s, {rate:.0} a second\n"
                )
            }
        };
        // Progress that nobody reads is no failure.
        let _ = io::stderr().write_all(line.as_bytes());
    };
    let done = demo::generate(&db, &size, &password, Arc::new(receipts), Clock::System.now(), tell).await;
    db.close().await?;
    Ok(done?)
}
