//! `muster export`: writes the data as tables that can be imported again.

use std::error::Error;
use std::path::{Path, PathBuf};

use db::read::Snapshot;
use db::url::DatabaseUrl;
use domain::change::Authority;
use service::export;
use tables::form::Form;
use tables::{self, Encoding, Sheet};
use text::language::Language;

/// The options of an export.
#[derive(clap::Args)]
pub struct Options {
    /// The tables to write: a form, such as items, or all.
    #[arg(long, value_name = "FORM", default_value = "all")]
    form: String,
    /// The file format.
    #[arg(long, value_enum, default_value = "xlsx")]
    format: Format,
    /// The encoding of CSV.
    #[arg(long, value_enum, default_value = "utf8")]
    encoding: Coding,
    /// The file to write; for several CSV tables, the folder for their files.
    #[arg(long, value_name = "PATH")]
    to: PathBuf,
    /// The language of headers and sheet names: en or zh-CN.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    language: Language,
    /// Writes empty tables to fill in; this needs no database.
    #[arg(long)]
    pub template: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Csv,
    Xlsx,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Coding {
    Utf8,
    Gb18030,
}

pub(super) fn language(name: &str) -> Result<Language, String> {
    match name.to_lowercase().split('-').next() {
        Some("en") => Ok(Language::English),
        Some("zh") => Ok(Language::Chinese),
        _ => Err("the languages are en and zh-CN".to_owned()),
    }
}

fn forms(options: &Options) -> Result<Vec<Form>, String> {
    match options.form.as_str() {
        "all" => Ok(Form::all().collect()),
        name => Ok(vec![super::import::form(name)?]),
    }
}

/// Writes empty tables.
///
/// # Errors
/// If a file cannot be written.
pub fn write_templates(options: &Options) -> Result<(), Box<dyn Error>> {
    write_all(options, &export::templates(&forms(options)?, options.language == Language::Chinese))
}

/// Writes the data.
///
/// # Errors
/// If the database cannot be used, or a file cannot be written.
pub async fn run(database: DatabaseUrl, options: Options) -> Result<(), Box<dyn Error>> {
    let (forms, chinese) = (forms(&options)?, options.language == Language::Chinese);
    let db = super::open(&database)?;
    let read =
        move |snapshot: &mut Snapshot<'_>| export::sheets(snapshot.connection, &forms, chinese, Authority::Operator);
    let sheets = db.read(read).await;
    db.close().await?;
    write_all(&options, &sheets?)
}

fn write_all(options: &Options, sheets: &[Sheet]) -> Result<(), Box<dyn Error>> {
    let encoding = match options.encoding {
        Coding::Utf8 => Encoding::Utf8,
        Coding::Gb18030 => Encoding::Gb18030,
    };
    match options.format {
        Format::Xlsx => write(&options.to, &tables::write_xlsx(sheets)?)?,
        Format::Csv if options.form != "all" => {
            for sheet in sheets {
                write(&options.to, &tables::write_csv(sheet, encoding)?)?;
            }
        }
        Format::Csv => write_folder(&options.to, sheets, encoding)?,
    }
    Ok(())
}

fn write_folder(folder: &Path, sheets: &[Sheet], encoding: Encoding) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    for sheet in sheets {
        write(&folder.join(format!("{}.csv", sheet.name())), &tables::write_csv(sheet, encoding)?)?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    std::fs::write(path, bytes).map_err(|error| format!("{} cannot be written: {error}", path.display()).into())
}
