//! The pages for people, with their scripts, styles and texts. They are no API: they use it.

mod entry;
mod files;
mod supply;
mod trust;

use std::path::Path;
use std::sync::LazyLock;

use actix_web::dev::ResourceDef;
use actix_web::guard::Get;
use actix_web::http::header::{self, Accept, ContentEncoding, Header as _, Quality};
use actix_web::{HttpRequest, HttpResponse, web};

use self::files::File;
use super::negotiation::coding_of;
use super::reply;
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::holding::run_blocking;

/// The content policy of the pages and of their worker: nothing from elsewhere, no inline script or style, in no frame.
const POLICY: &str = "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; \
     img-src 'self' blob:";

/// The phone's page, to which its other addresses lead as well.
const PHONE: &str = "/phone";

/// The bureau's page.
const BOARD: &str = "/board";

/// The words by which browsers on a desk name their system. A phone that pretends to be one is led to the board, and from there back.
const DESKS: [&str; 4] = ["Windows NT", "Macintosh", "X11", "(PC;"];

/// The service worker. Its name never changes, since phones ask for a new version by it.
const WORKER: &str = "/sw.js";

/// The patterns of the paths that answer `GET` with a file. `/` is none: it leads browsers on, and is nothing for others.
pub const FILES: [&str; 7] = [PHONE, BOARD, "/phone/{rest:.*}", "/enrol", "/d/{depot}", WORKER, "/assets/{name:.*}"];

/// The patterns of the other paths of the pages. Those of trust answer only where there is something to trust.
const OTHERS: [&str; 4] = [trust::PAGE, trust::CERTIFICATE, entry::PATH, supply::PATH];

/// The same patterns of files, to be matched.
static IS_FILE: LazyLock<ResourceDef> = LazyLock::new(|| ResourceDef::new(FILES.to_vec()));

/// Serves the pages.
pub fn serve(config: &mut web::ServiceConfig) {
    for path in FILES {
        config.service(web::resource(path).guard(Get()).to(show));
    }
    config.service(web::resource(trust::PAGE).guard(Get()).to(trust::show_page));
    config.service(web::resource(trust::CERTIFICATE).guard(Get()).to(trust::find_certificate));
    config.service(web::resource(entry::PATH).guard(Get()).to(entry::find));
    config.service(web::resource(supply::PATH).guard(Get()).to(supply::find));
    config.service(web::resource("/").guard(Get()).to(lead));
}

/// The patterns with the method that they answer.
pub fn paths() -> impl Iterator<Item = (ResourceDef, Vec<&'static str>)> {
    FILES.into_iter().chain(OTHERS).map(|path| (ResourceDef::new(path), vec!["GET"]))
}

/// True for a path of a file: it is the same for everybody and costs no work, so no quota counts it. A phone that opens the page
/// for the first time asks for some 25, and many phones share one address.
pub fn is_file(path: &str) -> bool {
    IS_FILE.is_match(path)
}

/// Leads a browser to the page for its user: the board on a desk, else the phone's; other programs are told that there is nothing.
async fn lead(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let accepted = Accept::parse(&request).map(|accept| accept.0).unwrap_or_default();
    let takes_pages =
        accepted.iter().any(|range| range.item.essence_str() == "text/html" && range.quality > Quality::ZERO);
    if !takes_pages {
        return Err(ApiError::NoRoute);
    }
    let page = if is_on_a_desk(&request) { BOARD } else { PHONE };
    let mut answer = HttpResponse::Found();
    answer.insert_header((header::LOCATION, page));
    answer.insert_header((header::VARY, "Accept, Sec-CH-UA-Mobile, User-Agent"));
    Ok(answer.insert_header((header::CACHE_CONTROL, "no-cache")).finish())
}

/// True for a browser that says to be on a desk, and not to be a phone's.
fn is_on_a_desk(request: &HttpRequest) -> bool {
    let said = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let agent = said("user-agent");
    said("sec-ch-ua-mobile") != "?1" && DESKS.iter().any(|desk| agent.contains(desk))
}

/// Answers with the file that a path stands for.
async fn show(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let path = request.path();
    let is_asset = path.starts_with("/assets/");
    let name = if is_asset || path == WORKER || path == BOARD { path } else { PHONE };
    let file = match state.settings.web_dir.clone() {
        None => files::carried(name),
        Some(folder) => from_folder(name.to_owned(), folder).await?,
    };
    let file = file.ok_or(ApiError::NoRoute)?;
    let is_named_by_content = is_asset && state.settings.web_dir.is_none();
    let caching = if is_named_by_content { "public, max-age=31536000, immutable" } else { "no-cache" };
    let coding = coding_of(&request, &file.codings());
    let mut answer = reply::file(&request, file.media_type, file.tag(), caching, file.body(coding));
    let headers = answer.headers_mut();
    headers.insert(header::VARY, header::HeaderValue::from_static("Accept-Encoding"));
    // Of what only pages use, nothing is ever run by itself: the policy of all other answers is shorter.
    if !is_asset {
        headers.insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(POLICY));
    }
    if coding != ContentEncoding::Identity && headers.contains_key(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(coding.as_str()));
    }
    Ok(answer)
}

async fn from_folder(name: String, folder: std::path::PathBuf) -> Result<Option<File>, ApiError> {
    let read = move || files::in_folder(&name, Path::new(&folder));
    let read =
        run_blocking(read).await.map_err(|error| base::error::Error::internal("the pages cannot be read", error))?;
    Ok(read.map_err(|fault| base::error::Error::internal("the pages are faulty", fault))?)
}
