//! The application: everything a request can reach, built the same way for the server and for tests.

use std::net::TcpListener;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error as ActixError, HttpServer, web};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt as _;

use crate::api;
use crate::api::state::AppState;

/// The application with all its routes.
pub fn build(
    state: AppState,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = ActixError,
        InitError = (),
    >,
> {
    let (app, document) = App::new()
        .app_data(web::Data::new(state))
        .app_data(api::path_config())
        .into_utoipa_app()
        .openapi(api::docs::base())
        .configure(api::routes)
        .split_for_parts();
    app.configure(|config| api::docs::serve(config, document))
        .default_service(web::to(api::fallback::no_route))
        .wrap(Compress::default())
        .wrap(from_fn(api::middleware::answer_head))
        .wrap(from_fn(api::middleware::render_problems))
        .wrap(from_fn(api::request_id::trace))
}

/// The OpenAPI document of the routes that [`build`] serves.
pub fn document() -> OpenApi {
    let (_, document) =
        App::new().into_utoipa_app().openapi(api::docs::base()).configure(api::routes).split_for_parts();
    api::docs::finish(document)
}

/// The limits of a server's work.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// The number of threads that read requests and write answers; `None` is the number of cores.
    pub workers: Option<usize>,
    /// The seconds for requests in progress to finish once the server is told to stop.
    pub shutdown_seconds: u64,
}

/// A server on a listening socket; it runs until its handle is told to stop, and listens to no signals: who waits for
/// those knows what else must be brought to an end.
///
/// # Errors
/// If the socket cannot be listened on.
pub fn serve(state: AppState, listener: TcpListener, work: Work) -> std::io::Result<actix_web::dev::Server> {
    // A client that has gone is noticed, so that work for it ends.
    let mut server = HttpServer::new(move || build(state.clone())).h1_allow_half_closed(false).listen(listener)?;
    if let Some(workers) = work.workers {
        server = server.workers(workers);
    }
    Ok(server.disable_signals().shutdown_timeout(work.shutdown_seconds).run())
}
