-- The file of a phone. A command is a row of one of the three tables queue, acknowledged and quarantined; what it is
-- never changes, whichever it is in.
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE tokens (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    account TEXT NOT NULL,
    username TEXT NOT NULL,
    access_token TEXT NOT NULL,
    refresh_token TEXT NOT NULL,
    obtained_at BIGINT NOT NULL,
    expires_in BIGINT NOT NULL,
    ended TEXT
);

CREATE TABLE queue (
    id TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'awaits_sign_in', 'held')),
    problem TEXT
);

CREATE TABLE acknowledged (
    id TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    receipt TEXT NOT NULL,
    is_own_content BOOLEAN NOT NULL,
    count_id TEXT NOT NULL,
    acknowledged_at BIGINT NOT NULL,
    is_to_repeat BOOLEAN NOT NULL DEFAULT FALSE,
    problem TEXT
);

CREATE TABLE quarantined (
    id TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('undecided', 'set_aside', 'rejected')),
    problem TEXT,
    decision TEXT,
    quarantined_at BIGINT NOT NULL,
    is_to_repeat BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE mirror (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (kind, key)
);

CREATE TRIGGER queue_keeps_commands BEFORE UPDATE OF id, seq, kind, body, created_at ON queue
BEGIN SELECT RAISE(ABORT, 'a command never changes'); END;

CREATE TRIGGER acknowledged_keeps_commands BEFORE UPDATE OF id, seq, kind, body, receipt, count_id ON acknowledged
BEGIN SELECT RAISE(ABORT, 'a command never changes'); END;

CREATE TRIGGER quarantined_keeps_commands BEFORE UPDATE OF id, seq, kind, body ON quarantined
BEGIN SELECT RAISE(ABORT, 'a command never changes'); END;
