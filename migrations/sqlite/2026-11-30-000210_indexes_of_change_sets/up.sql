-- A revision is the last row of its transaction, when the references to it are still open. SQLite then looks in every table with
-- such a reference for the rows that it closes, and reads the table from end to end where no index leads to them: so a commit
-- cost more with every row ever stored.
CREATE INDEX adoptions_by_change_set ON adoptions (change_set);
CREATE INDEX bearing_counts_by_change_set ON bearing_counts (change_set);
CREATE INDEX declared_targets_by_change_set ON declared_targets (change_set);
CREATE INDEX depot_owners_by_change_set ON depot_owners (change_set);
CREATE INDEX depot_versions_by_change_set ON depot_versions (change_set);
CREATE INDEX depots_by_change_set ON depots (change_set);
CREATE INDEX draft_versions_by_change_set ON draft_versions (change_set);
CREATE INDEX evidence_by_change_set ON evidence (change_set);
CREATE INDEX exemption_ends_by_change_set ON exemption_ends (change_set);
CREATE INDEX exemptions_by_change_set ON exemptions (change_set);
CREATE INDEX fact_definition_versions_by_change_set ON fact_definition_versions (change_set);
CREATE INDEX fact_definitions_by_change_set ON fact_definitions (change_set);
CREATE INDEX fact_sheets_by_change_set ON fact_sheets (change_set);
CREATE INDEX facts_by_change_set ON facts (change_set);
CREATE INDEX item_classes_by_change_set ON item_classes (change_set);
CREATE INDEX item_units_by_change_set ON item_units (change_set);
CREATE INDEX item_versions_by_change_set ON item_versions (change_set);
CREATE INDEX items_by_change_set ON items (change_set);
CREATE INDEX organization_changes_by_other_change_set ON organization_changes (other_change_set);
CREATE INDEX organization_kinds_by_change_set ON organization_kinds (change_set);
CREATE INDEX organization_versions_by_change_set ON organization_versions (change_set);
CREATE INDEX organizations_by_change_set ON organizations (change_set);
CREATE INDEX receipts_by_change_set ON receipts (change_set);
CREATE INDEX region_versions_by_change_set ON region_versions (change_set);
CREATE INDEX regions_by_change_set ON regions (change_set);
CREATE INDEX rule_versions_by_change_set ON rule_versions (change_set);
CREATE INDEX rules_by_change_set ON rules (change_set);
CREATE INDEX standard_versions_by_change_set ON standard_versions (change_set);
CREATE INDEX standards_by_change_set ON standards (change_set);
