DROP TABLE audit_subjects;
DROP TABLE audit_entries;
