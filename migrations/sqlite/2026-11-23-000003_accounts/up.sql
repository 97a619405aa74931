-- Who may sign in. A quartermaster belongs to an organization, everybody else to a region and what is below it.
CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE CHECK (username = lower(username)),
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('quartermaster', 'viewer', 'officer', 'admin')),
    display_name TEXT NOT NULL,
    organization_id BLOB REFERENCES organizations (id),
    region_id BLOB REFERENCES regions (id),
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    CHECK ((role = 'quartermaster') = (organization_id IS NOT NULL)),
    CHECK ((role = 'quartermaster') = (region_id IS NULL))
);
