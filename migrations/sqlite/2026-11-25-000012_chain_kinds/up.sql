-- The chain also holds resolutions and decisions. A check is no part of a table that can be altered, so it is made anew with
-- all its rows.
ALTER TABLE receipts RENAME TO receipts_before;
CREATE TABLE receipts (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    position BIGINT NOT NULL CHECK (position > 0),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL CHECK (kind IN ('count', 'void', 'resolution', 'resolution_void', 'decision')),
    subject_id BLOB NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    record_sha256 TEXT NOT NULL CHECK (length(record_sha256) = 64),
    received_at BIGINT NOT NULL,
    effective_at BIGINT,
    previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    key_id TEXT NOT NULL,
    jws TEXT NOT NULL,
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

-- The receipt that a count was given before the server was restored from an older backup, kept as it was sent again. The
-- count's link in the present chain is a new one.
CREATE TABLE evidence (
    count_id BLOB NOT NULL PRIMARY KEY REFERENCES counts (id),
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    jws TEXT NOT NULL
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER evidence_refuse_update BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER evidence_refuse_delete BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;

-- INSERT OR REPLACE deletes without a word where a connection has recursive_triggers off.
CREATE TRIGGER evidence_refuse_replace BEFORE INSERT ON evidence
WHEN EXISTS (SELECT 1 FROM evidence WHERE count_id = NEW.count_id)
BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
