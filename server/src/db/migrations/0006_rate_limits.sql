-- Counts of calls, shared by all containers. They are worth nothing after a crash, so nothing of them goes into the WAL; room in
-- each page, because a row changes with every batch of calls and a change within its page touches no index.
create unlogged table rate_limit_window (
  key text collate "C" primary key,
  -- The microsecond of its start: a unit goes back only into the window that it was taken from.
  window_id bigint not null,
  window_ms integer not null,
  max integer not null,
  count integer not null,
  -- What the last statement admitted; RETURNING shows no old values before PostgreSQL 18.
  taken integer not null,
  ends_at timestamptz not null
) with (fillfactor = 50);
create index on rate_limit_window (ends_at);

-- A limit that the owner of the server has set for a form, until some day.
alter table form add column raised_limit integer;
alter table form add column raised_limit_until timestamptz(3);
alter table form add column raised_limit_reason text;
alter table form add column raised_limit_by text;
alter table form add constraint form_raised_limit_whole check (
  num_nulls(raised_limit, raised_limit_until, raised_limit_reason, raised_limit_by) in (0, 4)
);
