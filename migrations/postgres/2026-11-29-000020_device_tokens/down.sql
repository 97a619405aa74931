DROP TABLE sign_in_attempts;
CREATE TABLE sign_in_attempts (
    tried TEXT NOT NULL CHECK (tried IN ('address', 'account')),
    key_hash BYTEA NOT NULL,
    failures BIGINT NOT NULL,
    last_failed_at TIMESTAMPTZ NOT NULL,
    blocked_until TIMESTAMPTZ,
    PRIMARY KEY (tried, key_hash)
);
CREATE INDEX sign_in_attempts_by_age ON sign_in_attempts (last_failed_at);
ALTER TABLE sessions DROP COLUMN repeated_in_a_row;
ALTER TABLE sessions DROP COLUMN current_is_repeated;
ALTER TABLE sessions DROP COLUMN current_key_hash;
ALTER TABLE sessions DROP COLUMN current_used_at;
DROP TABLE device_tokens;
