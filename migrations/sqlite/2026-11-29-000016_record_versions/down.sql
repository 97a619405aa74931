-- Refused where there are links of later versions: without their number they could not be checked.
CREATE TABLE receipts_of_version_1 (version BIGINT CHECK (version = 1));
INSERT INTO receipts_of_version_1 SELECT record_version FROM receipts;
DROP TABLE receipts_of_version_1;
ALTER TABLE receipts DROP COLUMN record_version;
