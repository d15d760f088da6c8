/**
 * The first migration: every table. Key columns collate "C", so that (tenant, id) order (the lock order) is byte order on any machine.
 * `json`, not `jsonb`, because what was decided must come back byte for byte; migrations that were released are never edited.
 */
const KEY = `text collate "C" not null`;

export const TABLES: readonly string[] = [
  `create table attune.customer (
    tenant ${KEY}, id ${KEY},
    version integer not null, traits json not null, history json not null, contacts json not null, last_seq integer not null,
    primary key (tenant, id))`,
  // Rows of these two tables are changed in place again and again: room on the page keeps the change there (HOT).
  `alter table attune.customer set (fillfactor = 70)`,
  `create table attune.signal_key (
    tenant ${KEY}, id ${KEY},
    now timestamptz, waits_since timestamptz not null,
    state text not null check (state in ('accepted', 'claimed', 'decided', 'dead')),
    attempts integer not null default 0,
    primary key (tenant, id))`,
  `alter table attune.signal_key set (fillfactor = 70)`,
  `create index signal_key_overdue on attune.signal_key (waits_since) where state = 'accepted'`,
  `create table attune.signal (
    tenant ${KEY}, id ${KEY}, customer_id ${KEY}, body json not null,
    primary key (tenant, id))`,
  `create table attune.decision (
    tenant ${KEY}, signal_id ${KEY}, customer_id ${KEY}, customer_version integer not null,
    playbook text not null, now timestamptz not null, facts json not null, faults json not null,
    primary key (tenant, signal_id),
    unique (tenant, customer_id, customer_version))`,
  `create table attune.proposal (
    tenant ${KEY}, signal_id ${KEY}, place integer not null, body json not null,
    primary key (tenant, signal_id, place))`,
  `create table attune.settlement (
    tenant ${KEY}, signal_id ${KEY}, customer_id ${KEY}, playbook text not null, now timestamptz not null,
    entries json not null, seqs json not null,
    primary key (tenant, signal_id))`,
  `create table attune.reply (
    tenant ${KEY}, customer_id ${KEY}, seq integer not null check (seq > 0),
    signal_id ${KEY}, rule text not null, slot ${KEY}, category text not null, locale text not null,
    title text not null, body text not null, handover text, at timestamptz not null,
    state text not null check (state in ('visible', 'acknowledged')),
    primary key (tenant, customer_id, seq),
    unique (tenant, signal_id, slot))`,
  `create table attune.playbook (
    hash ${KEY} primary key, files json not null, published_at timestamptz not null default statement_timestamp())`,
  `create table attune.live_playbook (
    tenant ${KEY} primary key, hash ${KEY} references attune.playbook (hash),
    since timestamptz not null default statement_timestamp())`,
  `create table attune.dead_letter (
    tenant ${KEY}, id ${KEY}, reason text not null, detail text not null, payload json not null,
    buried_at timestamptz not null default statement_timestamp(),
    place bigint generated always as identity unique,
    primary key (tenant, id))`,
];
