-- The names go back to where they were; what was erased stays erased, and all else of a contact is lost.
ALTER TABLE depot_versions ADD COLUMN keeper TEXT;
SET CONSTRAINTS ALL IMMEDIATE;
DROP TRIGGER depot_versions_append_only ON depot_versions;
UPDATE depot_versions SET keeper = (SELECT contacts.name FROM contacts WHERE contacts.id = depot_versions.keeper_id);
ALTER TABLE depot_versions DROP COLUMN keeper_id;
ALTER TABLE depot_versions DROP COLUMN second_keeper_id;
ALTER TABLE depot_versions DROP COLUMN datum;
CREATE TRIGGER depot_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON depot_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE organization_versions DROP COLUMN credit_code;
ALTER TABLE organization_versions DROP COLUMN address;
DROP TABLE contact_reads;
DROP TABLE contacts;
