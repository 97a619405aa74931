//! All HTTP: handlers, callers and their rights, problems, pages of lists.
//!
//! One list registers the routes and documents them: [`routes`].

mod acceptances;
mod accounts;
mod adoptions;
pub mod answer_files;
mod any_of;
pub mod app;
mod ask;
mod audit;
mod auth;
mod body;
pub mod body_pace;
mod body_progress;
pub mod caller_limits;
mod callers;
mod cells;
mod changed;
mod changed_since;
mod client_address;
mod clients;
mod column_maps;
mod condition;
pub mod connections;
mod contacts;
mod cors;
mod count_drafts;
mod count_lists;
mod counts;
mod declared;
mod depots;
mod device_headers;
mod devices;
mod discovery;
pub mod docs;
pub mod document;
mod drafts;
mod enrolments;
pub mod error;
mod exemptions;
mod expiring;
mod fact_checks;
mod fact_sheets;
mod facts;
pub mod fallback;
mod fields;
mod figures;
mod format;
mod hardening;
pub mod health;
mod idempotency_key;
mod item_classes;
mod items;
mod keeper_names;
mod keys;
mod labels;
mod language;
pub mod ledger_files;
mod ledger_rows;
mod ledgers;
mod list_all;
mod list_table;
mod me;
pub mod metrics;
pub mod middleware;
pub mod negotiation;
mod oauth;
mod offered;
mod open;
mod organization_statuses;
mod organizations;
pub mod origin;
mod page;
mod passwords;
mod path_items;
mod places;
mod prefer;
mod problem;
pub mod qr;
mod quarantine;
mod query;
mod quotas;
mod regions;
mod reply;
pub mod request_id;
mod resolutions;
mod room;
mod rules;
mod scans;
pub mod scopes;
mod second_factor;
mod selection;
mod server_address;
pub mod settings;
mod setup;
mod shortages;
mod site;
mod standard_checks;
mod standards;
pub mod state;
mod stock;
mod sync;
mod table_file;
mod tables;
mod targets;
pub mod tls;
mod unpack;
mod versions;
mod words;

use actix_web::web;
use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::error::ApiError;
use base::error::Fault;
use base::sent;
use text::messages::message;
use uuid::Uuid;

/// All operations; those of open data only if it is offered.
pub fn routes(open_data: bool) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config
            .service(health::check_liveness)
            .service(health::check_readiness)
            .service(keys::list_keys)
            .service(discovery::find_api_catalog)
            .service(discovery::find_authorization_server)
            .service(scope("/api/v1").configure(v1).configure(move |config: &mut ServiceConfig| {
                if open_data {
                    open_v1(config);
                }
            }));
    }
}

fn open_v1(config: &mut ServiceConfig) {
    config
        .service(open::list_open_standards)
        .service(open::find_open_standard)
        .service(open::list_open_rules)
        .service(open::list_open_items)
        .service(open::list_open_item_classes);
}

fn v1(config: &mut ServiceConfig) {
    config
        .service(auth::login::sign_in)
        .service(auth::refresh::refresh_session)
        .service(auth::logout::sign_out)
        .service(auth::enrol::enrol_device)
        .service(oauth::token::issue_token)
        .service(me::find_me)
        .service(me::change_password)
        .service(second_factor::find_second_factor)
        .service(second_factor::start_second_factor)
        .service(second_factor::confirm_second_factor)
        .service(second_factor::remove_second_factor)
        .service(second_factor::reset_second_factor)
        .service(accounts::list::list_accounts)
        .service(accounts::list::find_account)
        .service(accounts::save::put_account)
        .service(accounts::close::close_account)
        .service(accounts::close::reopen_account)
        .service(accounts::password::reset_password)
        .service(enrolments::issue_enrolment)
        .service(enrolments::list_enrolments)
        .service(enrolments::withdraw_enrolment)
        .service(devices::list_devices)
        .service(devices::withdraw_device)
        .service(clients::read::list_clients)
        .service(clients::read::find_client)
        .service(clients::save::put_client)
        .service(clients::secret::reset_client_secret)
        .service(clients::close::close_client)
        .service(setup::set_up)
        .service(items::list_items)
        .service(items::find_item)
        .service(items::put_item)
        .service(scans::find_scanned_item)
        .service(items::list_item_history)
        .service(item_classes::list_item_classes)
        .service(item_classes::find_item_class)
        .service(item_classes::put_item_class)
        .service(item_classes::list_item_class_history)
        .service(words::list_labels)
        .service(regions::list_regions)
        .service(regions::find_region)
        .service(regions::put_region)
        .service(regions::list_region_history)
        .service(organizations::list_organizations)
        .service(organizations::find_organization)
        .service(organizations::put_organization)
        .service(organizations::list_organization_history)
        .service(facts::list_facts)
        .service(facts::find_fact)
        .service(facts::put_fact)
        .service(facts::list_fact_history)
        .service(facts::find_fact_sheet)
        .service(fact_sheets::put_fact_sheet)
        .service(fact_sheets::put_sheet_fact)
        .service(fact_sheets::list_fact_sheet_history)
        .service(depots::list_depots)
        .service(depots::find_depot)
        .service(depots::put_depot)
        .service(depots::list_depot_history)
        .service(contacts::list_depot_contacts)
        .service(contacts::find_depot_contact)
        .service(contacts::put_depot_contact)
        .service(contacts::erase_depot_contact)
        .service(contacts::list_depot_contact_reads)
        .service(contacts::list_organization_contacts)
        .service(contacts::find_organization_contact)
        .service(contacts::put_organization_contact)
        .service(contacts::erase_organization_contact)
        .service(contacts::list_organization_contact_reads)
        // Before the path with a code, which would match it as well.
        .service(standard_checks::check_standards)
        .service(standards::list_standards)
        .service(standards::find_standard)
        .service(rules::list_rules)
        .service(rules::find_rule)
        .service(standards::list_standard_history)
        .service(adoptions::list_adoptions)
        .service(adoptions::find_adoption)
        .service(adoptions::put_adoption)
        .service(adoptions::end_adoption)
        .service(drafts::list_drafts)
        .service(drafts::find_draft)
        .service(drafts::put_draft)
        .service(drafts::delete_draft)
        .service(drafts::check_draft)
        .service(drafts::publish_draft)
        .service(targets::list_targets)
        .service(targets::find_target)
        .service(targets::put_target)
        .service(exemptions::list_exemptions)
        .service(exemptions::find_exemption)
        .service(exemptions::put_exemption)
        .service(exemptions::end_exemption)
        .service(ledger_rows::list_ledger_rows)
        .service(ledger_rows::find_ledger_row)
        .service(ledger_rows::decide_ledger_row)
        .service(audit::list_audit)
        .service(column_maps::list_column_maps)
        .service(column_maps::find_column_map)
        .service(column_maps::put_column_map)
        .service(column_maps::withdraw_column_map)
        .service(tables::import_tables)
        .service(tables::export_tables)
        .service(count_drafts::list_count_drafts)
        .service(count_drafts::find_count_draft)
        .service(count_drafts::put_count_draft)
        .service(count_drafts::delete_count_draft)
        .service(counts::submit_count)
        .service(counts::void_count)
        .service(counts::list_counts)
        .service(counts::find_count)
        .service(counts::find_count_receipts)
        .service(sync::push::push_commands)
        .service(sync::pull::pull_changes)
        .service(quarantine::list::list_quarantine)
        .service(quarantine::list::find_quarantined)
        .service(quarantine::decide::apply_quarantined)
        .service(quarantine::decide::set_aside_quarantined)
        .service(resolutions::submit_resolution)
        .service(resolutions::void_resolution)
        .service(resolutions::list_resolutions)
        .service(resolutions::find_resolution)
        .service(resolutions::find_resolution_receipts)
        .service(acceptances::submit_acceptance)
        .service(acceptances::list_acceptances)
        .service(acceptances::find_acceptance)
        .service(acceptances::find_acceptance_receipts)
        .service(stock::list_stock)
        .service(count_lists::export_count_list)
        .service(shortages::summarize_shortages)
        .service(shortages::list_shortages)
        .service(shortages::explain_shortage)
        .service(organization_statuses::list_organization_statuses)
        .service(expiring::list_expiring_lots)
        .service(fact_checks::list_fact_checks);
}

/// The refusal of unreadable path parameters.
pub fn path_config() -> web::PathConfig {
    web::PathConfig::default().error_handler(|_, request| {
        let unreadable = |(_, value): &(&str, &str)| sent::read::<Uuid>(value).is_none();
        let name = request.match_info().iter().filter(|(name, _)| IDS_IN_PATHS.contains(name)).find(unreadable);
        let pointer = name.map_or_else(|| "/path".to_owned(), |(name, _)| format!("/{name}"));
        ApiError::Malformed(vec![Fault::new(pointer, "wrong_value", message!("value-not-uuid"))]).into()
    })
}

/// The path parameters that can only be ids.
pub const IDS_IN_PATHS: [&str; 2] = ["id", "line"];
