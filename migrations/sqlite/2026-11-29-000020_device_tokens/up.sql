-- Secrets that devices keep from an earlier sign-in of an account: an attempt that comes with one is counted by itself. Only
-- their hashes are stored. The session is the last one that was opened with it.
CREATE TABLE device_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    session_id BLOB NOT NULL REFERENCES sessions (id),
    last_used_at BIGINT NOT NULL
);
CREATE INDEX device_tokens_by_account ON device_tokens (account_id);

-- When the present refresh token was first used, with which key of its client, and how many of its predecessors in a row were
-- used once more later: by two devices in step.
ALTER TABLE sessions ADD COLUMN current_used_at BIGINT;
ALTER TABLE sessions ADD COLUMN current_key_hash BLOB;
ALTER TABLE sessions ADD COLUMN current_is_repeated BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sessions ADD COLUMN repeated_in_a_row BIGINT NOT NULL DEFAULT 0;

-- Failures are counted by more parties.
CREATE TABLE sign_in_attempts_anew (
    tried TEXT NOT NULL CHECK (tried IN ('address', 'account', 'account_at_address', 'device', 'holder', 'code_address', 'client', 'client_address')),
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
