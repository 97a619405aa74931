-- Wrong codes of a second factor are counted apart from wrong passwords.
CREATE TABLE sign_in_attempts_anew (
    tried TEXT NOT NULL CHECK (tried IN ('address', 'account', 'account_at_address', 'device', 'holder', 'second_factor', 'code_address', 'client', 'client_address')),
    key_hash BLOB NOT NULL,
    failures BIGINT NOT NULL,
    last_failed_at BIGINT NOT NULL,
    blocked_until BIGINT,
    PRIMARY KEY (tried, key_hash)
);
INSERT INTO sign_in_attempts_anew SELECT tried, key_hash, failures, last_failed_at, blocked_until FROM sign_in_attempts;
DROP TABLE sign_in_attempts;
ALTER TABLE sign_in_attempts_anew RENAME TO sign_in_attempts;
CREATE INDEX sign_in_attempts_by_age ON sign_in_attempts (last_failed_at);
