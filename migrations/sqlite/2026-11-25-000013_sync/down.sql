DROP TABLE quarantine_decisions;
DROP TABLE quarantine;
DROP TABLE device_commands;
DROP TABLE device_reports;
