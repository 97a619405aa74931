-- Who may sign in. A quartermaster belongs to an organization, everybody else to a region and what is below it. Without
-- a password one signs in by enrolment only.
CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE CHECK (username = lower(username)),
    password_hash TEXT,
    role TEXT NOT NULL CHECK (role IN ('quartermaster', 'viewer', 'officer', 'admin')),
    display_name TEXT NOT NULL,
    organization_id BLOB REFERENCES organizations (id),
    region_id BLOB REFERENCES regions (id),
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    closed_reason TEXT,
    CHECK ((closed_at IS NULL) = (closed_reason IS NULL)),
    CHECK ((role = 'quartermaster') = (organization_id IS NOT NULL)),
    CHECK ((role = 'quartermaster') = (region_id IS NULL))
);
