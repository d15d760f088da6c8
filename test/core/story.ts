/** The fixtures as a story told in memory: every customer's signals concluded in order under the project's own playbook. */
import { join } from "node:path";
import { EMPTY_HISTORY } from "../../src/core/history.ts";
import type { Customer } from "../../src/core/customer.ts";
import type { StoredDecision } from "../../src/core/ports.ts";
import { type PreparedPlaybook, preparePlaybook } from "../../src/core/prepare.ts";
import type { AcceptedSignal, Signal } from "../../src/core/signal.ts";
import { conclude } from "../../src/work/conclude.ts";
import { readFixtures } from "../../src/work/fixtures.ts";
import { playbookOf, readPlaybookFiles } from "../../src/work/publish.ts";

const HOME = join(import.meta.dirname, "../..");

export const shippedPlaybook = (): PreparedPlaybook => {
  const prepared = preparePlaybook(playbookOf(readPlaybookFiles(HOME)));
  if (prepared.kind === "faulty") throw new Error(JSON.stringify(prepared.faults));
  return prepared.value;
};

export const fixtureSignals = (): readonly Signal[] => readFixtures(join(HOME, "fixtures")).signals;

export const accepted = (signal: Signal): AcceptedSignal => ({
  tenant: "default",
  signal,
  now: signal.at,
});

export const newCustomer = (id: string): Customer => ({
  tenant: "default",
  id,
  version: 0,
  traits: {},
  history: EMPTY_HISTORY,
  contacts: [],
  lastSeq: 0,
  waiting: [],
});

/** What would be stored of every signal, in the order given. */
export const tell = (
  signals: readonly Signal[],
  playbook: PreparedPlaybook,
): readonly StoredDecision[] => {
  const customers = new Map<string, Customer>();
  return signals.map((signal) => {
    const before = customers.get(signal.customerId) ?? newCustomer(signal.customerId);
    const { decided, customer } = conclude(accepted(signal), before, playbook);
    customers.set(signal.customerId, customer);
    return decided;
  });
};
