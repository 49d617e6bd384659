-- When the secret was rotated last: whether the one before it has been used since tells if it is still needed.
alter table api_key add column rotated_at timestamptz(3);
