DROP TABLE enrolments;
DROP TABLE devices;
