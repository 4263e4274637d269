-- Among many people: searches by name, and lists in the order of names and addresses.

CREATE INDEX user_first_name ON "user" (LOWER(first_name));
CREATE INDEX user_last_name ON "user" (LOWER(last_name));
CREATE INDEX user_first_name_order ON "user" (first_name, id);
CREATE INDEX user_last_name_order ON "user" (last_name, id);
CREATE INDEX user_email_order ON "user" (email, id);
