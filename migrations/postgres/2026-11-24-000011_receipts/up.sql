-- The chain of each organization: what was accepted, link by link, each with the receipt that was given for it. A receipt
-- is a JWS; its key is named by key_id.
CREATE TABLE receipts (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    position BIGINT NOT NULL CHECK (position > 0),
    change_set UUID NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL CHECK (kind IN ('count', 'void')),
    subject_id UUID NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    record_sha256 TEXT NOT NULL CHECK (length(record_sha256) = 64),
    received_at TIMESTAMPTZ NOT NULL,
    effective_at TIMESTAMPTZ,
    previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    key_id TEXT NOT NULL,
    jws TEXT NOT NULL,
    PRIMARY KEY (organization_id, position),
    UNIQUE (kind, subject_id)
);

-- Only ever added to: the database itself refuses the rest.
CREATE TRIGGER receipts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON receipts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
