CREATE TABLE sign_in_attempts_anew (
    tried TEXT NOT NULL CHECK (tried IN ('address', 'account')),
    key_hash BLOB NOT NULL,
    failures BIGINT NOT NULL,
    last_failed_at BIGINT NOT NULL,
    blocked_until BIGINT,
    PRIMARY KEY (tried, key_hash)
);
INSERT INTO sign_in_attempts_anew SELECT tried, key_hash, failures, last_failed_at, blocked_until FROM sign_in_attempts WHERE tried IN ('address', 'account');
DROP TABLE sign_in_attempts;
ALTER TABLE sign_in_attempts_anew RENAME TO sign_in_attempts;
CREATE INDEX sign_in_attempts_by_age ON sign_in_attempts (last_failed_at);
ALTER TABLE sessions DROP COLUMN repeated_in_a_row;
ALTER TABLE sessions DROP COLUMN current_is_repeated;
ALTER TABLE sessions DROP COLUMN current_key_hash;
ALTER TABLE sessions DROP COLUMN current_used_at;
DROP TABLE device_tokens;
