-- What a lot is, read from the last ledger of its depot alone.
CREATE INDEX ledger_rows_by_depot ON ledger_rows (depot_id, ledger_on) WHERE depot_id IS NOT NULL;

ALTER TABLE item_versions ADD COLUMN specification TEXT;
ALTER TABLE item_versions ADD COLUMN service_life_months BIGINT CHECK (service_life_months > 0);
