-- The content that an officer applied in place of what was sent. After a restore the service is pushed this, with its receipt.
ALTER TABLE acknowledged ADD COLUMN applied_body BLOB;
