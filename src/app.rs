//! The application: everything a request can reach, built the same way for the server and for tests.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error as ActixError, HttpServer, web};
use chrono::TimeDelta;
use ipnet::IpNet;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt as _;

use crate::api;
use crate::auth::passwords::Passwords;
use crate::auth::tokens::TokenKeys;
use crate::clock::Clock;
use crate::db::Db;

/// What requests share.
#[derive(Clone)]
pub struct State {
    /// The database.
    pub db: Db,
    /// The keys of access tokens.
    pub keys: Arc<TokenKeys>,
    /// The checker of passwords.
    pub passwords: Passwords,
    /// Where "now" comes from.
    pub clock: Clock,
    /// What whoever runs the service chose.
    pub settings: Arc<Settings>,
}

/// What whoever runs the service chose, as far as requests are answered by it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where clients reach the service, without a slash at its end; `None` where nobody said.
    pub public_url: Option<String>,
    /// The proxies whose word on a client's address is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they give it.
    pub forwarded_header: ForwardedHeader,
    /// How long an access token is good for.
    pub access_token_lifetime: TimeDelta,
    /// How long a refresh token is good for after its last use.
    pub refresh_token_lifetime: TimeDelta,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            trusted_proxies: Vec::new(),
            forwarded_header: ForwardedHeader::XForwardedFor,
            access_token_lifetime: TimeDelta::minutes(15),
            refresh_token_lifetime: TimeDelta::days(90),
        }
    }
}

/// The header in which proxies say whom a request is from. One of them, as a client may write the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl ForwardedHeader {
    /// The header's name.
    pub fn name(self) -> HeaderName {
        match self {
            Self::XForwardedFor => header::X_FORWARDED_FOR,
            Self::Forwarded => header::FORWARDED,
        }
    }
}

/// The application with all its routes.
pub fn build(
    state: State,
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

/// How a server works.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// How many threads read requests and write answers; `None` takes as many as the machine has cores.
    pub workers: Option<usize>,
    /// How many seconds requests under way have to be answered once the server is told to stop.
    pub shutdown_seconds: u64,
}

/// A server on a listening socket; it runs until its handle is told to stop, and listens to no signals: who waits for
/// those knows what else must be brought to an end.
///
/// # Errors
/// Where the socket cannot be listened on.
pub fn serve(state: State, listener: TcpListener, work: Work) -> std::io::Result<actix_web::dev::Server> {
    let mut server = HttpServer::new(move || build(state.clone())).listen(listener)?;
    if let Some(workers) = work.workers {
        server = server.workers(workers);
    }
    Ok(server.disable_signals().shutdown_timeout(work.shutdown_seconds).run())
}
