-- Programs of others that call the API in their own name. Each has an account that no person signs in to, and one session
-- at a time, which ends with its secret. Of the secret, 256 random bits, only a hash is stored.
CREATE TABLE clients (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL UNIQUE REFERENCES accounts (id),
    session_id BLOB NOT NULL UNIQUE REFERENCES sessions (id),
    secret_hash BLOB NOT NULL,
    secret_since BIGINT NOT NULL,
    scopes TEXT NOT NULL CHECK (scopes <> ''),
    body_sha256 TEXT NOT NULL CHECK (length(body_sha256) = 64),
    last_used_at BIGINT
);
