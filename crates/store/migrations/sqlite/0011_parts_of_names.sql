-- Searches for a part of a name read this instead of the table: the text as they compare it, in the order of a page.

CREATE INDEX user_names ON "user" (id, LOWER(first_name), LOWER(last_name), LOWER(email));
