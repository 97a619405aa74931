//! The endpoint of the OpenAPI document, and the page that shows it.

use std::borrow::Cow;
use std::io::Read as _;
use std::sync::{Arc, LazyLock, OnceLock};

use actix_web::dev::ResourceDef;
use actix_web::guard::Get;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use flate2::read::GzDecoder;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;
use utoipa_swagger_ui::Config;

use super::declared::DeclaredQueries;
use super::document::{self, Document, PROFILES, Profile};
use super::negotiation::{JSON, Offers, coding_of};
use super::offered::ListColumns;
use super::path_items::operations;
use super::reply;
use super::settings::Settings;
use super::site;
use crate::api::error::ApiError;
use base::error::Error;

/// Paths as in the document, each with the methods of its operations.
pub type PathTable = Vec<(ResourceDef, Vec<&'static str>)>;

/// Makes a copy of the document.
pub type Copies = fn(Profile) -> &'static Document;

/// What the service looks up in the document of its routes, made once and shared by all threads that serve.
#[derive(Debug)]
struct LookedUp {
    paths: web::Data<PathTable>,
    offers: web::Data<Offers>,
    columns: web::Data<ListColumns>,
    queries: web::Data<DeclaredQueries>,
}

impl LookedUp {
    fn of(document: OpenApi) -> Self {
        let document = document::with_tables(document);
        Self {
            paths: web::Data::new(path_table(&document)),
            offers: web::Data::new(Offers::of(&document)),
            columns: web::Data::new(ListColumns::of(&document)),
            queries: web::Data::new(DeclaredQueries::of(&document)),
        }
    }

    /// That of the routes with open data or without, which is all in which the routes of two applications differ.
    fn shared(with_open_data: bool, document: OpenApi) -> &'static Self {
        static WITH: OnceLock<LookedUp> = OnceLock::new();
        static WITHOUT: OnceLock<LookedUp> = OnceLock::new();
        let shared = if with_open_data { &WITH } else { &WITHOUT };
        shared.get_or_init(|| Self::of(document))
    }
}

/// Serves the document and its copies, the page that shows it if `with_page` is set, and the data that the fallback needs.
pub fn serve(
    config: &mut web::ServiceConfig,
    document: OpenApi,
    copies: Copies,
    Settings { docs: with_page, open_data, .. }: &Settings,
) {
    let LookedUp { paths, offers, columns, queries } = LookedUp::shared(*open_data, document);
    config.app_data(paths.clone()).app_data(offers.clone()).app_data(columns.clone()).app_data(queries.clone());
    for profile in PROFILES {
        let served = web::Data::new((profile, copies));
        config.service(web::resource(profile.path()).guard(Get()).app_data(served).to(show_document));
    }
    if *with_page {
        config
            .service(web::redirect("/api/docs", "/api/docs/"))
            .service(web::resource("/api/docs/{name:.*}").guard(Get()).to(show_reader));
    }
}

/// The page's settings: it opens as a list of subjects, answers at the first try, and asks nobody else for anything.
static READER: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::new([Profile::Everything.path()])
        .doc_expansion("none")
        .default_models_expand_depth(-1)
        .filter(true)
        .try_it_out_enabled(true)
        .display_request_duration(true)
        .persist_authorization(true)
        .validator_url("none");
    Arc::new(config)
});

/// Answers with a file of the page. Those that are packed are unpacked for the few that do not take them so.
async fn show_reader(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let file = utoipa_swagger_ui::serve(&name, Arc::clone(&READER))
        .map_err(|_| Error::Internal("the page of the document cannot be made", None))?
        .ok_or(ApiError::NoRoute)?;
    let bytes = match file.bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    let mut answer = HttpResponse::Ok();
    answer.content_type(file.content_type);
    if !file.gzpipped {
        return Ok(answer.body(bytes));
    }
    answer.insert_header((header::VARY, "Accept-Encoding"));
    if coding_of(&request, &[ContentEncoding::Gzip, ContentEncoding::Identity]) == ContentEncoding::Gzip {
        return Ok(answer.insert_header(ContentEncoding::Gzip).body(bytes));
    }
    let mut plain = Vec::new();
    let unpacked = GzDecoder::new(bytes.as_ref()).read_to_end(&mut plain);
    unpacked.map_err(|error| Error::internal("a file of the page cannot be unpacked", error))?;
    Ok(answer.body(plain))
}

async fn show_document(request: HttpRequest, served: web::Data<(Profile, Copies)>) -> HttpResponse {
    let (profile, copies) = **served;
    let (bytes, tag) = copies(profile).written();
    reply::public_bytes(&request, JSON, bytes, tag.clone())
}

fn path_table(document: &OpenApi) -> PathTable {
    let methods = |item: &PathItem| operations(item).map(|(method, _)| method).collect();
    let described = document.paths.paths.iter().map(|(path, item)| (path.as_str(), methods(item)));
    let of_documents = PROFILES.map(|profile| (profile.path(), vec!["GET"]));
    let named = described.chain(of_documents).map(|(path, methods)| (ResourceDef::new(path), methods));
    named.chain(site::paths()).collect()
}
