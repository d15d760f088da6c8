/**
 * Models beside the one in force: what was trained, what the gate said of it, and which one was put in force when. Their files are kept where those
 * of playbooks are, once each by their hash.
 */
export const MODELS: readonly string[] = [
  `create table attune.model (
    tenant text collate "C" not null, task text collate "C" not null, id text collate "C" not null,
    parts json not null, verdict json not null, report json not null,
    trained_at timestamptz not null default statement_timestamp(),
    place bigint generated always as identity unique,
    primary key (tenant, task, id))`,
  `create table attune.promotion (
    tenant text collate "C" not null, task text collate "C" not null,
    place bigint generated always as identity,
    kind text not null check (kind in ('promotion', 'rollback')),
    id text not null, previous json not null,
    at timestamptz not null default statement_timestamp(),
    primary key (tenant, task, place))`,
];
