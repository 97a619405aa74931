//! The floor of a report: the database alone aggregates a plain table with one row for each assessment.

use std::time::Instant;

use serde::Serialize;
use serde_json::Value;

use crate::database::{Connection, Place, scratch_folder};
use crate::server::Server;
use crate::users::{Caller, Users};

/// The times that a question is asked.
const TIMES: usize = 9;

/// The most rows of one statement.
const ROWS: usize = 500;

/// The median of a question.
#[derive(Clone, Debug, Serialize)]
pub struct ReportFloor {
    pub name: String,
    pub p50_ms: f64,
    pub groups: usize,
}

/// The assessments of one banner, as rows of SQL.
pub async fn read(server: &Server, users: &Users) -> Vec<String> {
    let mut caller = Caller::connect(server.address, &users.of_banner).await;
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = caller.get(&format!("/shortages?limit=500{cursor}")).await;
        rows.extend(page["items"].as_array().unwrap().iter().map(row));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

fn row(line: &Value) -> String {
    let text = |value: &Value| format!("'{}'", value.as_str().unwrap_or_default().replace('\'', "''"));
    let code = line["organization"]["code"].as_str().unwrap();
    // Teams are numbered T1 to T6, and the codes of enterprises begin with their sector.
    let sector = code.split('-').next().unwrap().trim_end_matches(|sign: char| sign.is_ascii_digit());
    let item = if line["item"].is_null() { &line["name"] } else { &line["item"]["code"] };
    let number = |interval: &str, end: &str| line[interval][end].to_string();
    [
        format!("'{code}','{sector}'"),
        text(item),
        text(&line["status"]),
        text(&line["strength"]),
        text(&line["basis"]),
        number("required", "min"),
        number("required", "max"),
        number("usable", "min"),
        number("usable", "max"),
        number("shortage", "min"),
        number("shortage", "max"),
    ]
    .join(",")
}

/// Measures the questions of the summary over so many banners alike.
pub fn measure(place: &Place, rows: &[String], banners: u32) -> Vec<ReportFloor> {
    let folder = scratch_folder("muster-floor-");
    let mut connection = Connection::open(&place.url(folder.path()));
    let columns =
        "organization TEXT, sector TEXT, item TEXT, status TEXT, strength TEXT, basis TEXT, required_min NUMERIC, \
         required_max NUMERIC, usable_min NUMERIC, usable_max NUMERIC, short_min NUMERIC, short_max NUMERIC"
            .replace("NUMERIC", if matches!(connection, Connection::Sqlite(_)) { "REAL" } else { "DOUBLE PRECISION" });
    connection.run(&format!("CREATE TABLE one ({columns}); CREATE TABLE assessments (region INTEGER, {columns})"));
    for rows in rows.chunks(ROWS) {
        let rows: Vec<String> = rows.iter().map(|row| format!("({})", row.replace("null", "NULL"))).collect();
        connection.run(&format!("INSERT INTO one VALUES {}", rows.join(",")));
    }
    connection.run(&format!(
        "INSERT INTO assessments WITH RECURSIVE regions(region) AS (SELECT 1 UNION ALL SELECT region + 1 FROM regions \
         WHERE region < {banners}) SELECT region, one.* FROM regions, one ORDER BY region; \
         CREATE INDEX assessments_by_region ON assessments (region);"
    ));
    connection.run(match connection {
        Connection::Sqlite(_) => "ANALYZE",
        Connection::Postgres(_) => "VACUUM ANALYZE",
    });
    let mut ask = |name: &str, by: &str, condition: &str| {
        let sql = format!(
            "SELECT {by} || ' ' || count(*) || ' ' || sum(CASE WHEN status = 'short' THEN 1 ELSE 0 END) || ' ' \
             || sum(required_min) || ' ' || sum(usable_min) || ' ' || sum(short_min) AS text FROM assessments \
             WHERE strength = 'mandatory' {condition} GROUP BY {by}, basis"
        );
        let mut took = Vec::new();
        let mut groups = 0;
        for _ in 0..TIMES {
            let started = Instant::now();
            groups = connection.texts(&sql).len();
            took.push(started.elapsed().as_secs_f64() * 1e3);
        }
        took.sort_by(f64::total_cmp);
        ReportFloor { name: name.to_owned(), p50_ms: took[TIMES / 2], groups }
    };
    vec![
        ask("summary by item, one banner", "item", "AND region = 1"),
        ask("summary by item, all", "item", ""),
        ask("summary by sector, all", "sector", ""),
        ask("summary by region, all", "region", ""),
    ]
}
