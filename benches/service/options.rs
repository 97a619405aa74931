//! The options of the benchmark.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::database::Kind;
use crate::server::{Counts, Data};

/// The databases to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Databases {
    Sqlite,
    Postgres,
    Both,
}

/// Measures the service as its clients use it, and the floors beside it.
#[derive(Clone, Debug, Parser)]
pub struct Options {
    /// The databases; PostgreSQL runs as a throwaway server of its own, made of the installed programs.
    #[arg(long, value_enum, default_value_t = Databases::Sqlite)]
    database: Databases,
    /// The numbers of banners, each with 54 organizations.
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "1,10,100")]
    banners: Vec<u32>,
    /// The counts of each organization.
    #[arg(long, value_name = "M", default_value_t = 10)]
    counts: u32,
    /// Also three organizations of one banner with so many counts each.
    #[arg(long, value_name = "M,M", value_delimiter = ',')]
    history: Vec<u32>,
    /// Also the nation: 2,850 banners with a count for each depot.
    #[arg(long)]
    nation: bool,
    /// Instead of all else, a deadline hour: many phones that submit at once, reports at 70 % of the highest rate of writes, and
    /// a morning's sign-ins. Fails if a count is lost or doubled, or if an answer is not one that a phone can wait out.
    #[arg(long)]
    pub deadline: bool,
    /// The phones of the deadline hour.
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    phones: usize,
    /// The seconds in which the phones come; a tenth of them come in the last hundredth of it.
    #[arg(long, value_name = "SECONDS", default_value_t = 120.0)]
    window: f64,
    /// The numbers of clients.
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "1,8,64")]
    pub clients: Vec<usize>,
    /// The seconds of each measurement.
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0)]
    seconds: f64,
    /// A small run of less than a minute, which shows that everything works: one banner with two counts an organization.
    #[arg(long)]
    quick: bool,
    /// Only the measurements whose name contains one of these words.
    #[arg(long, value_name = "WORD,WORD", value_delimiter = ',')]
    only: Vec<String>,
    /// The folder for the data, on the disk to be measured; by default the system's for temporary files.
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Also writes all figures to a file.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The organizations with many counts.
const HISTORY_OF: [&str; 3] = ["T3", "HC-01", "ME-01"];

/// The banners of the nation.
const NATION: u32 = 2_850;

impl Options {
    pub fn databases(&self) -> Vec<Kind> {
        match self.database {
            Databases::Sqlite => vec![Kind::Sqlite],
            Databases::Postgres => vec![Kind::Postgres],
            Databases::Both => vec![Kind::Sqlite, Kind::Postgres],
        }
    }

    /// The data to measure with, smaller first.
    pub fn sizes(&self) -> Vec<Data> {
        let all = |banners: u32, counts: u32| Data { banners, counts: Counts::OfOrganization(counts), only: &[] };
        if self.quick {
            return vec![all(1, 2)];
        }
        let banners = self.banners.iter().map(|banners| all(*banners, self.counts));
        // The same three organizations without a history, to compare with.
        let history = (!self.history.is_empty()).then_some(&self.counts).into_iter().chain(&self.history);
        let history = history.map(|counts| Data { only: &HISTORY_OF, ..all(1, *counts) });
        let nation = self.nation.then_some(Data { counts: Counts::OfDepot(1), ..all(NATION, 0) });
        banners.chain(history).chain(nation).collect()
    }

    pub fn time(&self) -> Duration {
        Duration::from_secs_f64(if self.quick { self.seconds.min(0.4) } else { self.seconds })
    }

    /// The phones of the deadline hour.
    pub fn phones(&self) -> usize {
        if self.quick { self.phones.min(100) } else { self.phones }
    }

    /// The time in which they come.
    pub fn window(&self) -> Duration {
        Duration::from_secs_f64(if self.quick { self.window.min(5.0) } else { self.window })
    }

    /// The people who sign in on a morning.
    pub fn sign_ins(&self) -> usize {
        if self.quick { 50 } else { 500 }
    }

    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| name.contains(word.as_str()))
    }
}
