//! `muster export`: writes the data as tables that can be imported again.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chrono::Utc;
use db::read::Snapshot;
use db::url::DatabaseUrl;
use domain::change::Editor;
use service::export;
use tables::form::Form;
use tables::{self, Encoding, Sheet};
use tempfile::NamedTempFile;
use text::language::Language;

use crate::exit::FileFailure;

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
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = super::arguments::language)]
    language: Language,
    /// Writes empty tables to fill in; this needs no database.
    #[arg(long)]
    pub template: bool,
    /// Replaces existing files.
    #[arg(long)]
    overwrite: bool,
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

fn forms(options: &Options) -> Result<Vec<Form>, String> {
    match options.form.as_str() {
        "all" if options.template => Ok(Form::all().collect()),
        "all" => Ok(Form::exported().collect()),
        name => Ok(vec![super::arguments::form(name)?]),
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
    if let DatabaseUrl::Sqlite(database) = &database
        && is_of_database(&options.to, database)
    {
        return Err(format!("{} belongs to the database: name another file", options.to.display()).into());
    }
    let now = Utc::now();
    let read = move |snapshot: &mut Snapshot<'_>| {
        export::sheets(snapshot.connection, &forms, chinese, &Editor::operator(now), true)
    };
    let sheets = db.read(read).await;
    db.close().await?;
    write_all(&options, &sheets?.sheets)
}

fn write_all(options: &Options, sheets: &[Sheet]) -> Result<(), Box<dyn Error>> {
    let encoding = match options.encoding {
        Coding::Utf8 => Encoding::Utf8,
        Coding::Gb18030 => Encoding::Gb18030,
    };
    let files = match (options.format, sheets) {
        (Format::Xlsx, sheets) => vec![(options.to.clone(), tables::write_xlsx(sheets)?)],
        (Format::Csv, [sheet]) if options.form != "all" => {
            vec![(options.to.clone(), tables::write_csv(sheet, encoding)?)]
        }
        (Format::Csv, sheets) => {
            let file = |sheet: &Sheet| {
                let path = options.to.join(format!("{}.csv", sheet.name()));
                Ok::<_, Box<dyn Error>>((path, tables::write_csv(sheet, encoding)?))
            };
            sheets.iter().map(file).collect::<Result<_, _>>()?
        }
    };
    write_files(&files, options.overwrite)
}

/// Writes all files, or fails before any of them gets its name. Without `overwrite` no file is replaced.
pub(super) fn write_files(files: &[(PathBuf, Vec<u8>)], overwrite: bool) -> Result<(), Box<dyn Error>> {
    for (path, _) in files {
        match path.symlink_metadata() {
            Ok(found) if !overwrite => return Err(taken(path, found.is_dir()).into()),
            Ok(found) if !found.is_file() => return Err(format!("{} is no file", path.display()).into()),
            _ => {}
        }
    }
    let mut written = Vec::new();
    for (path, bytes) in files {
        let failed = FileFailure::writing(path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if files.len() > 1 {
            std::fs::create_dir_all(folder).map_err(&failed)?;
        }
        let mut file = unfinished(folder).map_err(&failed)?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(&failed)?;
        written.push((path, file));
    }
    for (path, file) in written {
        let named = if overwrite { file.persist(path) } else { file.persist_noclobber(path) };
        named.map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => taken(path, false).into(),
            _ => Box::<dyn Error>::from(FileFailure::writing(path)(error.error)),
        })?;
    }
    Ok(())
}

/// True for the file of an SQLite database, and for those beside it that begin with its name: its log and its locks.
fn is_of_database(path: &Path, database: &Path) -> bool {
    let (Ok(database), Some(name)) = (database.canonicalize(), path.file_name()) else { return false };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let is_beside = folder.canonicalize().is_ok_and(|folder| database.parent() == Some(&folder));
    let begins_alike =
        database.file_name().is_some_and(|own| name.as_encoded_bytes().starts_with(own.as_encoded_bytes()));
    is_beside && begins_alike || path.canonicalize().is_ok_and(|path| path == database)
}

/// A file that has no name yet, and is deleted if it does not get one.
fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".muster-unfinished-").tempfile_in(folder)
}

fn taken(path: &Path, is_folder: bool) -> String {
    let mend = if is_folder { "name a file in it" } else { "name another, or give --overwrite" };
    format!("{} is there already: {mend}", path.display())
}
