//! The application: everything a request can reach, built the same way for the server and for tests.

use std::future::ready;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_server::{GracefulShutdownSignal, ServerBuilder};
use actix_service::{IntoServiceFactory as _, Service, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error as ActixError, web};
use futures_util::future::{Either, select};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt as _;

use crate::api;
use crate::api::connections::{Connection, ConnectionBounds, Connections, GuardedStream};
use crate::api::document::{Document, Profile};
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
    let settings = Arc::clone(&state.settings);
    let cors = api::cors::of(&settings.cors_origins);
    let (app, described) = App::new()
        .app_data(web::Data::new(state))
        .app_data(api::path_config())
        .into_utoipa_app()
        .openapi(api::document::base())
        .configure(api::routes(settings.open_data))
        .split_for_parts();
    app.configure(|config| api::docs::serve(config, described, document, &settings))
        .configure(api::site::serve)
        .default_service(web::to(api::fallback::no_route))
        .wrap(Compress::default())
        .wrap(from_fn(api::negotiation::require_offered))
        .wrap(from_fn(api::middleware::answer_head))
        .wrap(from_fn(api::body_pace::hold_to_pace))
        .wrap(from_fn(api::caller_limits::hold_turn))
        .wrap(from_fn(api::hardening::check_headers))
        .wrap(from_fn(api::middleware::catch_panics))
        .wrap(from_fn(api::quotas::count))
        .wrap(cors)
        .wrap(from_fn(api::middleware::render_problems))
        .wrap(from_fn(api::request_id::trace))
}

/// A copy of the OpenAPI document of all routes that [`build`] may serve.
pub fn document(profile: Profile) -> &'static Document {
    api::document::complete(profile, described)
}

/// The declarations by handlers and tables of the API of all routes that [`build`] may serve.
pub fn described() -> OpenApi {
    let (_, document) =
        App::new().into_utoipa_app().openapi(api::document::base()).configure(api::routes(true)).split_for_parts();
    api::document::with_tables(document)
}

/// The limits of a server's work.
#[derive(Clone, Debug)]
pub struct Work {
    /// The number of threads that read requests and write answers; `None` is the number of cores.
    pub workers: Option<usize>,
    /// The seconds for requests in progress to finish once the server is told to stop.
    pub shutdown_seconds: u64,
    /// The bounds of connections.
    pub connections: ConnectionBounds,
}

/// The seconds a connection may be idle between two requests.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// The time for a client to agree on TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The time for a client to take the end of its answer once its connection is being closed.
const LINGER: Duration = Duration::from_secs(1);

/// The bounds of connections to the listener for metrics: a few scrapers, who ask at once and read at once.
const OF_METRICS: ConnectionBounds = ConnectionBounds { most: 16, most_of_one: 16, head: Duration::from_secs(5) };

/// A server on a listening socket, over TLS if there is a configuration for it, and perhaps on a second one for metrics. It
/// runs until its handle is told to stop, and does not listen for signals: the caller does, because other work must end too.
///
/// # Errors
/// If the socket cannot be listened on.
pub fn serve(
    state: AppState,
    listener: TcpListener,
    work: Work,
    tls: Option<Arc<ServerConfig>>,
    metrics: Option<TcpListener>,
) -> std::io::Result<Server> {
    let connections = Connections::new(work.connections.clone(), &state.settings.trusted_proxies, tls.is_some());
    let mut server = ServerBuilder::default().disable_signals().shutdown_timeout(work.shutdown_seconds);
    if let Some(workers) = work.workers {
        server = server.workers(workers);
    }
    let stopping = server.graceful_shutdown_signal();
    if let Some((metrics, listener)) = state.metrics.clone().zip(metrics) {
        let connections = Connections::new(OF_METRICS, &[], false);
        let (state, stopping) = (state.clone(), stopping.clone());
        server = server.listen("metrics", listener, move || {
            let connections = connections.clone();
            fn_service(move |stream: TcpStream| ready(admit(stream, &connections))).and_then(http(
                api::metrics::scrape::build(state.clone(), Arc::clone(&metrics)),
                stopping.clone(),
                OF_METRICS.head,
                GuardedStream::connection,
            ))
        })?;
    }
    let head = work.connections.head;
    let server = match tls {
        None => server.listen("http", listener, move || {
            let connections = connections.clone();
            fn_service(move |stream: TcpStream| ready(admit(stream, &connections))).and_then(http(
                build(state.clone()),
                stopping.clone(),
                head,
                GuardedStream::connection,
            ))
        })?,
        Some(tls) => server.listen("https", listener, move || {
            let (connections, acceptor, ended) =
                (connections.clone(), TlsAcceptor::from(tls.clone()), stopping.clone());
            fn_service(move |stream: TcpStream| {
                let admitted = admit(stream, &connections);
                agree(admitted, acceptor.clone(), ended.clone(), head.min(HANDSHAKE))
            })
            .and_then(http(build(state.clone()), stopping.clone(), head, connection_under_tls))
        })?,
    };
    Ok(server.run())
}

/// An application by HTTP/1.1 over streams of a kind, each of which knows its connection.
fn http<S, F, B>(
    app: App<F>,
    stopping: GracefulShutdownSignal,
    head: Duration,
    connection: fn(&S) -> &Arc<Connection>,
) -> impl ServiceFactory<
    (S, Option<SocketAddr>),
    Config = (),
    Response = (),
    Error = DispatchError,
    InitError = (),
    Service = impl Service<(S, Option<SocketAddr>), Response = (), Error = DispatchError> + 'static,
>
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
    F: ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<B>, Error = ActixError, InitError = ()>
        + 'static,
    B: MessageBody + 'static,
{
    let app = app.into_factory().map_err(|error: ActixError| error.error_response());
    HttpService::build()
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(head)
        .client_disconnect_timeout(LINGER)
        // A client that has gone is noticed, so that work for it ends.
        .h1_allow_half_closed(false)
        .on_connect_ext(move |stream: &S, data| {
            data.insert(Arc::clone(connection(stream)));
        })
        .h1(map_config(app, |()| AppConfig::default()))
}

fn connection_under_tls(stream: &TlsStream<GuardedStream>) -> &Arc<Connection> {
    stream.get_ref().0.connection()
}

type Admitted<S> = Result<(S, Option<SocketAddr>), DispatchError>;

fn admit(stream: TcpStream, connections: &Connections) -> Admitted<GuardedStream> {
    let stream = GuardedStream::admit(stream, connections).ok_or_else(no_room)?;
    let peer = stream.connection().peer;
    Ok((stream, peer))
}

/// Agrees on TLS with a client, which has a limited time for it, and none once the server is told to stop.
async fn agree(
    admitted: Admitted<GuardedStream>,
    acceptor: TlsAcceptor,
    stopping: GracefulShutdownSignal,
    limit: Duration,
) -> Admitted<TlsStream<GuardedStream>> {
    let (stream, peer) = admitted?;
    let ended = pin!(stopping.notified());
    let agreeing = pin!(tokio::time::timeout(limit, acceptor.accept(stream)));
    match select(agreeing, ended).await {
        Either::Left((Ok(agreed), _)) => Ok((agreed.map_err(DispatchError::Io)?, peer)),
        Either::Left((Err(_), _)) => Err(DispatchError::SlowRequestTimeout),
        Either::Right(_) => Err(DispatchError::Io(io::ErrorKind::ConnectionAborted.into())),
    }
}

/// The end of a connection for which there is no room.
fn no_room() -> DispatchError {
    DispatchError::Io(io::Error::new(io::ErrorKind::ConnectionRefused, "too many connections"))
}
