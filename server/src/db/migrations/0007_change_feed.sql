-- What happened to submissions, for programs that follow. Neither a clock nor a sequence can order it: both are read before a transaction
-- commits, so a row may become visible after later ones were read. Ordered by (xid, id), a row whose transaction is older than every one
-- that still runs can have no new row before it.
create table submission_change (
  form_id uuid not null references form on delete cascade,
  xid xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity,
  submission_id uuid not null,
  kind text not null check (kind in ('created', 'updated', 'status', 'deleted', 'restored')),
  draft boolean not null,
  test boolean not null,
  status text,
  changed_by text not null,
  changed_at timestamptz(3) not null default now(),
  primary key (form_id, xid, id)
);
-- Rows come in the order of time, so a summary of each range of pages finds the old ones.
create index on submission_change using brin (changed_at);

-- One row. Numbers of transactions mean something in one cluster only, so a feed that goes on in another one has another name.
create table change_feed (
  name text not null default left(gen_random_uuid()::text, 8),
  -- Changes up to this transaction are kept no longer.
  forgotten_xid xid8 not null default '0',
  -- A cluster whose next transaction is an earlier one is another cluster.
  seen_xid xid8 not null default pg_current_xact_id()
);
create unique index change_feed_single on change_feed ((true));
insert into change_feed default values;

-- Begins another feed: every cursor of the one before is told that it is too old.
create function renew_change_feed() returns void language sql as $$
  delete from submission_change;
  update change_feed set name = left(gen_random_uuid()::text, 8), forgotten_xid = '0', seen_xid = pg_current_xact_id();
$$;
