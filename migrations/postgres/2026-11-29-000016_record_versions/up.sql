-- The version of the form in which a link's record was hashed, outside of what is signed. Links from before have none, and are
-- of the first.
ALTER TABLE receipts ADD COLUMN record_version BIGINT CHECK (record_version > 0);
