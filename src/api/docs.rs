//! The endpoint of the OpenAPI document, and the page that shows it.

use actix_web::dev::ResourceDef;
use actix_web::guard::Get;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::declared::DeclaredQueries;
use super::document::{self, Document, PROFILES, Profile};
use super::negotiation::{JSON, Offers};
use super::offered::ListColumns;
use super::path_items::operations;
use super::reply;
use super::site;

/// Paths as in the document, each with the methods of its operations.
pub type PathTable = Vec<(ResourceDef, Vec<&'static str>)>;

/// Makes a copy of the document.
pub type Copies = fn(Profile) -> &'static Document;

/// Serves the document and its copies, the page that shows it if `with_page` is set, and the data that the fallback needs.
pub fn serve(config: &mut web::ServiceConfig, document: OpenApi, copies: Copies, with_page: bool) {
    let document = document::with_tables(document);
    config.app_data(web::Data::new(path_table(&document)));
    config.app_data(web::Data::new(Offers::of(&document)));
    config.app_data(web::Data::new(ListColumns::of(&document)));
    config.app_data(web::Data::new(DeclaredQueries::of(&document)));
    for profile in PROFILES {
        let served = web::Data::new((profile, copies));
        config.service(web::resource(profile.path()).guard(Get()).app_data(served).to(show_document));
    }
    if with_page {
        config
            .service(web::redirect("/api/docs", "/api/docs/"))
            .service(SwaggerUi::new("/api/docs/{_:.*}").config(reader()));
    }
}

/// The page's settings: it opens as a list of subjects, answers at the first try, and asks nobody else for anything.
fn reader() -> Config<'static> {
    Config::new([Profile::Everything.path()])
        .doc_expansion("none")
        .default_models_expand_depth(-1)
        .filter(true)
        .try_it_out_enabled(true)
        .display_request_duration(true)
        .persist_authorization(true)
        .validator_url("none")
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
