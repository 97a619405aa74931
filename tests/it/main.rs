//! The integration tests: one binary, in which every body with a database runs on both.
//!
//! `cargo test --test it` runs them all, `cargo test --test it -- revisions::` those of one file; a filter is part of a name.
//! If no PostgreSQL server programs are installed, its half is reported as ignored; with
//! `MUSTER_TEST_POSTGRES=required` that is a failure. The same holds for tests that need Chromium or
//! Node ([`tools`]), with `MUSTER_TEST_CHROMIUM=required` and `MUSTER_TEST_NODE=required`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that meets the unexpected should stop there, and tests read the environment and drive connections"
)]

mod acceptances;
mod account_command;
mod accounts;
mod adoptions;
mod answers;
mod app;
mod architecture;
mod audit;
mod backup;
mod bad_input;
mod browser;
mod budgets;
mod cases;
mod circles;
mod client_tokens;
mod clients;
mod cluster;
mod command_line;
mod conformance;
mod contacts;
mod cors;
mod count_drafts;
mod counts;
mod database;
mod day;
mod dead;
mod demo;
mod depots;
mod devices;
mod discovery;
mod docs;
mod document;
mod effects;
mod exchanges;
mod exemptions;
mod expiring;
mod explanations;
mod fact_checks;
mod facts;
mod fairness;
mod faults;
mod flags;
mod formulas;
mod generate;
mod generators;
mod golden;
mod guide;
mod hardening;
mod https;
mod import;
mod import_bounds;
mod items;
mod labels_command;
mod languages;
mod ledger_rows;
mod ledgers_out;
mod limits;
mod list_filters;
mod long_tables;
mod lot_details;
mod lots;
mod metrics;
mod migrations;
mod open_data;
mod openapi;
mod order;
mod organization_statuses;
mod organizations;
mod pages;
mod parity;
mod partial_rows;
mod phone;
mod phone_command;
mod plans;
mod process;
mod proxy;
mod pull;
mod push;
mod quarantine;
mod quota;
mod races;
mod reach;
mod rebuild;
mod receipts;
mod reference;
mod reference_cache;
mod regions;
mod registries;
mod resolutions;
mod revisions;
mod revocations;
mod rights;
mod rows;
mod rules;
mod second_factor;
mod seed;
mod serve;
mod sessions;
mod setup;
mod shortages;
mod sign_in;
mod site;
mod slips;
mod spoken_for;
mod standards;
mod stock_counts;
mod storage;
mod stored;
mod targets;
#[cfg(feature = "postgres-tls")]
mod tls;
mod today;
mod tools;
mod unsent_files;
mod write_queue;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let Some((word, arguments)) = words.split_first()
        && word == faults::processes::SERVE
    {
        faults::processes::serve(arguments);
        return ExitCode::SUCCESS;
    }
    let cases = [
        acceptances::cases(),
        account_command::cases(),
        accounts::cases(),
        adoptions::cases(),
        answers::cases(),
        architecture::cases(),
        backup::cases(),
        audit::cases(),
        bad_input::cases(),
        budgets::cases(),
        circles::cases(),
        client_tokens::cases(),
        clients::cases(),
        command_line::cases(),
        conformance::cases(),
        cors::cases(),
        contacts::cases(),
        count_drafts::cases(),
        counts::cases(),
        day::cases(),
        dead::cases(),
        demo::cases(),
        devices::cases(),
        discovery::cases(),
        docs::cases(),
        https::cases(),
        import::cases(),
        import_bounds::cases(),
        formulas::cases(),
        effects::cases(),
        exchanges::cases(),
        exemptions::cases(),
        explanations::cases(),
        depots::cases(),
        facts::cases(),
        expiring::cases(),
        fact_checks::cases(),
        fairness::cases(),
        faults::cases(),
        generate::cases(),
        generators::cases(),
        golden::cases(),
        guide::cases(),
        hardening::cases(),
        flags::cases(),
        items::cases(),
        reference_cache::cases(),
        labels_command::cases(),
        languages::cases(),
        ledger_rows::cases(),
        ledgers_out::cases(),
        limits::cases(),
        list_filters::cases(),
        long_tables::cases(),
        lot_details::cases(),
        lots::cases(),
        metrics::cases(),
        migrations::cases(),
        open_data::cases(),
        openapi::cases(),
        order::cases(),
        organization_statuses::cases(),
        organizations::cases(),
        pages::cases(),
        parity::cases(),
        partial_rows::cases(),
        phone::cases(),
        plans::cases(),
        phone_command::cases(),
        pull::cases(),
        push::cases(),
        quarantine::cases(),
        quota::cases(),
        races::cases(),
        reach::cases(),
        rebuild::cases(),
        receipts::cases(),
        reference::cases(),
        regions::cases(),
        registries::cases(),
        resolutions::cases(),
        revisions::cases(),
        revocations::cases(),
        rights::cases(),
        second_factor::cases(),
        sessions::cases(),
        serve::cases(),
        setup::cases(),
        shortages::cases(),
        sign_in::cases(),
        site::cases(),
        slips::cases(),
        spoken_for::cases(),
        standards::cases(),
        stock_counts::cases(),
        storage::cases(),
        stored::cases(),
        targets::cases(),
        #[cfg(feature = "postgres-tls")]
        tls::cases(),
        today::cases(),
        unsent_files::cases(),
        write_queue::cases(),
    ];
    let conclusion = cases::run(&Arguments::from_args(), cases.into_iter().flatten());
    cluster::stop();
    if let Err(untried) = faults::look_that_all_was_tried() {
        eprintln!("{untried}");
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}
