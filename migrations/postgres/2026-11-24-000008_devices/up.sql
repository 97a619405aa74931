-- Phones and browsers that somebody signed in with under a name, each with the session that it began.
CREATE TABLE devices (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    session_id UUID NOT NULL UNIQUE REFERENCES sessions (id),
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ,
    withdrawn_reason TEXT,
    CHECK ((withdrawn_at IS NULL) = (withdrawn_reason IS NULL))
);
CREATE INDEX devices_by_account ON devices (account_id);

-- Codes that sign in once, without a password. Only their keyed hashes are stored.
CREATE TABLE enrolments (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    code_hash BYTEA NOT NULL UNIQUE,
    note TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    device_id UUID REFERENCES devices (id),
    withdrawn_at TIMESTAMPTZ,
    CHECK ((used_at IS NULL) = (device_id IS NULL)),
    CHECK (used_at IS NULL OR withdrawn_at IS NULL)
);
CREATE INDEX enrolments_by_account ON enrolments (account_id);
