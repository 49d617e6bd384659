-- Exports that were made or are being made: what they hold, and what it takes to go on with one that broke.
create table export (
  id uuid primary key,
  form_id uuid not null references form on delete cascade,
  format text not null,
  test boolean not null,
  -- Whether the server makes it beside the requests and keeps it as a file.
  background boolean not null,
  status text not null check (status in ('waiting', 'running', 'complete', 'broken', 'failed', 'cancelled', 'expired')),
  file_name text not null,
  -- All that decides its bytes beside the rows, as Node's structured clone.
  job bytea not null,
  -- The names of the columns of a format that has columns.
  columns text[],
  -- How many rows it may have at the most; null when nobody counted.
  expected_rows bigint,
  rows bigint not null default 0,
  bytes bigint not null default 0,
  -- Of all bytes, in hex.
  sha256 text,
  -- Where the form's feed of changes ended when it began.
  watermark text not null,
  -- Where the file lies.
  storage_name text,
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  started_at timestamptz(3),
  expires_at timestamptz(3) not null
);
create index on export (form_id, created_at desc, id desc);
create index on export (expires_at);

-- The bytes of rows that were read at once: an export can be taken up at the beginning of each.
create table export_piece (
  export_id uuid not null references export on delete cascade,
  first_byte bigint not null,
  bytes bigint not null,
  rows integer not null,
  -- Of these bytes, in hex.
  sha256 text not null,
  -- The last row in it or before it; null where there is none.
  last_created_at timestamptz(3),
  last_id uuid,
  is_final boolean not null,
  primary key (export_id, first_byte)
);
