/**
 * Folds stored signals again, each customer's from nothing and in the order of versions, and compares with the customer that is stored.
 * What a text meant is taken from its decision, which keeps all that the fold reads: no analysis runs, and a newer model changes no history.
 */
import { isDeepStrictEqual } from "node:util";
import type { Customer } from "../core/customer.ts";
import { foldStored, releasedAlone, withReplies } from "../core/fold-stored.ts";
import { EMPTY_HISTORY } from "../core/history.ts";
import type { LaterOutcome, Store } from "../core/ports.ts";

export interface RebuildRequest {
  readonly tenant: string;
  /** Store what differs; else only say so. */
  readonly write: boolean;
  /** Only customers whose ids come after it; "" for the first. */
  readonly after: string;
  /** Customers at most, 1..500. */
  readonly limit: number;
}

/**
 * A customer that is not as stored signals make it. `different`: these fields differ. `incomplete`: signals are missing, so that nothing can be said or written.
 * `moved`: new signals were decided again and again meanwhile; ask once more.
 */
export interface RebuildFinding {
  readonly customerId: string;
  readonly kind: "different" | "incomplete" | "moved";
  /** Such as `history.orders.items`; empty unless different. */
  readonly fields: readonly string[];
  readonly written: boolean;
}

export interface RebuildPage {
  readonly customers: number;
  /** Signals folded again. */
  readonly signals: number;
  /** At most one a customer. */
  readonly findings: readonly RebuildFinding[];
  /** The `after` of the next page; null after the last. */
  readonly next: string | null;
}

/** How often a customer that moves on under the rebuild is folded again. */
const TRIES = 5;

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fieldsThatDiffer = (left: unknown, right: unknown, path: string): readonly string[] => {
  if (isDeepStrictEqual(left, right)) return [];
  if (!isPlain(left) || !isPlain(right)) return [path];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) =>
    fieldsThatDiffer(left[name], right[name], path === "" ? name : `${path}.${name}`),
  );
};

/** As it would be read back from the store. */
const partsOf = ({ traits, history, contacts }: Customer): unknown =>
  JSON.parse(JSON.stringify({ traits, history, contacts }));

const bySeq = (left: LaterOutcome, right: LaterOutcome): number =>
  (left.reply?.seq ?? 0) - (right.reply?.seq ?? 0);

const foldAgain = async (store: Store, customer: Customer): Promise<Customer> => {
  let folded: Customer = {
    ...customer,
    version: 0,
    traits: {},
    history: EMPTY_HISTORY,
    contacts: [],
  };
  let released: readonly LaterOutcome[] = [];
  const release = (version: number): void => {
    const due = released
      .filter(({ customerVersion }) => customerVersion < version)
      .toSorted(bySeq)
      .flatMap(({ reply }) => reply ?? []);
    released = released.filter(({ customerVersion }) => customerVersion >= version);
    folded = withReplies(folded, due);
  };
  for await (const stored of store.decisionsOf(customer, 0)) {
    // Decided since the customer was read.
    if (stored.decision.customerVersion > customer.version) break;
    release(stored.decision.customerVersion);
    folded = foldStored(folded, stored);
    released = [...released, ...releasedAlone(stored)];
  }
  release(Number.POSITIVE_INFINITY);
  return folded;
};

interface Rebuilt {
  readonly signals: number;
  readonly finding: RebuildFinding | undefined;
}

const foundIn = (
  customer: Customer,
  kind: RebuildFinding["kind"],
  rest: Partial<RebuildFinding> = {},
): RebuildFinding => ({ customerId: customer.id, kind, fields: [], written: false, ...rest });

const rebuildOne = async (store: Store, found: Customer, write: boolean): Promise<Rebuilt> => {
  let customer: Customer | undefined = found;
  let signals = 0;
  for (let attempt = 0; customer !== undefined && attempt < TRIES; attempt += 1) {
    const folded = await foldAgain(store, customer);
    signals = folded.version;
    // Versions are distinct and ascend from 1, so as many as the version means that none is missing.
    if (folded.version !== customer.version)
      return { signals, finding: foundIn(customer, "incomplete") };
    const fields = fieldsThatDiffer(partsOf(customer), partsOf(folded), "");
    if (fields.length === 0) return { signals, finding: undefined };
    if (!write) return { signals, finding: foundIn(customer, "different", { fields }) };
    if (await store.replaceCustomer(folded))
      return { signals, finding: foundIn(customer, "different", { fields, written: true }) };
    customer = await store.customer(found);
  }
  return { signals, finding: foundIn(found, "moved") };
};

/** One page of a tenant's customers, by id. Every read is short and nothing waits inside a transaction, so that deciding goes on. */
export const rebuildCustomers = async (
  store: Store,
  { tenant, write, after, limit }: RebuildRequest,
): Promise<RebuildPage> => {
  const customers = await store.customers(tenant, { after, limit });
  const findings: RebuildFinding[] = [];
  let signals = 0;
  for (const customer of customers) {
    const rebuilt = await rebuildOne(store, customer, write);
    signals += rebuilt.signals;
    if (rebuilt.finding !== undefined) findings.push(rebuilt.finding);
  }
  const last = customers.at(-1);
  const next = last === undefined || customers.length < limit ? null : last.id;
  return { customers: customers.length, signals, findings, next };
};
