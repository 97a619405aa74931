-- An officer's word that an organization's own count holds although an inspection found less, with the reason. It removes
-- nothing, and is never changed.
CREATE TABLE acceptances (
    id BLOB NOT NULL PRIMARY KEY,
    depot_id BLOB NOT NULL REFERENCES depots (id),
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    item_code TEXT NOT NULL REFERENCES items (code),
    inspection_id BLOB NOT NULL REFERENCES counts (id),
    count_id BLOB NOT NULL REFERENCES counts (id),
    reason TEXT NOT NULL,
    accepted_by TEXT NOT NULL,
    accepted_at BIGINT NOT NULL,
    body BLOB NOT NULL,
    body_sha256 TEXT NOT NULL CHECK (length(body_sha256) = 64)
);
CREATE INDEX acceptances_by_organization ON acceptances (organization_id);
CREATE INDEX acceptances_by_depot ON acceptances (depot_id);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER acceptances_refuse_update BEFORE UPDATE ON acceptances
BEGIN SELECT RAISE(ABORT, 'acceptances is append-only'); END;
CREATE TRIGGER acceptances_refuse_delete BEFORE DELETE ON acceptances
BEGIN SELECT RAISE(ABORT, 'acceptances is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER acceptances_refuse_replace BEFORE INSERT ON acceptances
WHEN EXISTS (SELECT 1 FROM acceptances WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'acceptances is append-only'); END;

-- The chain also holds acceptances. A check is no part of a table that can be altered, so it is made anew with all its rows.
ALTER TABLE receipts RENAME TO receipts_before;
CREATE TABLE receipts (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    position BIGINT NOT NULL CHECK (position > 0),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL CHECK (kind IN ('count', 'void', 'resolution', 'resolution_void', 'acceptance', 'decision')),
    subject_id BLOB NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    record_sha256 TEXT NOT NULL CHECK (length(record_sha256) = 64),
    received_at BIGINT NOT NULL,
    effective_at BIGINT,
    previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    key_id TEXT NOT NULL,
    jws TEXT NOT NULL,
    record_version BIGINT CHECK (record_version > 0),
    PRIMARY KEY (organization_id, position),
    UNIQUE (kind, subject_id)
);
INSERT INTO receipts SELECT * FROM receipts_before;
DROP TABLE receipts_before;

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER receipts_refuse_update BEFORE UPDATE ON receipts
BEGIN SELECT RAISE(ABORT, 'receipts is append-only'); END;
CREATE TRIGGER receipts_refuse_delete BEFORE DELETE ON receipts
BEGIN SELECT RAISE(ABORT, 'receipts is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER receipts_refuse_replace BEFORE INSERT ON receipts
WHEN EXISTS (SELECT 1 FROM receipts WHERE organization_id = NEW.organization_id AND position = NEW.position
    OR kind = NEW.kind AND subject_id = NEW.subject_id)
BEGIN SELECT RAISE(ABORT, 'receipts is append-only'); END;
