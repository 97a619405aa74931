-- The answers that an account got of codes and user names that cannot be had, in the window that began with the first.
CREATE TABLE unavailable_answers (
    account_id UUID NOT NULL PRIMARY KEY REFERENCES accounts (id),
    answers BIGINT NOT NULL CHECK (answers > 0),
    since TIMESTAMPTZ NOT NULL
);
