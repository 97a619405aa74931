// The operations and the kinds of things by which the audit is narrowed; `messages/*/board-data.ftl` has a word for each.

/** What people do, by the name of the operation. */
export const ACTIONS = [
  "import_tables", "decide_ledger_row", "submit_count", "push_commands", "void_count", "apply_quarantined", "set_aside_quarantined", "submit_resolution", "void_resolution", "submit_acceptance",
  "put_organization", "put_depot", "put_region", "put_fact", "put_sheet_fact", "put_fact_sheet", "put_target", "put_exemption", "end_exemption", "put_adoption", "end_adoption",
  "put_item", "put_item_class", "put_draft", "publish_draft", "delete_draft", "put_column_map", "withdraw_column_map", "put_organization_contact", "put_depot_contact",
  "erase_organization_contact", "erase_depot_contact", "put_account", "close_account", "reopen_account", "reset_password", "change_password", "reset_second_factor",
  "issue_enrolment", "withdraw_enrolment", "enrol_device", "withdraw_device", "put_client", "close_client", "reset_client_secret", "sign_in", "sign_out", "refresh_session", "set_up",
  "confirm_second_factor", "remove_second_factor",
];

/** What changes concern. */
export const AUDIT_KINDS = [
  "organization", "depot", "count", "void", "quarantine", "resolution", "acceptance", "ledger", "item_answer", "fact", "fact_sheet", "declared_target", "exemption", "adoption", "standard",
  "rule", "draft", "item", "item_class", "fact_definition", "region", "column_map", "table_check", "contact", "account", "client", "enrolment", "device", "session",
];
