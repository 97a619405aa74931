//! A deadline hour: many phones that submit at once, reports while counts arrive at a steady rate, a morning's sign-ins.
//!
//! It is the service with its default settings, also its limits of requests; only its access tokens last longer. Each part says
//! which answers came; the run fails where a count is lost or doubled, or where an answer is one that no phone can wait out.

mod enrol;
mod pace;
mod phones;
mod reports;
mod sign_ins;
mod tally;

use std::cell::{Cell, RefCell};
use std::net::Ipv4Addr;
use std::time::Instant;

use serde::Serialize;
use serde_json::Value;
use tokio::runtime::Runtime;

use self::phones::Phones;
use self::reports::Reports;
use self::sign_ins::SignIns;
use crate::database::{Connection, Kind, Place};
use crate::load::Numbers;
use crate::options::Options;
use crate::report::{Report, Size};
use crate::request::{Line, Request};
use crate::run::settle;
use crate::server::{Data, Filled, RequestLimits, Server, count_counts};
use crate::users::{Caller, Users};
use crate::work;

/// The phones that share an address.
const PHONES_OF_ROUTER: usize = 8;

/// The figures of a deadline hour.
#[derive(Clone, Debug, Serialize)]
pub struct Deadline {
    pub phones: Phones,
    pub reports: Reports,
    pub sign_ins: SignIns,
    /// The outcome of `muster verify chain` afterwards.
    pub verified: String,
    /// What the service must not do, and did.
    pub faults: Vec<String>,
}

/// A running service in its deadline hour.
struct Hour<'a> {
    server: &'a Server,
    users: &'a Users,
    numbers: &'a Numbers,
    options: &'a Options,
    kind: Kind,
    connection: RefCell<Connection>,
    faults: Faults,
    stored: Sums,
}

/// The counts of all parts together. A write that was answered with 503 may be stored in a later part.
#[derive(Default)]
struct Sums {
    acknowledged: Cell<usize>,
    sent: Cell<usize>,
}

impl Sums {
    fn add(&self, acknowledged: usize, sent: usize) {
        self.acknowledged.set(self.acknowledged.get() + acknowledged);
        self.sent.set(self.sent.get() + sent);
    }

    /// Checks that what was acknowledged is there, and nothing that was not sent.
    fn check(&self, stored: i64, faults: &Faults) {
        let (acknowledged, sent) = (self.acknowledged.get(), self.sent.get());
        if !(acknowledged..=sent).contains(&usize::try_from(stored).unwrap()) {
            faults.add(format!("{stored} counts stored of {sent} sent and {acknowledged} acknowledged"));
        }
    }
}

/// What the service must not do, and did.
#[derive(Default)]
struct Faults(RefCell<Vec<String>>);

impl Faults {
    /// Each is told once.
    fn add(&self, fault: String) {
        let mut known = self.0.borrow_mut();
        if !known.contains(&fault) {
            println!("FAULT: {fault}");
            known.push(fault);
        }
    }
}

/// Measures a deadline hour on one size of data.
pub fn measure(runtime: &Runtime, options: &Options, place: &Place, kind: Kind, data: Data, report: &mut Report) {
    let filled = Filled::make(place, data);
    let server = Server::start(place, &filled, RequestLimits::Off);
    let idle = settle(&server);
    report.begin_size(Size::of(kind, &filled, &server, idle));
    let started = Instant::now();
    let (users, tokens) = runtime.block_on(async {
        let users = Users::sign_in(server.address, &data).await;
        let tokens = enrol::devices(server.address, &users, options.phones()).await;
        (users, tokens)
    });
    println!("{} phones signed in, in {:.0} s", tokens.len(), started.elapsed().as_secs_f64());
    server.stop();
    let server = Server::start(place, &filled, RequestLimits::Default);
    settle(&server);
    let hour = Hour {
        server: &server,
        users: &users,
        numbers: &work::numbers(),
        options,
        kind,
        connection: RefCell::new(Connection::open(&filled.url)),
        faults: Faults::default(),
        stored: Sums::default(),
    };
    let (phones, reports, sign_ins, keys) = runtime.block_on(async {
        let phones = phones::measure(&hour, tokens).await;
        phones.print();
        let reports = reports::measure(&hour).await;
        reports.print();
        let sign_ins = sign_ins::measure(&hour, reports.highest_per_second).await;
        sign_ins.print();
        (phones, reports, sign_ins, key_set(&hour).await)
    });
    hour.stored.check(count_counts(&mut hour.connection.borrow_mut()) - filled.counts, &hour.faults);
    let verified = filled.verify(&keys).unwrap_or_else(|difference| {
        hour.faults.add(format!("muster verify: {difference}"));
        difference
    });
    println!("\nmuster verify: {verified}");
    let faults = hour.faults.0.take();
    server.stop();
    report.add_deadline(Deadline { phones, reports, sign_ins, verified, faults });
}

/// The address of a phone, which it shares with a few others, as behind the router of a depot.
fn source_of(phone: usize) -> Ipv4Addr {
    let router = u32::try_from(phone / PHONES_OF_ROUTER).unwrap();
    Ipv4Addr::from_bits(Ipv4Addr::new(127, 1, 0, 0).to_bits() + 1 + router)
}

async fn key_set(hour: &Hour<'_>) -> Value {
    let request = Request::plain(&Line("GET", "/.well-known/jwks.json"), "", None);
    Caller::connect(hour.server.address, "").await.send(&request).await
}
