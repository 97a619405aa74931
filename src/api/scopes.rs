//! The scopes that open operations to clients; this is the only place that defines them.

use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{OpenApi, security};

use super::path_items::operations_mut;
use base::error::Error;
use domain::scope::Scope::{self, CatalogueRead, CountsWrite, ShortagesRead, StockRead};
use domain::scope::ScopeSet;
use text::messages::message;

/// The name of the clients' security scheme in the document.
pub const SCHEME: &str = "oauth2";

/// Every operation that requires a sign-in, by its id, with the scopes that open it to clients, each by itself; without
/// scopes it is closed to them. A missing operation is closed too, and a test names it.
pub const OPERATIONS: &[(&str, &[Scope])] = &[
    ("list_items", &[CatalogueRead]),
    ("find_item", &[CatalogueRead]),
    ("find_scanned_item", &[CatalogueRead]),
    ("list_item_classes", &[CatalogueRead]),
    ("find_item_class", &[CatalogueRead]),
    ("list_labels", &[CatalogueRead]),
    ("list_standards", &[CatalogueRead]),
    ("find_standard", &[CatalogueRead]),
    ("list_rules", &[CatalogueRead]),
    ("find_rule", &[CatalogueRead]),
    ("list_facts", &[CatalogueRead]),
    ("find_fact", &[CatalogueRead]),
    ("list_regions", &[CatalogueRead]),
    ("list_column_maps", &[CatalogueRead]),
    ("find_column_map", &[CatalogueRead]),
    ("find_region", &[CatalogueRead]),
    ("list_organizations", &[CatalogueRead]),
    ("find_organization", &[CatalogueRead]),
    ("list_depots", &[CatalogueRead]),
    ("find_depot", &[CatalogueRead]),
    ("list_stock", &[StockRead]),
    ("export_count_list", &[StockRead]),
    ("list_counts", &[StockRead]),
    ("find_count", &[StockRead]),
    ("find_count_receipts", &[StockRead]),
    ("list_shortages", &[ShortagesRead]),
    ("summarize_shortages", &[ShortagesRead]),
    ("explain_shortage", &[ShortagesRead]),
    ("list_organization_statuses", &[ShortagesRead]),
    ("list_expiring_lots", &[ShortagesRead]),
    ("list_fact_checks", &[ShortagesRead]),
    ("list_adoptions", &[ShortagesRead]),
    ("find_adoption", &[ShortagesRead]),
    ("list_targets", &[ShortagesRead]),
    ("find_target", &[ShortagesRead]),
    ("list_exemptions", &[ShortagesRead]),
    ("find_exemption", &[ShortagesRead]),
    ("submit_count", &[CountsWrite]),
    ("void_count", &[CountsWrite]),
    // Each scope opens some of the tables.
    ("export_tables", &[CatalogueRead, ShortagesRead]),
    // Each scope opens a part of a pull.
    ("pull_changes", &[CatalogueRead, StockRead, ShortagesRead]),
    ("push_commands", &[CountsWrite]),
    ("list_ledger_rows", &[StockRead]),
    ("find_ledger_row", &[StockRead]),
    ("list_quarantine", &[CountsWrite]),
    ("find_quarantined", &[CountsWrite]),
    // Closed to clients.
    ("decide_ledger_row", &[]),
    ("find_me", &[]),
    ("change_password", &[]),
    ("find_second_factor", &[]),
    ("start_second_factor", &[]),
    ("confirm_second_factor", &[]),
    ("remove_second_factor", &[]),
    ("reset_second_factor", &[]),
    ("list_accounts", &[]),
    ("find_account", &[]),
    ("put_account", &[]),
    ("close_account", &[]),
    ("reopen_account", &[]),
    ("reset_password", &[]),
    ("issue_enrolment", &[]),
    ("list_enrolments", &[]),
    ("withdraw_enrolment", &[]),
    ("list_clients", &[]),
    ("find_client", &[]),
    ("put_client", &[]),
    ("reset_client_secret", &[]),
    ("close_client", &[]),
    ("list_devices", &[]),
    ("withdraw_device", &[]),
    ("find_fact_sheet", &[]),
    ("put_item", &[]),
    ("list_item_history", &[]),
    ("put_item_class", &[]),
    ("list_item_class_history", &[]),
    ("put_region", &[]),
    ("put_column_map", &[]),
    ("withdraw_column_map", &[]),
    ("list_region_history", &[]),
    ("put_organization", &[]),
    ("list_organization_history", &[]),
    ("put_fact", &[]),
    ("list_fact_history", &[]),
    ("put_fact_sheet", &[]),
    ("put_sheet_fact", &[]),
    ("list_fact_sheet_history", &[]),
    ("put_depot", &[]),
    ("list_depot_history", &[]),
    ("list_depot_contacts", &[]),
    ("find_depot_contact", &[]),
    ("put_depot_contact", &[]),
    ("erase_depot_contact", &[]),
    ("list_depot_contact_reads", &[]),
    ("list_organization_contacts", &[]),
    ("find_organization_contact", &[]),
    ("put_organization_contact", &[]),
    ("erase_organization_contact", &[]),
    ("list_organization_contact_reads", &[]),
    ("list_standard_history", &[]),
    ("put_adoption", &[]),
    ("end_adoption", &[]),
    ("list_drafts", &[]),
    ("find_draft", &[]),
    ("put_draft", &[]),
    ("delete_draft", &[]),
    ("check_draft", &[]),
    ("check_standards", &[]),
    ("publish_draft", &[]),
    ("put_target", &[]),
    ("list_count_drafts", &[]),
    ("find_count_draft", &[]),
    ("put_count_draft", &[]),
    ("delete_count_draft", &[]),
    ("put_exemption", &[]),
    ("end_exemption", &[]),
    ("list_audit", &[]),
    ("import_tables", &[]),
    ("apply_quarantined", &[]),
    ("set_aside_quarantined", &[]),
    ("submit_resolution", &[]),
    ("void_resolution", &[]),
    ("list_resolutions", &[]),
    ("find_resolution", &[]),
    ("find_resolution_receipts", &[]),
    ("submit_acceptance", &[]),
    ("list_acceptances", &[]),
    ("find_acceptance", &[]),
    ("find_acceptance_receipts", &[]),
];

/// The descriptions of scopes in the document.
const DESCRIPTIONS: &[(Scope, &str)] = &[
    (CatalogueRead, "Reads items, standards, rules, the dictionary of facts, regions, organizations and depots."),
    (StockRead, "Reads counts, their receipts, and stock."),
    (
        ShortagesRead,
        "Reads shortages, their proof, whom to ask, and the adoptions, targets and exemptions they rest on.",
    ),
    (CountsWrite, "Submits and voids counts; for clients of one organization only."),
];

/// Returns the scopes that open an operation to clients; `None` if the table does not name it.
pub fn opening(operation: &str) -> Option<&'static [Scope]> {
    OPERATIONS.iter().find(|(id, _)| *id == operation).map(|(_, scopes)| *scopes)
}

/// Requires that one of a client's scopes opens an operation.
///
/// # Errors
/// `Forbidden` if none does.
pub fn require(operation: &str, granted: &ScopeSet) -> Result<(), Error> {
    let opening = opening(operation).unwrap_or_default();
    if opening.iter().any(|scope| granted.contains(*scope)) {
        return Ok(());
    }
    Err(missing(opening))
}

/// The refusal of a client that has none of the scopes that open something.
pub fn missing(opening: &[Scope]) -> Error {
    let detail = if opening.is_empty() {
        message!("closed-to-clients")
    } else {
        let words: Vec<String> = opening.iter().map(|scope| scope.word().to_owned()).collect();
        message!("scope-missing", scopes = words)
    };
    Error::Forbidden { code: "scope_missing", detail }
}

/// All scopes.
pub fn all() -> Vec<Scope> {
    DESCRIPTIONS.iter().map(|(scope, _)| *scope).collect()
}

/// The scopes, for the document.
pub fn described() -> security::Scopes {
    DESCRIPTIONS.iter().map(|(scope, description)| (scope.word(), *description)).collect()
}

/// Adds to each operation that clients may call the scopes that open it.
pub fn document(document: &mut OpenApi) {
    for operation in document.paths.paths.values_mut().flat_map(operations_mut) {
        let opening = operation.operation_id.as_deref().and_then(opening).unwrap_or_default();
        let alternatives = opening.iter().map(|scope| SecurityRequirement::new(SCHEME, [scope.word()]));
        operation.security.get_or_insert_default().extend(alternatives);
    }
}
