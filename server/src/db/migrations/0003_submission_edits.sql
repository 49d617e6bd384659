-- What was done to submissions after they were made: who changed, deleted or restored one, and when. Their statuses have a
-- table of their own, and drafts are saved too often to tell of each time.
create table submission_edit (
  id bigint generated always as identity primary key,
  submission_id uuid not null references submission on delete cascade,
  kind text not null check (kind in ('updated', 'deleted', 'restored')),
  -- Whether it was a draft then.
  draft boolean not null,
  created_by text not null,
  created_at timestamptz(3) not null default clock_timestamp()
);
create index on submission_edit (submission_id, id desc);
