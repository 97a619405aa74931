DROP INDEX rule_versions_by_item;
DROP TABLE depot_owners;
DROP TABLE organization_kinds;
DROP TABLE item_units;
