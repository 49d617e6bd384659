-- Names are one in any case by the rules of Unicode, whatever locale the database was made with: in "C" only A to Z have cases.
drop index api_key_name;
create unique index api_key_name on api_key (form_id, lower(name collate "und-x-icu")) where revoked_at is null;
