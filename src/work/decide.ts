/**
 * Decides a group of signals in one transaction: lock the customers, claim the signals, conclude each, write all.
 * A signal that cannot be concluded is set aside alone; a group whose writing fails is halved until the culprit is alone.
 */
import type { Customer } from "../core/customer.ts";
import type { Decided, GroupTransaction, IncomingSignal, Log, Store } from "../core/ports.ts";
import type { AcceptedSignal } from "../core/signal.ts";
import type { Conclude } from "./conclude.ts";
import { deadLetterOf } from "./dead-letter.ts";
import { type InForce, playbookFor } from "./playbooks.ts";
import { tallyOfFault, talliesOf } from "./tally.ts";
import { isTransient } from "../core/transient.ts";

export interface Decider {
  readonly store: Store;
  readonly conclude: Conclude;
  /** What is in force for a tenant; rejects with a transient error while nothing is. */
  readonly inForce: (tenant: string) => Promise<InForce>;
  readonly log: Log;
}

type Playbooks = ReadonlyMap<string, InForce>;

interface How {
  readonly conclude: Conclude;
  readonly playbooks: Playbooks;
}

interface Culprit {
  readonly incoming: IncomingSignal;
  readonly error: unknown;
}

const keyOf = (tenant: string, id: string): string => `${tenant}\u0000${id}`;

/** The playbooks of a group are fixed before it begins: no decision is made of two versions. */
const playbooksFor = async (
  decider: Decider,
  group: readonly IncomingSignal[],
): Promise<Playbooks> => {
  const playbooks = new Map<string, InForce>();
  for (const { tenant } of group)
    if (!playbooks.has(tenant)) playbooks.set(tenant, await decider.inForce(tenant));
  return playbooks;
};

const customersOf = (
  group: readonly IncomingSignal[],
): readonly { tenant: string; id: string }[] => {
  const keys = new Map(
    group.map(({ tenant, signal }) => [
      keyOf(tenant, signal.customerId),
      { tenant, id: signal.customerId },
    ]),
  );
  return [...keys.values()];
};

interface Round {
  readonly decided: Decided[];
  readonly culprits: Culprit[];
  readonly customers: Map<string, Customer>;
  readonly touched: Set<string>;
}

const concludeOne = (round: Round, accepted: AcceptedSignal, how: How): void => {
  const { tenant, signal } = accepted;
  const key = keyOf(tenant, signal.customerId);
  const customer = round.customers.get(key);
  const inForce = how.playbooks.get(tenant);
  if (customer === undefined || inForce === undefined)
    throw new Error(`customer ${signal.customerId} of tenant ${tenant} was not locked`);
  try {
    const concluded = how.conclude(accepted, customer, playbookFor(inForce, customer));
    round.decided.push(concluded.decided);
    round.customers.set(key, concluded.customer);
    round.touched.add(key);
  } catch (error) {
    round.culprits.push({ incoming: { tenant, signal, clock: "database" }, error });
  }
};

const decideInside = async (
  transaction: GroupTransaction,
  group: readonly IncomingSignal[],
  how: How,
): Promise<readonly Culprit[]> => {
  const customers = await transaction.lockCustomers(customersOf(group));
  const claim = await transaction.claim(group);
  const round: Round = {
    decided: [],
    culprits: [],
    customers: new Map(
      customers.map((customer) => [keyOf(customer.tenant, customer.id), customer]),
    ),
    touched: new Set(),
  };
  for (const accepted of claim.open) concludeOne(round, accepted, how);
  if (round.decided.length > 0) {
    await transaction.write(
      round.decided,
      [...round.touched].flatMap((key) => round.customers.get(key) ?? []),
    );
    const tallies = talliesOf(round.decided, how.playbooks);
    if (tallies.length > 0) await transaction.tally(tallies);
  }
  return round.culprits;
};

const bury = async (
  decider: Decider,
  { incoming, error }: Culprit,
  playbooks: Playbooks,
): Promise<void> => {
  const letter = deadLetterOf(incoming, "fault", error);
  await decider.store.bury(letter);
  const tallies = tallyOfFault(incoming, playbooks);
  if (tallies.length > 0) await decider.store.tally(tallies);
  decider.log("error", "a signal could not be decided and was set aside", {
    tenant: letter.tenant,
    signal: letter.id,
    detail: letter.detail,
  });
};

type Attempt =
  | { readonly kind: "written"; readonly culprits: readonly Culprit[] }
  | { readonly kind: "failed"; readonly error: unknown };

/** One transaction. An error that is not the world's is told as a value: it belongs to some signal of the group. */
const attempt = async (
  { store }: Decider,
  group: readonly IncomingSignal[],
  how: How,
): Promise<Attempt> => {
  try {
    const culprits = await store.group((transaction) => decideInside(transaction, group, how));
    return { kind: "written", culprits };
  } catch (error) {
    if (isTransient(error)) throw error;
    return { kind: "failed", error };
  }
};

const decideOrHalve = async (
  decider: Decider,
  group: readonly IncomingSignal[],
  how: How,
): Promise<void> => {
  const attempted = await attempt(decider, group, how);
  if (attempted.kind === "written") {
    for (const culprit of attempted.culprits) await bury(decider, culprit, how.playbooks);
    return;
  }
  const [only] = group;
  if (only !== undefined && group.length === 1)
    return await bury(decider, { incoming: only, error: attempted.error }, how.playbooks);
  const middle = Math.ceil(group.length / 2);
  await decideOrHalve(decider, group.slice(0, middle), how);
  await decideOrHalve(decider, group.slice(middle), how);
};

/**
 * Decides every signal of the group that is not decided yet, in the order given.
 * Resolves once all are decided or dead-lettered; rejects when the world is broken (no playbook, store away), having lost nothing.
 */
export const decideGroup = async (
  decider: Decider,
  group: readonly IncomingSignal[],
): Promise<void> => {
  if (group.length === 0) return;
  const playbooks = await playbooksFor(decider, group);
  await decideOrHalve(decider, group, { conclude: decider.conclude, playbooks });
};
