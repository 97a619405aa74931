DELETE FROM sign_in_attempts WHERE tried NOT IN ('address', 'account');
ALTER TABLE sign_in_attempts DROP CONSTRAINT sign_in_attempts_tried_check;
ALTER TABLE sign_in_attempts ADD CONSTRAINT sign_in_attempts_tried_check CHECK (tried IN ('address', 'account'));
ALTER TABLE sessions DROP COLUMN repeated_in_a_row;
ALTER TABLE sessions DROP COLUMN current_is_repeated;
ALTER TABLE sessions DROP COLUMN current_key_hash;
ALTER TABLE sessions DROP COLUMN current_used_at;
DROP TABLE device_tokens;
