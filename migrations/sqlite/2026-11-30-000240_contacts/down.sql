-- The names go back to where they were; what was erased stays erased, and all else of a contact is lost.
ALTER TABLE depot_versions ADD COLUMN keeper TEXT;
DROP TRIGGER depot_versions_refuse_update;
UPDATE depot_versions SET keeper = (SELECT contacts.name FROM contacts WHERE contacts.id = depot_versions.keeper_id);
ALTER TABLE depot_versions DROP COLUMN keeper_id;
ALTER TABLE depot_versions DROP COLUMN second_keeper_id;
ALTER TABLE depot_versions DROP COLUMN datum;
CREATE TRIGGER depot_versions_refuse_update BEFORE UPDATE ON depot_versions
BEGIN SELECT RAISE(ABORT, 'depot_versions is append-only'); END;
ALTER TABLE organization_versions DROP COLUMN credit_code;
ALTER TABLE organization_versions DROP COLUMN address;
DROP TABLE contact_reads;
DROP TABLE contacts;
