-- Second factors: codes of an authenticator app (RFC 6238). The secret is worked out from the seed and a key in the folder of
-- keys, which the key id names; it is not stored. One that is not confirmed yet is not asked for.
CREATE TABLE second_factors (
    account_id UUID NOT NULL PRIMARY KEY REFERENCES accounts (id),
    seed BYTEA NOT NULL,
    key_id TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ,
    last_step BIGINT
);

-- Codes for the day on which the app is lost, each good once. Only their keyed hashes are stored.
CREATE TABLE recovery_codes (
    account_id UUID NOT NULL REFERENCES second_factors (account_id),
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (account_id, code_hash)
);
