DROP TABLE revisions;
DROP FUNCTION refuse_change();
