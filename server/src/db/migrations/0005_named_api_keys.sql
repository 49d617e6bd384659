-- Several keys for a form; the contract's operations speak of the one named Default.
alter table api_key
  add column enabled boolean not null default true,
  -- Networks in CIDR notation; null: from everywhere.
  add column allowed_addresses text[],
  -- Calls in one window; null: as many as the form's limit allows.
  add column rate_limit integer,
  -- The secret before the last rotation, for as long as it still works.
  add column previous_secret_hash bytea,
  add column previous_hint text,
  add column previous_valid_until timestamptz(3),
  -- When the secret was rotated last: whether the one before it has been used since tells if it is still needed.
  add column rotated_at timestamptz(3),
  -- Goes up when the key is regenerated: calls with the new secret count from zero.
  add column generation integer not null default 0,
  -- A revoked key stays for the record, without its secret.
  add column revoked_at timestamptz(3),
  add column revoked_by text,
  add column revoked_reason text;

update api_key set scopes = '{form:read,form:update,form:design,submissions:read,submissions:write,submissions:delete,status:read}'::text[]
  || case when files_api_access then '{files:read,files:delete}'::text[] else '{}' end;
alter table api_key drop column files_api_access;

drop index api_key_one_default;
-- Names are one in any case by the rules of Unicode, whatever locale the database was made with: in "C" only A to Z have cases.
create unique index api_key_name on api_key (form_id, lower(name collate "und-x-icu")) where revoked_at is null;

-- How much a key is used, by day (UTC) and operation.
create table api_key_usage (
  api_key_id bigint not null references api_key on delete cascade,
  day date not null,
  operation text not null,
  calls bigint not null,
  succeeded bigint not null,
  client_errors bigint not null,
  rate_limited bigint not null,
  bytes_sent bigint not null,
  primary key (api_key_id, day, operation)
);
create index on api_key_usage (day);

-- When, from where and with what program a secret of a key was used last.
create table api_key_last_use (
  api_key_id bigint not null references api_key on delete cascade,
  secret_hash bytea not null,
  at timestamptz(3) not null,
  address text not null,
  client text,
  primary key (api_key_id, secret_hash)
);
