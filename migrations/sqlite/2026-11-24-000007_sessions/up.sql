-- What followed from each sign-in. Of its refresh tokens only hashes are stored: of what the family has in common, of the
-- token that was used last, and of its successor, which is worked out from that token and the salt.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    family_hash BLOB NOT NULL UNIQUE,
    current_hash BLOB NOT NULL,
    successor_salt BLOB,
    successor_hash BLOB,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT CHECK
        (end_reason IN ('signed_out', 'password_changed', 'account_closed', 'device_withdrawn', 'token_reused')),
    CHECK ((successor_salt IS NULL) = (successor_hash IS NULL)),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX sessions_by_account ON sessions (account_id) WHERE ended_at IS NULL;

-- Sign-ins that failed, by client address and by user name, each as a keyed hash: what was typed is not kept.
CREATE TABLE sign_in_attempts (
    tried TEXT NOT NULL CHECK (tried IN ('address', 'account')),
    key_hash BLOB NOT NULL,
    failures BIGINT NOT NULL,
    last_failed_at BIGINT NOT NULL,
    blocked_until BIGINT,
    PRIMARY KEY (tried, key_hash)
);
CREATE INDEX sign_in_attempts_by_age ON sign_in_attempts (last_failed_at);
