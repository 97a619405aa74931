-- Refused where there are links of later versions: without their number they could not be checked.
ALTER TABLE receipts ADD CONSTRAINT receipts_of_version_1 CHECK (record_version = 1);
ALTER TABLE receipts DROP COLUMN record_version;
