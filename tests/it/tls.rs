//! TLS to PostgreSQL, in builds that have it: a server with a certificate of a CA of our own.

use std::net::TcpListener;

use db::connection::AnyConnection;
use db::pool::Connector;
use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::r2d2::ManageConnection as _;
use diesel::sql_types::Bool;
use tempfile::TempDir;

use crate::cases::{NoDatabase, cases};
use crate::cluster::Cluster;
use crate::process::{Service, outcome};

cases![a_server_is_known_by_its_certificate];

async fn a_server_is_known_by_its_certificate(_: NoDatabase) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = Cluster::start_with_tls(port);
    let socket = server.url("postgres").replace("port=5432", &format!("port={port}"));
    PgConnection::establish(&socket).unwrap().batch_execute("CREATE DATABASE over_tls").unwrap();
    let (ca, other) = (server.folder().join("ca.pem"), server.folder().join("other.pem"));
    let url = |host: &str, rest: &str| format!("postgres://muster@{host}:{port}/over_tls?{rest}");
    let folder = TempDir::new().unwrap();

    let full = url("localhost", &format!("sslmode=verify-full&sslrootcert={}", ca.display()));
    let service = Service::start(folder.path(), &full, &[]);
    assert_eq!(service.call("GET", "/health/ready", &[], None).status, 200);
    assert!(service.code().is_some());
    // Every connection of the service that the server knows of is over TLS.
    let mut watcher = PgConnection::establish(&socket).unwrap();
    let plain =
        "SELECT bool_and(ssl) AS yes FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = 'over_tls'";
    assert!(diesel::sql_query(plain).get_result::<Answer>(&mut watcher).unwrap().yes);
    assert_eq!(service.stop().0, 0);

    let wrong_ca = url("localhost", &format!("sslmode=verify-full&sslrootcert={}", other.display()));
    let wrong_name = url("127.0.0.1", &format!("sslmode=verify-full&sslrootcert={}", ca.display()));
    let no_ca = url("localhost", "sslmode=verify-ca&sslrootcert=/nowhere/ca.pem");
    for (url, expected, words) in [
        (wrong_ca, 77, "certificate verify failed"),
        (wrong_name, 77, "does not match host name"),
        (no_ca, 2, "root certificate file \"/nowhere/ca.pem\" does not exist"),
    ] {
        let (code, said) = outcome(folder.path(), &["serve"], &[("DATABASE_URL", &url)]);
        assert_eq!(code, expected, "{said}");
        assert!(said.lines().count() == 1 && said.contains(words), "{said}");
    }
    // In keywords and values, and by the variable of libpq.
    let keywords = format!("postgres:host=localhost port={port} user=muster dbname=over_tls sslmode=require");
    assert!(is_over_tls(&keywords));
    let by_variable = [("DATABASE_URL", url("localhost", "")), ("PGSSLMODE", "verify-full".to_owned())];
    let by_variable: Vec<_> = by_variable.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (code, said) = outcome(folder.path(), &["migrate"], &by_variable);
    assert_eq!(code, 2, "without a CA nothing can be verified: {said}");
    server.stop();
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

fn is_over_tls(url: &str) -> bool {
    let mut connection = Connector::new(url.parse().unwrap()).connect().unwrap();
    let AnyConnection::Postgres(connection) = &mut connection else { unreachable!() };
    let own = "SELECT ssl AS yes FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    diesel::sql_query(own).get_result::<Answer>(connection).unwrap().yes
}
