-- The column holds the first day on which the contact is no longer in its place, not the last on which it is.
ALTER TABLE contacts RENAME COLUMN ends_on TO ended_from;
