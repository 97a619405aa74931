-- The code that makes the first account: at most one, and none once there is an account. Only its hash is kept.
CREATE TABLE setup_codes (
    id UUID NOT NULL PRIMARY KEY,
    code_sha256 BYTEA NOT NULL CHECK (length(code_sha256) = 32),
    made_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL CHECK (expires_at > made_at)
);
