-- Phones and browsers that somebody signed in with under a name, each with the session that it began.
CREATE TABLE devices (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    session_id BLOB NOT NULL UNIQUE REFERENCES sessions (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_reason TEXT,
    CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
);
CREATE INDEX devices_by_account ON devices (account_id);

-- Codes that sign in once, without a password. Only their keyed hashes are stored.
CREATE TABLE enrolments (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    code_hash BLOB NOT NULL UNIQUE,
    note TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    device_id BLOB REFERENCES devices (id),
    withdrawn_at BIGINT,
    CHECK ((used_at IS NULL) = (device_id IS NULL)),
    CHECK (used_at IS NULL OR withdrawn_at IS NULL)
);
CREATE INDEX enrolments_by_account ON enrolments (account_id);
