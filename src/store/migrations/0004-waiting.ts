/**
 * Proposals that wait for their time, and what became of them. `customer.waiting` counts a customer's rows, so that only those who have some are asked for them.
 */
export const WAITING: readonly string[] = [
  `alter table attune.customer add column waiting integer not null default 0`,
  `create table attune.waiting (
    tenant text collate "C" not null, customer_id text collate "C" not null, signal_id text collate "C" not null, rule text not null,
    body json not null, wake_at timestamptz not null,
    primary key (tenant, customer_id, signal_id, rule))`,
  `create index waiting_wake on attune.waiting (wake_at)`,
  `create table attune.release (
    tenant text collate "C" not null, customer_id text collate "C" not null, place bigint generated always as identity,
    customer_version integer not null, signal_id text collate "C" not null, settled_by text collate "C",
    playbook text not null, now timestamptz not null, entry json not null,
    primary key (tenant, signal_id, place))`,
];
