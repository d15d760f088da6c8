/** What was put in force when and why, the canary of a tenant, and what happened to each customer in it. */
export const PUBLICATIONS: readonly string[] = [
  `create table attune.publication (
    tenant text collate "C" not null, place bigint generated always as identity,
    kind text not null, hash text not null, previous text,
    author text not null, message text not null, change json, undoes bigint, canary json,
    at timestamptz not null default statement_timestamp(),
    primary key (tenant, place))`,
  `create table attune.canary (
    tenant text collate "C" not null primary key, id text not null unique,
    hash text collate "C" not null references attune.playbook (hash),
    percent float8 not null, salt text not null, reply_factor float8 not null, author text not null, message text not null,
    since timestamptz not null default statement_timestamp())`,
  `create table attune.canary_customer (
    canary text not null, tenant text collate "C" not null, customer_id text collate "C" not null, side text not null check (side in ('live', 'candidate')),
    signals integer not null, replies integer not null, faults integer not null, complaints integer not null,
    primary key (canary, tenant, customer_id))`,
];
