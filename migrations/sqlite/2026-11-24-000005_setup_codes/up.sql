-- The code that makes the first account: at most one, and none once there is an account. Only its hash is kept.
CREATE TABLE setup_codes (
    id BLOB NOT NULL PRIMARY KEY,
    code_sha256 BLOB NOT NULL CHECK (length(code_sha256) = 32),
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL CHECK (expires_at > made_at)
);
