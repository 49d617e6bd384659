-- What an invitation brings besides the account: roles on a form, for whoever invites to its team.
alter table invitation add column form_id uuid references form on delete set null;
alter table invitation add column roles text[] not null default '{}';
create index on invitation (form_id);
