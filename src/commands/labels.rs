//! `muster labels`: writes the labels of depots' lines as one page to print.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;

use chrono::Utc;
use muster::api::qr;
use muster::html::escaped;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use service::labels::{self, DepotLabels, Label, Wanted};
use text::language::Language;
use text::messages::message;

use super::output_files::write_files;
use crate::config::Labels;

/// The most codes of depots and organizations at once.
const MOST_CODES: usize = 200;

/// The signs that an address keeps as they are, besides letters and digits.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The style of the page: four labels in a row of an A4 sheet, none torn.
const STYLE: &str = "
@page { size: A4; margin: 10mm }
body { margin: 0; font: 11pt/1.3 system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif; color: #000; background: #fff }
h1 { font-size: 13pt; margin: 0 0 4mm; break-after: avoid }
section + section { break-before: page }
ul { display: grid; grid-template-columns: repeat(4, 1fr); gap: 3mm; margin: 0; padding: 0; list-style: none }
li { border: 0.3mm solid #000; padding: 2mm; text-align: center; break-inside: avoid; overflow-wrap: anywhere }
svg { width: 100%; height: auto }
p { margin: 0 } .number { font-size: 20pt; font-weight: 700 } .name { font-weight: 600 } .codes { font-size: 9pt }
";

/// The options of the labels.
#[derive(clap::Args)]
pub struct Options {
    /// A depot, by its code; may be repeated.
    #[arg(long = "depot", value_name = "CODE", required_unless_present = "organizations")]
    depots: Vec<String>,
    /// An organization, by its code, for all its open depots; may be repeated.
    #[arg(long = "organization", value_name = "CODE")]
    organizations: Vec<String>,
    /// The file to write: a page that any browser prints.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The language of the labels: en or zh-CN.
    #[arg(long, value_name = "LANGUAGE", default_value = "zh-CN", value_parser = super::arguments::language)]
    language: Language,
    /// Replaces an existing file.
    #[arg(long)]
    overwrite: bool,
}

/// Writes the labels.
///
/// # Errors
/// If a code names nothing, the database cannot be read, or the file cannot be written.
pub async fn run(config: Labels, options: Options) -> Result<(), Box<dyn Error>> {
    let Options { depots, organizations, to, language, overwrite } = options;
    if depots.len() + organizations.len() > MOST_CODES {
        return Err(format!("name at most {MOST_CODES} depots and organizations at once").into());
    }
    let wanted = Wanted { organizations: BTreeSet::from_iter(organizations), depots: BTreeSet::from_iter(depots) };
    let db = super::open(&config.database)?;
    let found = db.read(move |snapshot| labels::of_depots(snapshot, &wanted, language, Utc::now())).await;
    db.close().await?;
    let labels::Found { depots, unknown } = found?;
    if !unknown.is_empty() {
        let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
        return Err(format!("no organization and no open depot has this code: {}", unknown.join(", ")).into());
    }
    let page = page(&config.public_url, &depots, language)?;
    write_files(&[(to, page.into_bytes())], overwrite)
}

fn page(public_url: &str, depots: &[DepotLabels], language: Language) -> Result<String, Box<dyn Error>> {
    let sections = depots.iter().map(|depot| section(public_url, depot)).collect::<Result<String, _>>()?;
    let title = escaped(&message!("labels-title").text(language));
    Ok(format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n{sections}</body>\n</html>\n",
        language.tag()
    ))
}

fn section(public_url: &str, depot: &DepotLabels) -> Result<String, Box<dyn Error>> {
    let labels =
        depot.labels.iter().map(|label| item(public_url, &depot.code, label)).collect::<Result<String, _>>()?;
    let (code, name) = (escaped(&depot.code), escaped(&depot.name));
    Ok(format!("<section>\n<h1>{name} · {code}</h1>\n<ul>\n{labels}</ul>\n</section>\n"))
}

fn item(public_url: &str, depot: &str, label: &Label) -> Result<String, Box<dyn Error>> {
    let encoded = |text| utf8_percent_encode(text, PLAIN);
    let code = qr::svg_of(&format!("{public_url}/d/{}#{}", encoded(depot), encoded(label.item.as_str())))?;
    let image = code.split_once("?>").map_or(code.as_str(), |(_, image)| image);
    let (name, item, depot) = (escaped(&label.name), escaped(label.item.as_str()), escaped(depot));
    Ok(format!(
        "<li>{image}<p class=\"number\">{:04}</p><p class=\"name\">{name}</p><p class=\"codes\">{item} · {depot}</p></li>\n",
        label.number
    ))
}
