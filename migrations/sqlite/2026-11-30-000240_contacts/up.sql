-- Personal data: who keeps a depot, whom to call in an organization. It is the one data that can be erased, so it is in no
-- history and in nothing that is hashed; everything else names it by its id. Erased, a row has its id and no person.
CREATE TABLE contacts (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB REFERENCES organizations (id),
    depot_id BLOB REFERENCES depots (id) DEFERRABLE INITIALLY DEFERRED,
    role TEXT NOT NULL CHECK (role IN ('keeper', 'second_keeper', 'legal_representative', 'safety_head', 'duty')),
    name TEXT,
    phone TEXT,
    certificate TEXT,
    purpose TEXT NOT NULL,
    ends_on TEXT,
    change_set BLOB NOT NULL REFERENCES revisions (change_set) DEFERRABLE INITIALLY DEFERRED,
    erased_at BIGINT,
    erased_by BLOB REFERENCES accounts (id),
    CHECK ((organization_id IS NULL) <> (depot_id IS NULL)),
    CHECK (erased_at IS NULL OR (name IS NULL AND phone IS NULL AND certificate IS NULL))
);
CREATE INDEX contacts_by_organization ON contacts (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX contacts_by_depot ON contacts (depot_id) WHERE depot_id IS NOT NULL;
CREATE INDEX contacts_by_change_set ON contacts (change_set);
-- Those that are erased by themselves, the oldest first.
CREATE INDEX contacts_by_end ON contacts (ends_on) WHERE ends_on IS NOT NULL AND erased_at IS NULL;

-- Who read which contact on a day, and by which operation first: one row, however often.
CREATE TABLE contact_reads (
    contact_id BLOB NOT NULL REFERENCES contacts (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    day TEXT NOT NULL,
    operation TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (contact_id, day, account_id)
);
CREATE INDEX contact_reads_by_day ON contact_reads (day);

ALTER TABLE depot_versions ADD COLUMN keeper_id BLOB REFERENCES contacts (id);
ALTER TABLE depot_versions ADD COLUMN second_keeper_id BLOB REFERENCES contacts (id);
-- The system of the degrees. All positions so far are in WGS 84, which is of one class with the national one.
ALTER TABLE depot_versions ADD COLUMN datum TEXT CHECK (datum IN ('cgcs2000', 'gcj02', 'bd09'));
ALTER TABLE organization_versions ADD COLUMN credit_code TEXT;
ALTER TABLE organization_versions ADD COLUMN address TEXT;

-- The names stored so far move, the one exception to the rule that rows are only added: a name in a row that never changes
-- could never be erased.
INSERT INTO contacts (id, depot_id, role, name, purpose, change_set)
SELECT randomblob(16), named.depot_id, 'keeper', named.keeper, 'to ask who keeps the depot about its stock',
    (SELECT versions.change_set FROM depot_versions AS versions
     JOIN revisions ON revisions.change_set = versions.change_set
     WHERE versions.depot_id = named.depot_id AND versions.keeper = named.keeper
     ORDER BY revisions.revision DESC LIMIT 1)
FROM (SELECT DISTINCT depot_id, keeper FROM depot_versions WHERE keeper IS NOT NULL) AS named;
DROP TRIGGER depot_versions_refuse_update;
UPDATE depot_versions SET
    datum = CASE WHEN latitude IS NOT NULL AND longitude IS NOT NULL THEN 'cgcs2000' END,
    keeper_id = (SELECT contacts.id FROM contacts
        WHERE contacts.depot_id = depot_versions.depot_id AND contacts.name = depot_versions.keeper),
    keeper = NULL;
ALTER TABLE depot_versions DROP COLUMN keeper;
CREATE TRIGGER depot_versions_refuse_update BEFORE UPDATE ON depot_versions
BEGIN SELECT RAISE(ABORT, 'depot_versions is append-only'); END;

-- Whoever the last version of a depot does not name has ended by its first day.
UPDATE contacts SET ends_on = (
    SELECT versions.valid_from FROM depot_versions AS versions
    JOIN revisions ON revisions.change_set = versions.change_set
    WHERE versions.depot_id = contacts.depot_id ORDER BY versions.valid_from DESC, revisions.revision DESC LIMIT 1)
WHERE id IS NOT (
    SELECT versions.keeper_id FROM depot_versions AS versions
    JOIN revisions ON revisions.change_set = versions.change_set
    WHERE versions.depot_id = contacts.depot_id ORDER BY versions.valid_from DESC, revisions.revision DESC LIMIT 1);
