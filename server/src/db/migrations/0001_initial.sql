-- People. The first four tables are better-auth's, under our names.
create table app_user (
  id uuid primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  server_owner boolean not null default false,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);

create table auth_session (
  id uuid primary key,
  user_id uuid not null references app_user on delete cascade,
  token text not null unique,
  expires_at timestamptz(3) not null,
  ip_address text,
  user_agent text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index on auth_session (user_id);

create table auth_account (
  id uuid primary key,
  user_id uuid not null references app_user on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz(3),
  refresh_token_expires_at timestamptz(3),
  scope text,
  password text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  unique (provider_id, account_id)
);
create index on auth_account (user_id);

create table auth_verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index on auth_verification (identifier);

create table invitation (
  id uuid primary key,
  email text not null,
  token_hash bytea not null unique,
  invited_by uuid references app_user on delete set null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  accepted_at timestamptz(3),
  withdrawn_at timestamptz(3)
);

-- Facts about this installation: the set-up link's hash, the fingerprint of SECRET_KEY.
create table server_setting (
  name text primary key,
  value text not null
);

-- Roles and permissions: CHEFS's matrix.
create table permission (
  code text primary key,
  display text not null,
  description text not null
);

create table role (
  code text primary key,
  display text not null,
  description text not null
);

create table role_permission (
  role text not null references role,
  permission text not null references permission,
  primary key (role, permission)
);

insert into permission (code, display, description) values
  ('form_read', 'Form read', 'See the form'),
  ('form_update', 'Form update', 'Change the form''s settings'),
  ('form_delete', 'Form delete', 'Delete the form'),
  ('form_api_create', 'API key create', 'Generate the form''s API key'),
  ('form_api_read', 'API key read', 'See the form''s API key'),
  ('form_api_update', 'API key update', 'Change the form''s API key'),
  ('form_api_delete', 'API key delete', 'Delete the form''s API key'),
  ('design_create', 'Design create', 'Make and publish drafts of the form''s design'),
  ('design_read', 'Design read', 'See drafts of the form''s design'),
  ('design_update', 'Design update', 'Change drafts of the form''s design'),
  ('design_delete', 'Design delete', 'Delete drafts of the form''s design'),
  ('submission_create', 'Submission create', 'Fill in the form'),
  ('submission_read', 'Submission read', 'See all submissions'),
  ('submission_update', 'Submission update', 'Change submissions'),
  ('submission_delete', 'Submission delete', 'Delete and restore submissions'),
  ('submission_review', 'Submission review', 'See and set the status of submissions'),
  ('team_read', 'Team read', 'See who has which role'),
  ('team_update', 'Team update', 'Give and take roles'),
  ('email_template_read', 'E-mail template read', 'See the form''s e-mail templates'),
  ('email_template_update', 'E-mail template update', 'Change the form''s e-mail templates'),
  ('document_template_create', 'Document template create', 'Add document templates'),
  ('document_template_read', 'Document template read', 'See document templates'),
  ('document_template_delete', 'Document template delete', 'Delete document templates');

insert into role (code, display, description) values
  ('owner', 'Owner', 'Owns the form and may do everything with it'),
  ('team_manager', 'Team manager', 'Decides who is in the form''s team'),
  ('form_designer', 'Form designer', 'Designs the form'),
  ('submission_reviewer', 'Reviewer', 'Sees, changes and deletes all submissions'),
  ('submission_approver', 'Approver', 'Sees all submissions and sets their status'),
  ('form_submitter', 'Submitter', 'Fills in the form');

insert into role_permission (role, permission) select 'owner', code from permission;
insert into role_permission (role, permission) values
  ('team_manager', 'form_read'), ('team_manager', 'team_read'), ('team_manager', 'team_update'),
  ('form_designer', 'form_read'), ('form_designer', 'design_create'), ('form_designer', 'design_read'),
  ('form_designer', 'design_update'), ('form_designer', 'design_delete'),
  ('submission_reviewer', 'form_read'), ('submission_reviewer', 'submission_read'),
  ('submission_reviewer', 'submission_update'), ('submission_reviewer', 'submission_delete'),
  ('submission_reviewer', 'submission_review'), ('submission_reviewer', 'team_read'),
  ('submission_approver', 'form_read'), ('submission_approver', 'submission_read'),
  ('submission_approver', 'submission_review'), ('submission_approver', 'team_read'),
  ('form_submitter', 'form_read'), ('form_submitter', 'submission_create'), ('form_submitter', 'document_template_read');

-- Forms and their versions. The definition is json, not jsonb: it comes out byte for byte as it went in.
create table form (
  id uuid primary key,
  name text not null,
  description text,
  active boolean not null default true,
  labels text[] not null default '{}',
  -- Who may submit: {public}, {login} or nobody but the team.
  identity_providers text[] not null default '{}',
  -- The switches of the form; what is absent has its preset (forms/form.ts).
  settings jsonb not null default '{}',
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  updated_by text,
  updated_at timestamptz(3) not null default now()
);

create table form_role_user (
  form_id uuid not null references form on delete cascade,
  user_id uuid not null references app_user on delete cascade,
  role text not null references role,
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  primary key (form_id, user_id, role)
);
create index on form_role_user (user_id, form_id);

create table form_version (
  id uuid primary key,
  form_id uuid not null references form on delete cascade,
  version integer not null,
  schema json not null,
  published boolean not null default false,
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  updated_by text,
  updated_at timestamptz(3) not null default now(),
  unique (form_id, version),
  -- What the composite foreign key of submission points to.
  unique (form_id, id)
);
create unique index form_version_one_published on form_version (form_id) where published;

create table form_draft (
  id uuid primary key,
  form_id uuid not null references form on delete cascade,
  form_version_id uuid,
  schema json not null,
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  updated_by text,
  updated_at timestamptz(3) not null default now(),
  foreign key (form_id, form_version_id) references form_version (form_id, id)
);
create index on form_draft (form_id, created_at);

create table status_code (
  code text primary key,
  display text not null,
  next_codes text[] not null
);
insert into status_code (code, display, next_codes) values
  ('SUBMITTED', 'Submitted', '{ASSIGNED,COMPLETED,REVISING}'),
  ('ASSIGNED', 'Assigned', '{ASSIGNED,COMPLETED,REVISING}'),
  ('COMPLETED', 'Completed', '{ASSIGNED,REVISING}'),
  ('REVISING', 'Revising', '{SUBMITTED,ASSIGNED,COMPLETED}');

create table form_status_code (
  id uuid primary key,
  form_id uuid not null references form on delete cascade,
  code text not null references status_code,
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  unique (form_id, code)
);

-- Keys. A SHA-256 is enough for 256 random bits; the sealed copy is for Show Secret.
create table api_key (
  id bigint generated always as identity primary key,
  form_id uuid not null references form on delete cascade,
  name text not null default 'Default',
  secret_hash bytea not null,
  secret_sealed text not null,
  files_api_access boolean not null default false,
  scopes text[] not null default '{}',
  expires_at timestamptz(3),
  test boolean not null default false,
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  updated_by text,
  updated_at timestamptz(3) not null default now()
);
create index on api_key (form_id);
create unique index api_key_one_default on api_key (form_id) where name = 'Default';

create table submission (
  id uuid primary key,
  form_id uuid not null references form on delete cascade,
  form_version_id uuid not null,
  confirmation_id text generated always as (upper(left(id::text, 8))) stored,
  draft boolean not null default false,
  deleted boolean not null default false,
  test boolean not null default false,
  late_entry boolean not null default false,
  -- The code of its newest row in submission_status; null until it is submitted.
  status text references status_code,
  submission jsonb not null,
  created_by text not null,
  created_by_user_id uuid references app_user on delete set null,
  created_at timestamptz(3) not null default now(),
  submitted_at timestamptz(3),
  updated_by text,
  updated_at timestamptz(3) not null default now(),
  foreign key (form_id, form_version_id) references form_version (form_id, id)
);
create index submission_newest_first on submission (form_id, created_at desc, id desc);
create index submission_by_version on submission (form_version_id, created_at desc, id desc);
create index submission_by_creator on submission (created_by_user_id) where created_by_user_id is not null;

create table submission_status (
  id uuid primary key,
  submission_id uuid not null references submission on delete cascade,
  code text not null references status_code,
  assigned_to_user_id uuid references app_user on delete set null,
  action_date timestamptz(3),
  created_by text not null,
  created_at timestamptz(3) not null default now()
);
create index on submission_status (submission_id, created_at desc);

-- How many submissions a form has, kept in the transaction that writes them. Several rows (shards) per count, so that
-- writers of one form do not queue for one row; readers add them up.
create table submission_count (
  form_id uuid not null references form on delete cascade,
  form_version_id uuid not null,
  draft boolean not null,
  deleted boolean not null,
  test boolean not null,
  shard smallint not null,
  count bigint not null,
  primary key (form_id, form_version_id, draft, deleted, test, shard)
);

-- Answers given to calls with an Idempotency-Key, kept for 24 hours.
create table idempotency_key (
  form_id uuid not null references form on delete cascade,
  caller text not null,
  operation text not null,
  key text not null,
  body_hash bytea not null,
  response text,
  created_at timestamptz(3) not null default now(),
  primary key (form_id, caller, operation, key)
);
create index on idempotency_key (created_at);

-- Who did what, when. No foreign keys: a record outlives what it speaks of.
create table audit_event (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null default now(),
  action text not null,
  actor text not null,
  actor_user_id uuid,
  form_id uuid,
  details jsonb not null default '{}'
);
create index on audit_event (form_id, at);
