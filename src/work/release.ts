/**
 * Settles proposals that have waited until they are due. Whoever holds the customer's row settles them, a worker's round or the customer's next signal;
 * the other then finds nothing left, so this may run anywhere and as often as wanted.
 */
import type { Customer } from "../core/customer.ts";
import type { Settlement } from "../core/decision.ts";
import type { CustomerKey, DueCustomer, GroupTransaction, Log, Store } from "../core/ports.ts";
import type { PreparedPlaybook } from "../core/prepare.ts";
import { settle } from "../core/settle.ts";
import { isTransient } from "../core/transient.ts";
import { openRounds, type Rounds } from "./rounds.ts";

/** Customers in one transaction at most. */
const PAGE = 100;
/** Bounds one round when proposals come due as fast as they are settled. */
const PAGES_MAX = 100;

export interface ReleaseOptions {
  readonly store: Store;
  readonly log: Log;
  /** The prepared playbook in force for a customer. */
  readonly playbookOf: (customer: CustomerKey) => Promise<PreparedPlaybook>;
  /** Asked between pages. */
  readonly isStopped?: () => boolean;
}

interface Due {
  readonly customer: DueCustomer;
  readonly playbook: PreparedPlaybook;
}

const settleInside = async (
  transaction: GroupTransaction,
  due: readonly Due[],
): Promise<number> => {
  const locked = await transaction.lockCustomers(due.map(({ customer }) => customer));
  const settlements: Settlement[] = [];
  const customers: Customer[] = [];
  for (const [index, { customer: found, playbook }] of due.entries()) {
    const customer = locked[index];
    if (customer === undefined) continue;
    const settled = settle({ proposals: [], customer, playbook, now: found.now });
    if (settled.settlement.entries.length === 0) continue;
    settlements.push(settled.settlement);
    customers.push(settled.customer);
  }
  if (settlements.length > 0) await transaction.release(settlements, customers);
  return settlements.reduce((sum, { entries }) => sum + entries.length, 0);
};

/** A customer whose proposals cannot be settled keeps them and is logged; the others of the page are settled without it. */
const settlePage = async ({ store, log }: ReleaseOptions, due: readonly Due[]): Promise<number> => {
  try {
    return await store.group((transaction) => settleInside(transaction, due));
  } catch (error) {
    if (isTransient(error)) throw error;
    const [only] = due;
    if (only !== undefined && due.length === 1) {
      log("error", "waiting replies of a customer could not be settled", {
        tenant: only.customer.tenant,
        customer: only.customer.id,
        reason: error instanceof Error ? error.message : String(error),
      });
      return 0;
    }
  }
  let settled = 0;
  for (const one of due) settled += await settlePage({ store, log } as ReleaseOptions, [one]);
  return settled;
};

/** One round: settles what is due, page by page. Gives how many proposals were settled; those that wait again count too. */
export const releaseDue = async (options: ReleaseOptions): Promise<number> => {
  let settled = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found: readonly DueCustomer[] = await options.store.dueCustomers(PAGE);
    const due: Due[] = [];
    for (const customer of found)
      due.push({ customer, playbook: await options.playbookOf(customer) });
    const done = due.length === 0 ? 0 : await settlePage(options, due);
    settled += done;
    if (done === 0 || found.length < PAGE || options.isStopped?.() === true) break;
  }
  return settled;
};

/** Repeats `releaseDue` every `intervalMs`. The database says what is due; a late round only makes replies late. */
export const openReleaser = (
  options: Omit<ReleaseOptions, "isStopped"> & { readonly intervalMs: number },
): Rounds =>
  openRounds({
    intervalMs: options.intervalMs,
    name: "settling replies that have waited",
    log: options.log,
    round: async (isStopped) => {
      const settled = await releaseDue({ ...options, isStopped });
      if (settled > 0) options.log("debug", "replies that had waited were settled", { settled });
    },
  });
