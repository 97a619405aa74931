//! What is measured, in this order: first what only reads, then what writes.

use serde_json::Value;

use crate::load::{Numbers, Requests};
use crate::request::{Line, Request};
use crate::run::Session;
use crate::users::{Caller, LINES, sign_in};

/// The commands of a push, and the lines of each.
const COMMANDS: usize = 30;
const LINES_OF_COMMAND: usize = 10;

/// The name of the signed-in handler that does one indexed read: the floor of every other read.
pub const ONE_READ: &str = "floor: GET /depots/{code}";

/// The names of the submits.
pub const SUBMIT: &str = "submit 60 lines, return=minimal";
pub const SUBMIT_FULL: &str = "submit 60 lines, whole answer";

/// The largest number of clients that sign in at once: each hashes a password.
const MOST_SIGN_INS: usize = 8;

/// Everything on one size of data.
pub async fn measure_all(session: &mut Session<'_>) {
    read(session).await;
    pull(session).await;
    write(session).await;
}

async fn read(session: &mut Session<'_>) {
    let (users, all) = (session.users, session.clients.clone());
    let quartermasters = &users.quartermasters;
    let depots: Vec<Request> =
        quartermasters.iter().map(|one| one.get(&format!("/depots/{}", one.depot_code))).collect();
    for clients in &all {
        session.measure(ONE_READ, Requests::InTurn(&depots), *clients).await;
    }
    let get = |token: &str, path: &str| Request::new(&Line("GET", path), token, &[], None);
    let (region, item) = (&users.region, &users.item);
    for (name, token, path) in [
        ("shortages, first page of all", &users.of_all, "/api/v1/shortages?limit=50".to_owned()),
        (
            "shortages, status=short and an item, of all",
            &users.of_all,
            format!("/api/v1/shortages?limit=50&status=short&item={item}"),
        ),
        (
            "summary by item, one banner",
            &users.of_banner,
            format!("/api/v1/shortages/summary?group_by=item&region={region}"),
        ),
        ("summary by item, all", &users.of_all, "/api/v1/shortages/summary?group_by=item".to_owned()),
        ("summary by sector, all", &users.of_all, "/api/v1/shortages/summary?group_by=sector".to_owned()),
        ("summary by region, all", &users.of_all, "/api/v1/shortages/summary?group_by=region".to_owned()),
        ("explanation", &users.explanation.1, users.explanation.0.clone()),
    ] {
        session.measure(name, Requests::InTurn(&[get(token, &path)]), 1).await;
    }
    let stock: Vec<Request> = quartermasters.iter().map(|one| one.get("/stock?limit=50")).collect();
    session.measure("stock, first page", Requests::InTurn(&stock), 1).await;
    let sign_ins: Vec<Request> = quartermasters.iter().map(|one| sign_in(&one.username, true)).collect();
    for clients in all.iter().filter(|clients| **clients <= MOST_SIGN_INS) {
        session.measure("sign-in", Requests::InTurn(&sign_ins), *clients).await;
    }
}

/// The cursors are those of devices that have everything; the changes are new counts of their organizations.
async fn pull(session: &mut Session<'_>) {
    if !session.wants("pull") {
        return;
    }
    let (users, all, address) = (session.users, session.clients.clone(), session.server.address);
    let some = &users.quartermasters[..users.quartermasters.len().min(8)];
    let first: Vec<Request> = some.iter().map(|one| one.get("/sync")).collect();
    session.measure("pull, first", Requests::InTurn(&first), 1).await;
    let nothing = since(session, address).await;
    for clients in &all {
        session.measure("pull, nothing new", Requests::InTurn(&nothing), *clients).await;
    }
    for (name, lines) in [("pull, after a count of 1 line", 1), ("pull, after a count of 60 lines", LINES)] {
        let pulls = since(session, address).await;
        for one in some {
            let mut caller = Caller::connect(address, &one.token).await;
            let answer = caller.send_numbered(&one.submit_plain(lines), session.numbers.next()).await;
            assert_eq!(answer["repeated"], false, "{answer}");
        }
        session.measure(name, Requests::InTurn(&pulls), 1).await;
    }
}

/// The pulls of some devices that have everything.
async fn since(session: &Session<'_>, address: std::net::SocketAddr) -> Vec<Request> {
    let mut pulls = Vec::new();
    for one in session.users.quartermasters.iter().take(8) {
        let (cursor, _) = one.cursor(address).await;
        pulls.push(one.get(&format!("/sync?cursor={cursor}")));
    }
    pulls
}

async fn write(session: &mut Session<'_>) {
    let (users, all, address) = (session.users, session.clients.clone(), session.server.address);
    let quartermasters = &users.quartermasters;
    if session.wants("push") {
        let one = &quartermasters[0];
        let push = one.push("bench-checked", COMMANDS, LINES_OF_COMMAND, false);
        let mut caller = Caller::connect(address, &one.token).await;
        let answer = caller.send_numbered(&push, session.numbers.next()).await;
        let is_applied = |result: &Value| result["status"] == "applied" && result["repeated"] == false;
        assert!(answer["results"].as_array().unwrap().iter().all(is_applied), "{answer}");
    }
    for clients in &all {
        // A device of its own for each client, which numbers its commands.
        let pushes: Vec<Request> = (0..*clients)
            .map(|number| {
                let device = format!("bench-{}-{number}", session.numbers.next());
                quartermasters[number % quartermasters.len()].push(&device, COMMANDS, LINES_OF_COMMAND, true)
            })
            .collect();
        session.measure_stored("push of 30 counts of 10 lines", Requests::OfEach(&pushes), *clients, COMMANDS).await;
    }
    for (name, is_minimal) in [(SUBMIT, true), (SUBMIT_FULL, false)] {
        let submits: Vec<Request> = quartermasters.iter().map(|one| one.submit(LINES, is_minimal)).collect();
        for clients in &all {
            session.measure_stored(name, Requests::InTurn(&submits), *clients, 1).await;
        }
    }
}

/// Numbers for a session, beginning anew.
pub fn numbers() -> Numbers {
    Numbers::default()
}
