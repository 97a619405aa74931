ALTER TABLE item_versions DROP COLUMN service_life_months;
ALTER TABLE item_versions DROP COLUMN specification;
DROP INDEX ledger_rows_by_depot;
