-- Files that people upload. Their content lies in the file storage under storage_name, which nobody outside ever sees.
create table file (
  id uuid primary key,
  form_id uuid not null references form on delete cascade,
  -- The submission that names it; null until that is stored, and then for good.
  submission_id uuid references submission on delete cascade,
  storage_name text not null unique,
  original_name text not null,
  mime_type text not null,
  size bigint not null,
  created_by text not null,
  created_by_user_id uuid references app_user on delete set null,
  -- Where a stranger's upload came from, as a signature: enough to count by, and no address. Null for a person's.
  network text,
  created_at timestamptz(3) not null default now()
);
create index on file (form_id);
create index on file (submission_id) where submission_id is not null;
create index file_unsubmitted on file (created_at) where submission_id is null;

-- Content to be removed from the file storage when its time comes. An upload stands here, too, until its row is stored:
-- then whatever ends it halfway, nothing stays behind.
create table file_removal (
  storage_name text primary key,
  due_at timestamptz(3) not null default now()
);
create index on file_removal (due_at);

-- Rows also go by cascade, with a submission or a form, where no program of ours sees their names.
create function queue_file_removal() returns trigger language plpgsql as $$
begin
  insert into file_removal (storage_name) values (old.storage_name) on conflict do nothing;
  return null;
end
$$;
create trigger file_removed after delete on file for each row execute function queue_file_removal();
