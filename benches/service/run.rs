//! One database: its floors, then each size of data with all that is measured on it.

use std::time::Duration;

use tokio::runtime::Runtime;

use crate::database::{self, Connection, Kind, Place};
use crate::deadline;
use crate::floors;
use crate::load::{Measured, Numbers, Requests, measure as load};
use crate::options::Options;
use crate::report::{Report, Size};
use crate::server::{Counts, Data, Filled, RequestLimits, Server, count_counts};
use crate::users::Users;
use crate::work;

/// A running service with those who use it.
pub struct Session<'a> {
    pub server: &'a Server,
    pub users: &'a Users,
    pub clients: Vec<usize>,
    pub numbers: &'a Numbers,
    options: &'a Options,
    connection: Connection,
    report: &'a mut Report,
}

impl Session<'_> {
    pub fn wants(&self, name: &str) -> bool {
        self.options.wants(name)
    }

    /// Measures what only reads.
    pub async fn measure(&mut self, name: &str, requests: Requests<'_>, clients: usize) {
        if self.wants(name) {
            let measured = load(self.server, name, requests, clients, self.options.time(), self.numbers).await;
            self.report.add(measured);
        }
    }

    /// Measures what stores so many counts with each request, and checks that all which were acknowledged are there.
    pub async fn measure_stored(&mut self, name: &str, requests: Requests<'_>, clients: usize, counts: usize) {
        if !self.wants(name) {
            return;
        }
        let before = count_counts(&mut self.connection);
        let measured = load(self.server, name, requests, clients, self.options.time(), self.numbers).await;
        let Measured { refused, requests, .. } = &measured;
        let acknowledged = (requests - refused.values().sum::<usize>()) * counts;
        let stored = usize::try_from(count_counts(&mut self.connection) - before).unwrap();
        // Those that were answered with 503 may be stored: only a repeat finds out.
        let possible = acknowledged..=requests * counts;
        assert!(possible.contains(&stored), "{name}: {stored} counts stored, {acknowledged} acknowledged");
        self.report.add(measured);
    }
}

/// Measures a database.
pub fn measure(runtime: &Runtime, options: &Options, kind: Kind, report: &mut Report) {
    database::choose_root(options.dir.as_deref());
    let place = Place::of(kind);
    let numbers = work::numbers();
    println!("\n# {kind}");
    if options.deadline {
        for data in options.sizes() {
            deadline::measure(runtime, options, &place, kind, data, report);
        }
        return;
    }
    if options.wants("floor") {
        // Small data of its own: a floor does not depend on what the service keeps.
        let filled = Filled::make(&place, Data { banners: 1, counts: Counts::OfOrganization(2), only: &[] });
        let server = Server::start(&place, &filled, RequestLimits::Off);
        let template = runtime.block_on(async {
            let users = Users::sign_in(server.address, &filled.data).await;
            floors::submit::derive(&server, &users, &filled.url, &numbers).await
        });
        server.stop();
        report.add_floor(kind, floors::submit::measure(&template, &filled.url, options));
    }
    for data in options.sizes() {
        let filled = Filled::make(&place, data);
        let server = Server::start(&place, &filled, RequestLimits::Off);
        let idle = settle(&server);
        report.begin(Size::of(kind, &filled, &server, idle));
        let users = runtime.block_on(Users::sign_in(server.address, &data));
        if options.wants("floor") {
            let figures = runtime.block_on(floors::report::read(&server, &users));
            report.add_report_floor(floors::report::measure(&place, &figures, data.banners));
        }
        let clients = options.clients.clone();
        let connection = Connection::open(&filled.url);
        let mut session =
            Session { server: &server, users: &users, clients, numbers: &numbers, options, connection, report };
        runtime.block_on(work::measure_all(&mut session));
        drop(session);
        server.stop();
    }
}

/// Waits until a server that has just started is idle, and returns its resident memory in MiB.
pub fn settle(server: &Server) -> f64 {
    std::thread::sleep(Duration::from_secs(1));
    server.memory()[0]
}
