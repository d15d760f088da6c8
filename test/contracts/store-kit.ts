/** What the parts of the store's contract share: fresh names, and a work that decides with one rule that always matches. */
import type { Customer } from "../../src/core/customer.ts";
import type {
  Claim,
  Decided,
  GroupTransaction,
  IncomingSignal,
  Store,
  StoredDecision,
} from "../../src/core/ports.ts";
import type { Signal } from "../../src/core/signal.ts";
import { aFeedback, decide, incoming } from "../builders.ts";

let names = 0;
export const fresh = (what: string): string => `${what}-${(names += 1)}`;

export const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("nothing found");
  return value;
};

/** What work does with a group, with a rule set of one rule that always matches. */
export const decideAll = async (
  transaction: GroupTransaction,
  group: readonly IncomingSignal[],
): Promise<Claim> => {
  const keys = group.map(({ tenant, signal }) => ({ tenant, id: signal.customerId }));
  const customers = new Map<string, Customer>();
  for (const customer of await transaction.lockCustomers(keys))
    customers.set(customer.id, customer);
  const claim = await transaction.claim(group);
  const decided: Decided[] = [];
  for (const accepted of claim.open) {
    const folded = decide(accepted, must(customers.get(accepted.signal.customerId)));
    customers.set(folded.customer.id, folded.customer);
    decided.push(folded.decided);
  }
  await transaction.write(decided, [...customers.values()]);
  return claim;
};

export const decideNow = (store: Store, ...signals: readonly Signal[]): Promise<Claim> =>
  store.group((transaction) =>
    decideAll(
      transaction,
      signals.map((signal) => incoming(signal)),
    ),
  );

export const collect = async (stored: AsyncIterable<StoredDecision>): Promise<StoredDecision[]> => {
  const all: StoredDecision[] = [];
  for await (const one of stored) all.push(one);
  return all;
};

export const ownSignal = (changes: { customerId?: string } = {}) =>
  aFeedback({ id: fresh("signal"), customerId: fresh("customer"), ...changes });

export const inTenant = (
  tenant: string,
  signal: Signal,
  clock: IncomingSignal["clock"] = "database",
) => incoming(signal, { tenant, clock });
