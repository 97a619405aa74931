DROP TABLE exemption_ends;
DROP TABLE exemptions;
