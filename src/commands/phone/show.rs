//! `muster phone status`, `stock`, `shortages` and `receipts`: the data on the phone, without a network.

use crate::commands::printable;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;

use client::Phone;
use client::aged::Shortage;
use client::report::{Mirrored, SessionState};
use client::wire::Problem;
use domain::assessment::Status as LineStatus;
use domain::interval::Interval;
use serde_json::{Value, json};
use text::language::Language;
use text::messages::message;

/// The options of the status.
#[derive(clap::Args)]
pub struct Status {
    /// As one JSON object, for programs.
    #[arg(long)]
    json: bool,
}

/// The options of tables.
#[derive(clap::Args)]
pub struct Tables {
    /// The language of names: en or zh-CN.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = crate::commands::arguments::language)]
    language: Language,
}

/// The options of the table of shortages.
#[derive(clap::Args)]
pub struct Shortages {
    #[command(flatten)]
    tables: Tables,
    /// Lists requirements that are met, too.
    #[arg(long)]
    all: bool,
}

/// The options for writing receipts.
#[derive(clap::Args)]
pub struct Receipts {
    /// The folder to write to; it is created if there is none.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// Shows the status.
pub fn status(phone: &mut Phone, options: &Status) -> Result<(), Box<dyn Error>> {
    let status = phone.status()?;
    let (waiting, acknowledged, quarantined) = (phone.waiting()?, phone.acknowledged()?, phone.quarantined()?);
    let mut out = io::stdout();
    let session = match &status.session {
        SessionState::Nobody => "nobody signed in yet".to_owned(),
        SessionState::SignedIn => "signed in".to_owned(),
        SessionState::Ended { code } => format!("sign in again ({code})"),
    };
    let age = phone.copy_age()?;
    if options.json {
        let pulled_at = age.map(|age| age.pulled_at);
        let waiting = waiting.iter().map(|one| {
            json!({ "id": one.id, "seq": one.seq, "type": one.kind, "state": one.state, "attempts": one.attempts,
                    "created_at": one.created_at, "problem": one.problem })
        });
        let acknowledged = acknowledged.iter().map(|one| {
            json!({ "id": one.id, "seq": one.seq, "count_id": one.count_id, "acknowledged_at": one.acknowledged_at,
                    "to_repeat": one.is_to_repeat, "problem": one.problem })
        });
        let quarantined = quarantined.iter().map(|one| {
            json!({ "id": one.id, "seq": one.seq, "state": one.state, "problem": one.problem,
                    "decision": one.decision, "to_repeat": one.is_to_repeat })
        });
        let mirror: BTreeMap<&str, i64> = status.mirror.iter().map(|(kind, number)| (kind.as_str(), *number)).collect();
        let all = json!({
            "device_id": status.device_id, "server": status.server, "username": status.username, "session": session,
            "revision": status.revision, "pulled_at": pulled_at, "last_contact_at": status.last_contact_at, "failures": status.failures,
            "waiting": waiting.collect::<Vec<_>>(), "acknowledged": acknowledged.collect::<Vec<_>>(),
            "quarantined": quarantined.collect::<Vec<_>>(), "mirror": mirror,
        });
        writeln!(out, "{all}")?;
        return Ok(());
    }
    let nobody = || "-".to_owned();
    writeln!(
        out,
        "Account:      {} at {}",
        status.username.unwrap_or_else(nobody),
        status.server.unwrap_or_else(nobody)
    )?;
    writeln!(out, "Session:      {session}")?;
    writeln!(out, "Phone:        {}", status.device_id)?;
    let contact = status.last_contact_at.map_or_else(|| "never".to_owned(), |at| at.format("%F %T UTC").to_string());
    writeln!(out, "Last contact: {contact}, {} failures since", status.failures)?;
    let things: Vec<String> = status.mirror.iter().map(|(kind, number)| format!("{number} {kind}")).collect();
    let revision = status.revision.map_or_else(|| "none".to_owned(), |revision| revision.to_string());
    let pulled_on = age.map_or_else(String::new, |age| format!(" of {}", age.pulled_on));
    writeln!(out, "Copy:         revision {revision}{pulled_on}: {}", things.join(", "))?;
    writeln!(out, "Waiting:      {}", waiting.len())?;
    for one in &waiting {
        writeln!(out, "  {} {} {}, sent {} times{}", one.seq, one.id, one.state, one.attempts, why(&one.problem))?;
    }
    let to_repeat = acknowledged.iter().filter(|one| one.is_to_repeat).count();
    writeln!(out, "Accepted:     {}, of which {to_repeat} are to be pushed again", acknowledged.len())?;
    for one in acknowledged.iter().filter(|one| one.problem.is_some()) {
        writeln!(out, "  {} {}{}", one.seq, one.id, why(&one.problem))?;
    }
    writeln!(out, "Quarantine:   {}", quarantined.len())?;
    for one in &quarantined {
        let decided =
            one.decision.as_ref().map_or_else(String::new, |decided| format!("; decided: {}", decided.reason));
        writeln!(out, "  {} {} {}{}{decided}", one.seq, one.id, one.state, why(&one.problem))?;
    }
    Ok(())
}

fn why(problem: &Option<Problem>) -> String {
    problem.as_ref().map_or_else(String::new, |problem| printable(&format!(": {problem} ({})", problem.code)))
}

/// Shows the stock.
pub fn stock(phone: &mut Phone, options: &Tables) -> Result<(), Box<dyn Error>> {
    let names = names(phone, options.language)?;
    let mut table = vec![["DEPOT", "ITEM", "NAME", "UNIT", "USABLE", "STATE", "VALID THROUGH"].map(str::to_owned)];
    for row in phone.stock()? {
        let (name, unit) = names.get(&row.item).cloned().unwrap_or_default();
        let state: &str = row.state.into();
        let until = row.valid_through.map(|day| day.to_string()).unwrap_or_default();
        table.push([row.depot, row.item, name, unit, interval(row.usable), state.to_owned(), until]);
    }
    print(&table)?;
    copy_age(phone, options.language)
}

/// Shows the shortages.
pub fn shortages(phone: &mut Phone, options: &Shortages) -> Result<(), Box<dyn Error>> {
    let names = names(phone, options.tables.language)?;
    let headers = ["ORGANIZATION", "ITEM", "NAME", "UNIT", "STRENGTH", "STATUS", "USABLE", "SHORTAGE", "NOTES"];
    let mut table = vec![headers.map(str::to_owned)];
    for row in phone.shortages()? {
        if !options.all && !matches!(row.status, LineStatus::Short | LineStatus::Below | LineStatus::Unknown) {
            continue;
        }
        let (name, unit) = names.get(&row.item).cloned().unwrap_or_default();
        let status: &str = row.status.into();
        let (usable, shortage) = (interval(row.usable), interval(row.shortage));
        let notes = notes(&row);
        table.push([row.organization, row.item, name, unit, row.strength, status.to_owned(), usable, shortage, notes]);
    }
    print(&table)?;
    copy_age(phone, options.tables.language)
}

/// Writes the receipts.
pub fn receipts(phone: &mut Phone, options: &Receipts) -> Result<(), Box<dyn Error>> {
    let failed = |error: io::Error| format!("{} cannot be written: {error}", options.to.display());
    let acknowledged = phone.acknowledged()?;
    let keys = phone.key_set()?.ok_or("there are no receipts yet: muster phone sync")?;
    std::fs::create_dir_all(&options.to).map_err(failed)?;
    std::fs::write(options.to.join("jwks.json"), keys + "\n").map_err(failed)?;
    for one in &acknowledged {
        std::fs::write(options.to.join(format!("{}.jws", one.id)), format!("{}\n", one.receipt)).map_err(failed)?;
    }
    let (number, folder) = (acknowledged.len(), options.to.display());
    writeln!(io::stdout(), "{number} receipts are in {folder}: muster verify receipt ID.jws --keys jwks.json")?;
    Ok(())
}

/// The names and units of items, by their codes.
fn names(phone: &mut Phone, language: Language) -> Result<BTreeMap<String, (String, String)>, Box<dyn Error>> {
    let field = language.choose("name_en", "name_zh");
    let of = |item: &Value, field: &str| item.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let named = |item: Mirrored| (item.key, (of(&item.data, field), of(&item.data, "unit")));
    Ok(phone.mirrored("item")?.into_iter().map(named).collect())
}

/// The reasons why counts behind a line do not agree.
fn notes(row: &Shortage) -> String {
    let notes = [("conflict", row.conflict), ("contested", row.contested)];
    notes.into_iter().filter(|(_, so)| *so).map(|(note, _)| note).collect::<Vec<_>>().join(", ")
}

/// Both ends if they differ; an unbounded interval has no upper end.
fn interval(interval: Interval) -> String {
    match interval.max {
        None => format!("{} or more", interval.min),
        Some(max) if max == interval.min => max.to_string(),
        Some(max) => format!("{} to {max}", interval.min),
    }
}

/// Shows the day of the copy and the day for which the table was calculated, below the table.
fn copy_age(phone: &mut Phone, language: Language) -> Result<(), Box<dyn Error>> {
    let message = match phone.copy_age()? {
        None => message!("phone-copy-none"),
        Some(age) => message!(
            "phone-copy-age",
            pulled_on = age.pulled_on.to_string(),
            today = age.today.to_string(),
            days = (age.today - age.pulled_on).num_days(),
        ),
    };
    writeln!(io::stdout(), "\n{}", message.text(language))?;
    Ok(())
}

fn print<const N: usize>(table: &[[String; N]]) -> Result<(), Box<dyn Error>> {
    let mut widths = [0; N];
    for row in table {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = io::stdout().lock();
    for row in table {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}
