//! Importing and exporting tables as files.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post, web};
use chrono::NaiveDate;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use validator::Validate;

use super::body::collect;
use super::callers::{Caller, Counters, Everyone};
use super::keeper_names::Shown;
use super::language::AcceptLanguage;
use super::negotiation::{CSV, JSON, WORKBOOK, best_of};
use super::problem::{BodyProblems, FieldProblem, Problems, TooManyProblem};
use super::query::Query;
use super::reply;
use super::room::Room;
use super::scopes;
use super::unpack::{coding_of, unpack};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::{Error, Fault};
use base::holding::{Holding, run_blocking};
use domain::revision::Revision;
use domain::scope::Scope;
use domain::text::is_text;
use service::export;
use service::import::{self, Defaults, Import, LedgerReport, Report};
use tables::fault;
use tables::form::Form;
use tables::{self as files, Input, MOST_BYTES, Options};
use text::language::Language;
use text::messages::message;

/// A file that was sent.
pub struct FileBody {
    bytes: Vec<u8>,
    /// The extension of its name.
    ending: &'static str,
    charset: Option<&'static Encoding>,
}

impl FromRequest for FileBody {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let head = FileHead::of(request);
        let mut payload = payload.take();
        Box::pin(async move {
            let FileHead { coding, ending, charset } =
                head.ok_or(ApiError::UnsupportedMediaType(&[CSV, WORKBOOK, JSON]))?;
            let mut room = Room::default();
            let packed = collect(&mut payload, MOST_BYTES, |bytes| room.grow(bytes)).await?;
            let unpacking = move || {
                let packed_length = packed.len();
                let bytes = unpack(coding, packed, MOST_BYTES, |bytes| room.grow(packed_length + bytes))?;
                room.shrink(bytes.len());
                Ok::<_, ApiError>((bytes, room))
            };
            let unpacked = run_blocking(unpacking).await;
            let (bytes, room) = unpacked.map_err(|error| Error::internal("a file could not be unpacked", error))??;
            // The file keeps its memory until its import has ended, even if the client leaves.
            if let Some(holding) = Holding::current() {
                holding.keep(room);
            }
            Ok(Self { bytes, ending, charset })
        })
    }
}

/// The headers of a request that contains a file.
struct FileHead {
    coding: ContentEncoding,
    ending: &'static str,
    charset: Option<&'static Encoding>,
}

impl FileHead {
    fn of(request: &HttpRequest) -> Option<Self> {
        let said = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
        let (essence, parameters) = said.split_once(';').unwrap_or((said, ""));
        let ending = match essence.trim().to_ascii_lowercase().as_str() {
            CSV => "csv",
            WORKBOOK => "xlsx",
            JSON => "json",
            _ => return None,
        };
        let label = parameters.split(';').find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
        });
        let charset = match label {
            Some(label) => Some(Encoding::for_label(label.as_bytes())?),
            None => None,
        };
        Some(Self { coding: coding_of(request)?, ending, charset })
    }
}

/// The options of an import.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImportTables {
    /// The form of the table, if neither the name of its sheet nor its header shows it: `regions`, `item_classes`,
    /// `items`, `dictionary`, `organizations`, `facts`, `depots`, `standards`, `rules`, `adoptions`, `targets`, `item_answers`,
    /// `ledger` or `counts`.
    #[param(max_length = 32, example = "items")]
    #[validate(length(max = 32), non_control_character)]
    form: Option<String>,
    /// True to check everything and write nothing.
    #[param(default = false, example = true)]
    dry_run: Option<bool>,
    /// The first day of rows that give none; today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    valid_from: Option<NaiveDate>,
    /// The reason for rows with a first day in the past that give no reason themselves: editions, rules, adoptions and
    /// declared targets hold from today or later, unless they are sent as a correction with a reason.
    #[param(max_length = 1000, example = "moved from the old service")]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    reason: Option<String>,
    /// The organization of rows of ledgers that name none, by code or name.
    #[param(max_length = 200, example = "E17")]
    #[validate(length(min = 1, max = 200), non_control_character)]
    organization: Option<String>,
    /// The depot of rows of ledgers that name none, by code or name.
    #[param(max_length = 200, example = "E17-D1")]
    #[validate(length(min = 1, max = 200), non_control_character)]
    depot: Option<String>,
    /// The day of ledgers that tell none themselves.
    #[serde(default, deserialize_with = "base::sent::optional")]
    counted_on: Option<NaiveDate>,
    /// True to leave out columns that no form knows, with a warning.
    #[param(default = false, example = false)]
    ignore_unknown_columns: Option<bool>,
    /// The name of the file, with which the pointers of faults begin.
    #[param(max_length = 100, example = "items.xlsx")]
    #[validate(length(min = 1, max = 100), non_control_character)]
    name: Option<String>,
}

/// The report of an import.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "revision": 12, "dry_run": false, "warnings": [],
    "files": [{ "file": "items.csv", "format": "csv", "encoding": "gb18030", "encoding_certainty": "likely" }],
    "forms": [{ "form": "items", "added": 3, "changed": 1, "unchanged": 40 }]
}))]
struct ImportReport {
    /// The revision of the import; `null` if nothing changed or it was a dry run.
    revision: Option<Revision>,
    /// True for a dry run: nothing was written.
    dry_run: bool,
    /// The numbers for each form.
    #[schema(max_items = 20)]
    forms: Vec<ImportTally>,
    /// The files, with the format and encoding in which they were read.
    #[schema(max_items = 1)]
    files: Vec<ImportedFile>,
    /// The warnings. Pointers name file, sheet, row and column.
    #[schema(max_items = 1000)]
    warnings: Vec<FieldProblem>,
    /// The rows of ledgers; left out if there are none.
    #[serde(skip_serializing_if = "LedgerReport::is_empty")]
    #[schema(required = false)]
    ledger: LedgerReport,
}

/// A file, with the format and encoding in which it was read.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct ImportedFile {
    /// Its name.
    #[schema(max_length = 100, example = "items.csv")]
    file: String,
    /// Its format: `csv`, `xlsx` or `json`.
    #[schema(max_length = 8, example = "csv")]
    format: &'static str,
    /// The encoding in which its text was read; `null` for a workbook.
    #[schema(max_length = 32, example = "gb18030")]
    encoding: Option<String>,
    /// The certainty of the encoding: `declared` by the sender, `marked` at the beginning of the file, `certain` by the form of
    /// its bytes, or only `likely`, as the text is plausible in it; `null` for a workbook.
    #[schema(max_length = 16, example = "likely")]
    encoding_certainty: Option<&'static str>,
}

impl ImportedFile {
    fn of(taken: &fault::FileTaken) -> Self {
        let (encoding, certainty) = taken.encoding.unzip();
        Self {
            file: taken.file.to_string(),
            format: taken.format,
            encoding: encoding.map(str::to_lowercase),
            encoding_certainty: certainty.map(<&str>::from),
        }
    }
}

/// The numbers of rows of a form, by effect.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct ImportTally {
    /// The form.
    #[schema(max_length = 32, example = "items")]
    form: &'static str,
    /// Rows that added something.
    #[schema(minimum = 0, maximum = 2_000_000, example = 3)]
    added: usize,
    /// Rows that changed something.
    #[schema(minimum = 0, maximum = 2_000_000, example = 1)]
    changed: usize,
    /// Rows that were already stored.
    #[schema(minimum = 0, maximum = 2_000_000, example = 40)]
    unchanged: usize,
}

impl ImportReport {
    fn of(report: &Report, dry_run: bool, language: Language) -> Self {
        let forms = report.forms.iter().map(|(form, tally)| ImportTally {
            form: form.name(),
            added: tally.added,
            changed: tally.changed,
            unchanged: tally.unchanged,
        });
        Self {
            revision: report.revision,
            dry_run,
            forms: forms.collect(),
            files: report.findings.files.iter().map(ImportedFile::of).collect(),
            warnings: report.findings.warnings().iter().map(|told| FieldProblem::of(&named(told), language)).collect(),
            ledger: report.ledger.clone(),
        }
    }
}

/// A fault of a file as a fault of the request.
fn named(told: &fault::Fault) -> Fault {
    Fault::new(told.place.pointer(), told.code, told.message())
}

fn form(name: &str) -> Result<Form, Error> {
    Form::named(name).ok_or_else(|| {
        let known = Form::all().map(Form::name).collect::<Vec<_>>().join(", ");
        Error::invalid("/form", "form_unknown", message!("form-not-known", forms = known))
    })
}

/// Import tables
///
/// Takes a file of the catalogue, of organizations and their facts, of depots, standards, rules or adoptions: CSV (UTF-8,
/// UTF-16, GB18030, Big5 or Shift_JIS; the answer says in which it was read), XLSX with a sheet for each form, or one of Muster's own JSON files. The whole
/// file is imported as one change, or nothing is: each fault names its sheet, row and column in the pointer, such as
/// `/items.xlsx/Sheet1/12/E`. Importing the same file again changes nothing. Every row passes the same rules and permissions,
/// with the same codes, as the `PUT` request for the same thing: officers change things in their region and below it, admins
/// change regions, the topmost bureau changes the data that all regions share, and quartermasters declare targets of their
/// organization.
///
/// Things beyond the caller's region are as if they were not there; a code that is not available is refused with `unavailable`,
/// and after 20 such refusals in 15 minutes files are refused: 429. A file that is only checked, or refused, is in the audit
/// with its forms and their numbers of rows.
#[utoipa::path(
    tag = "tables",
    params(ImportTables),
    request_body(content(
        (String = "text/csv", example = "code,name_zh,name_en\nfire,消防,Fire-fighting\n"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    responses(
        (status = 200, description = "The report: everything was imported or, in a dry run, could be.", body = ImportReport),
        Problems,
        BodyProblems,
        TooManyProblem
    ),
    security(("bearer" = []))
)]
#[post("/import")]
pub async fn import_tables(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Counters>,
    Query(query): Query<ImportTables>,
    body: FileBody,
) -> Result<HttpResponse, ApiError> {
    let form = query.form.as_deref().map(form).transpose()?;
    let dry_run = query.dry_run.unwrap_or(false);
    let FileBody { bytes, ending, charset } = body;
    let name = query.name.unwrap_or_else(|| format!("body.{ending}"));
    // If the client leaves, this future is dropped, and its work ends.
    let stop = CancellationToken::new();
    let _stop = stop.clone().drop_guard();
    let asked = Import {
        inputs: vec![Input { name, bytes, charset }],
        options: Options { form, ignore_unknown_columns: query.ignore_unknown_columns.unwrap_or(false) },
        editor: caller.editor(&state),
        defaults: Defaults {
            valid_from: query.valid_from,
            reason: query.reason,
            organization: query.organization,
            depot: query.depot,
            counted_on: query.counted_on,
        },
        receipts: Some(Arc::clone(&state.receipts)),
        dry_run,
        stop,
    };
    let report = import::import(&state.db, caller.actor, asked).await?;
    if !report.is_good() {
        let mut faults: Vec<Fault> = report.findings.faults().iter().map(named).collect();
        if report.findings.are_cut_off() {
            let count = report.findings.fault_count();
            faults.push(Fault::new("", "more_faults", message!("import-more-faults", count = count)));
        }
        return Err(Error::Invalid(faults).into());
    }
    reply::json(&request, &ImportReport::of(&report, dry_run, language))
}

/// The options of an export.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportTables {
    /// The form, as in `POST /import`. Without it, a workbook contains all forms that the caller may have.
    #[param(max_length = 32, example = "items")]
    #[validate(length(max = 32), non_control_character)]
    form: Option<String>,
    /// The format of the file; overrides `Accept`.
    format: Option<FileFormat>,
    /// The encoding of CSV.
    encoding: Option<FileEncoding>,
    /// True for headers only: an empty table to fill in.
    #[param(default = false, example = false)]
    template: Option<bool>,
}

/// The format of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// A CSV table of one form.
    Csv,
    /// A workbook.
    Xlsx,
}

/// The encoding of CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileEncoding {
    /// UTF-8 with its mark.
    #[default]
    Utf8,
    /// GB18030.
    Gb18030,
}

/// List as tables
///
/// Returns the data as tables that `POST /import` can read again, with headers in the caller's language: the data that all
/// regions share, and the organizations that the caller sees. Each version in a history is a row with its first day. A client
/// has the forms of its scopes: adoptions and targets with `shortages:read`, the others with `catalogue:read`, and no facts.
#[utoipa::path(
    tag = "tables",
    params(ExportTables),
    responses(
        (status = 200, description = "The file.", content(
            (String = "text/csv", example = "code,name_en,name_zh,valid_from\nfire,Fire-fighting,消防,2026-01-01\n"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )),
        Problems
    ),
    security(("bearer" = []))
)]
#[get("/export")]
pub async fn export_tables(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ExportTables>,
) -> Result<HttpResponse, ApiError> {
    let format = query.format.unwrap_or_else(|| match best_of(&request, &[WORKBOOK, CSV]) {
        Some(CSV) => FileFormat::Csv,
        _ => FileFormat::Xlsx,
    });
    let form = query.form.as_deref().filter(|name| *name != "all").map(form).transpose()?;
    let is_open = |form: Form| match &caller.scopes {
        Some(granted) => scope_of(form).is_some_and(|scope| granted.contains(scope)),
        None => true,
    };
    let forms: Vec<Form> = match (form, format) {
        (Some(form), _) if is_open(form) => vec![form],
        (Some(form), _) => return Err(scopes::missing(scope_of(form).as_slice()).into()),
        (None, FileFormat::Xlsx) if query.template.unwrap_or(false) => {
            Form::all().filter(|form| is_open(*form)).collect()
        }
        (None, FileFormat::Xlsx) => Form::exported().filter(|form| is_open(*form)).collect(),
        (None, FileFormat::Csv) => {
            return Err(Error::invalid("/form", "required", message!("form-of-csv")).into());
        }
    };
    let (reader, chinese) = (caller.editor(&state), language == Language::Chinese);
    let for_people = caller.scopes.is_none();
    let sheets = if query.template.unwrap_or(false) {
        export::templates(&forms, chinese)
    } else {
        let read = move |snapshot: &mut db::read::Snapshot<'_>| {
            export::sheets(snapshot.connection, &forms, chinese, &reader, for_people)
        };
        let export::Exported { sheets, read } = state.db.read(read).await?;
        let shown = Shown::of(read);
        shown.log(&state, &caller.actor).await?;
        sheets
    };
    let encoding = query.encoding.unwrap_or_default();
    let write = move || match (format, sheets.as_slice()) {
        (FileFormat::Csv, [sheet, ..]) => {
            let (coding, charset) = match encoding {
                FileEncoding::Utf8 => (files::Encoding::Utf8, "utf-8"),
                FileEncoding::Gb18030 => (files::Encoding::Gb18030, "gb18030"),
            };
            let bytes = files::write_csv(sheet, coding).map_err(unwritten)?;
            Ok((bytes, format!("{CSV}; charset={charset}; header=present"), format!("{}.csv", sheet.form.name())))
        }
        (_, sheets) => {
            let bytes = files::write_xlsx(sheets).map_err(unwritten)?;
            Ok((bytes, WORKBOOK.to_owned(), "muster.xlsx".to_owned()))
        }
    };
    let written: Result<(Vec<u8>, String, String), Error> = run_blocking(write).await.map_err(unwritten)?;
    let (bytes, media_type, name) = written?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "Accept, Accept-Language, Authorization"))
        .body(bytes))
}

/// The scope that opens a form to clients: that of the list of the same things. Fact sheets are closed to them.
fn scope_of(form: Form) -> Option<Scope> {
    match form {
        Form::Regions
        | Form::ItemClasses
        | Form::Items
        | Form::Dictionary
        | Form::Organizations
        | Form::Depots
        | Form::Standards
        | Form::Rules => Some(Scope::CatalogueRead),
        Form::Adoptions | Form::Targets => Some(Scope::ShortagesRead),
        Form::Facts | Form::ItemAnswers | Form::Ledger | Form::Counts => None,
    }
}

fn unwritten(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::internal("a table could not be written", error)
}
