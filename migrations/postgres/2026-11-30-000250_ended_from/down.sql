ALTER TABLE contacts RENAME COLUMN ended_from TO ends_on;
