-- What exports ask of each row or of all rows, kept where they can have it at once.

-- Whom the newest row in submission_status names: looking that up for each row took a quarter of an export's time.
alter table submission add column assigned_to_user_id uuid references app_user on delete set null;
create index submission_by_assignee on submission (assigned_to_user_id) where assigned_to_user_id is not null;
update submission s set assigned_to_user_id = newest.assigned_to_user_id
from (
  select distinct on (submission_id) submission_id, assigned_to_user_id from submission_status
  order by submission_id, created_at desc
) newest
where newest.submission_id = s.id and newest.assigned_to_user_id is not null;

-- The top-level keys that answers of a form ever had. An export whose form has declared them all need not look into every row.
create table answer_key (
  form_id uuid not null references form on delete cascade,
  key text not null,
  primary key (form_id, key)
);
-- An index takes no key beyond 2,704 bytes; a longer one is kept by its beginning, which no definition declares either.
insert into answer_key (form_id, key)
select distinct s.form_id, left(key, 500) from submission s
cross join lateral jsonb_object_keys(case jsonb_typeof(s.submission->'data') when 'object' then s.submission->'data' else '{}' end) key;
