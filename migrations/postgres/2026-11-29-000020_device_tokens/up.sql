-- Secrets that devices keep from an earlier sign-in of an account: an attempt that comes with one is counted by itself. Only
-- their hashes are stored. The session is the last one that was opened with it.
CREATE TABLE device_tokens (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    session_id UUID NOT NULL REFERENCES sessions (id),
    last_used_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX device_tokens_by_account ON device_tokens (account_id);

-- When the present refresh token was first used, with which key of its client, and how many of its predecessors in a row were
-- used once more later: by two devices in step.
ALTER TABLE sessions ADD COLUMN current_used_at TIMESTAMPTZ;
ALTER TABLE sessions ADD COLUMN current_key_hash BYTEA;
ALTER TABLE sessions ADD COLUMN current_is_repeated BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sessions ADD COLUMN repeated_in_a_row BIGINT NOT NULL DEFAULT 0;

-- Failures are counted by more parties.
ALTER TABLE sign_in_attempts DROP CONSTRAINT sign_in_attempts_tried_check;
ALTER TABLE sign_in_attempts ADD CONSTRAINT sign_in_attempts_tried_check CHECK (tried IN ('address', 'account', 'account_at_address', 'device', 'holder', 'code_address', 'client', 'client_address'));
