//! `muster phone status`, `stock`, `shortages` and `receipts`: the data on the phone, without a network.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;

use client::Phone;
use client::report::{Mirrored, SessionState};
use client::wire::Problem;
use serde_json::{Value, json};
use text::language::Language;

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
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = crate::commands::export::language)]
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
    if options.json {
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
            "revision": status.revision, "last_contact_at": status.last_contact_at, "failures": status.failures,
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
    writeln!(out, "Copy:         revision {revision}: {}", things.join(", "))?;
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
    problem.as_ref().map_or_else(String::new, |problem| format!(": {problem} ({})", problem.code))
}

/// Shows the stock.
pub fn stock(phone: &mut Phone, options: &Tables) -> Result<(), Box<dyn Error>> {
    let names = names(phone, options.language)?;
    let mut table = vec![["DEPOT", "ITEM", "NAME", "UNIT", "USABLE", "STATE", "VALID THROUGH"].map(str::to_owned)];
    for document in phone.mirrored("stock")? {
        for row in rows(&document) {
            let item = text(&row, "item");
            let (name, unit) = names.get(&item).cloned().unwrap_or_default();
            let usable = interval(&row, "usable");
            let (state, until) = (text(&row, "state"), text(&row, "valid_through"));
            table.push([document.key.clone(), item, name, unit, usable, state, until]);
        }
    }
    print(&table)
}

/// Shows the shortages.
pub fn shortages(phone: &mut Phone, options: &Shortages) -> Result<(), Box<dyn Error>> {
    let names = names(phone, options.tables.language)?;
    let headers = ["ORGANIZATION", "ITEM", "NAME", "UNIT", "STRENGTH", "STATUS", "USABLE", "SHORTAGE", "NOTES"];
    let mut table = vec![headers.map(str::to_owned)];
    for document in phone.mirrored("assessments")? {
        for row in rows(&document) {
            let (item, status) = (text(&row, "item"), text(&row, "status"));
            if !options.all && !["short", "unknown"].contains(&status.as_str()) {
                continue;
            }
            let (name, unit) = names.get(&item).cloned().unwrap_or_default();
            let (strength, usable) = (text(&row, "strength"), interval(&row, "usable"));
            let shortage = interval(&row, "shortage");
            let notes = notes(&row);
            table.push([document.key.clone(), item, name, unit, strength, status, usable, shortage, notes]);
        }
    }
    print(&table)
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

/// The rows of a compact document, by column name.
fn rows(document: &Mirrored) -> Vec<BTreeMap<String, Value>> {
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let columns: Vec<String> = list(document.data.get("columns"))
        .iter()
        .map(|column| column.as_str().unwrap_or_default().to_owned())
        .collect();
    let row = |row: &Value| columns.iter().cloned().zip(list(Some(row))).collect();
    list(document.data.get("rows")).iter().map(row).collect()
}

fn text(row: &BTreeMap<String, Value>, column: &str) -> String {
    match row.get(column) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

/// The reasons why counts behind a line do not agree.
fn notes(row: &BTreeMap<String, Value>) -> String {
    let is_so = |name: &&str| row.get(*name) == Some(&Value::Bool(true));
    ["conflict", "contested"].into_iter().filter(is_so).collect::<Vec<_>>().join(", ")
}

/// Both ends if they differ; an unbounded interval has no upper end.
fn interval(row: &BTreeMap<String, Value>, of: &str) -> String {
    let (least, most) = (text(row, &format!("{of}_min")), text(row, &format!("{of}_max")));
    match most.as_str() {
        "" => format!("{least} or more"),
        most if most == least => least,
        most => format!("{least} to {most}"),
    }
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
