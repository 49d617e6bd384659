-- Fields of forms whose answers are indexed, because an owner asked for it. One index of PostgreSQL for each form and field would slow the
-- planning of every statement once there are thousands; so one table holds the answers of all of them.
create table indexed_field (
  id integer generated always as identity primary key,
  form_id uuid not null references form on delete cascade,
  -- The name of its column in an export, and where its values lie in a submission.
  field text not null,
  path jsonpath not null,
  -- Submissions that were there before it are added newest first; this is how far that is.
  filled_before timestamptz(3) not null default 'infinity',
  filled_before_id uuid not null default 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  filled_rows bigint not null default 0,
  ready_at timestamptz(3),
  -- Once removed, its answers are deleted little by little, and then the row itself.
  removed_at timestamptz(3),
  created_by text not null,
  created_at timestamptz(3) not null default now()
);
create unique index indexed_field_of_form on indexed_field (form_id, field) where removed_at is null;
create index indexed_field_unfinished on indexed_field (id) where ready_at is null or removed_at is not null;

-- The answers of indexed fields. There may be rows too many, as after a change while the index was built: readers look into the submission
-- again. There is never one too few. Without a foreign key to indexed_field, whose rows are removed while submissions are written.
create table submission_answer (
  indexed_field_id integer not null,
  value bytea not null,
  created_at timestamptz(3) not null,
  submission_id uuid not null references submission on delete cascade,
  primary key (indexed_field_id, value, created_at, submission_id)
);
create index on submission_answer (submission_id);

-- What an answer is looked up by: 128 bits of a SHA-256, for an index takes no long values. Equal numbers are equal however they are
-- written, and the number 12 is another answer than the text "12". Null for lists, objects and null.
create function answer_hash(answer jsonb) returns bytea language sql stable parallel safe as $$
  select substring(sha256(convert_to(case jsonb_typeof(answer)
    when 'string' then 's' || (answer #>> '{}')
    when 'number' then 'n' || trim_scale((answer #>> '{}')::numeric)::text
    when 'boolean' then 'b' || (answer #>> '{}')
  end, 'UTF8')) for 16)
$$;

-- The hashes of a submission's answers in a field. A grid of more than 1,000 rows is worth one empty hash, which every look-up takes in: whoever
-- may submit must not be able to make a hundred thousand rows of two megabytes.
create function answer_hashes(submission jsonb, path jsonpath) returns setof bytea language sql stable parallel safe as $$
  select distinct hash from (
    select case when count(*) over () > 1000 then '\x'::bytea else answer_hash(answer) end as hash
    from (select jsonb_path_query(submission, path, '{}', true) as answer limit 1001) found
  ) hashes where hash is not null
$$;

-- Test submissions, drafts and deleted ones are few beside the others: without these, a page of them reads all of a form.
create index submission_test_newest_first on submission (form_id, created_at desc, id desc) where test;
create index submission_draft_newest_first on submission (form_id, created_at desc, id desc) where draft;
create index submission_deleted_newest_first on submission (form_id, created_at desc, id desc) where deleted;
-- Drafts that have a status were sent back for revision. The kept counts do not tell them from other drafts.
create index submission_in_revision on submission (form_id) where draft and status is not null;
