/** Part of the store's contract. Proposals that wait: kept with their customer, found when they are due, told with their signal. */
import { expect, test } from "vitest";
import type { Customer } from "../../src/core/customer.ts";
import type { Settlement, WaitingProposal } from "../../src/core/decision.ts";
import type { Store } from "../../src/core/ports.ts";
import { aProposal, aReply } from "../builders.ts";
import { collect, decideNow, fresh, must, ownSignal } from "./store-kit.ts";

const PAST = "2026-03-01T09:30:00.000Z";
const FUTURE = "2999-01-01T00:00:00.000Z";

const waits = (signalId: string, change: Partial<WaitingProposal> = {}): WaitingProposal => ({
  proposal: aProposal({ signalId, rule: "delivery/later" }),
  code: "deferred",
  since: PAST,
  dueAt: PAST,
  expiresAt: FUTURE,
  ...change,
});

const key = (id: string) => ({ tenant: "default", id });

/** A settlement at PAST that says nothing. */
const nothingSettled = (customerId: string): readonly Settlement[] => [
  { tenant: "default", customerId, playbook: "p2", now: PAST, entries: [], replies: [] },
];

export const waitingTests = (opened: () => Store): void => {
  /** A customer with one decided signal, of whom these wait. */
  const withWaiting = async (...changes: readonly Partial<WaitingProposal>[]) => {
    const signal = ownSignal({ customerId: fresh("waiting") });
    await decideNow(opened(), signal);
    const list = changes.map((change, index) =>
      waits(signal.id, {
        proposal: aProposal({ signalId: signal.id, rule: `delivery/later-${index}` }),
        ...change,
      }),
    );
    await opened().group(async (transaction) => {
      const [customer] = await transaction.lockCustomers([key(signal.customerId)]);
      await transaction.release(nothingSettled(signal.customerId), [
        { ...must(customer), waiting: list },
      ]);
    });
    return { signal, list, id: signal.customerId };
  };
  const due = async (): Promise<readonly string[]> =>
    (await opened().dueCustomers(1_000)).map(({ id }) => id);
  const clear = (id: string) =>
    opened().group(async (transaction) => {
      const [customer] = await transaction.lockCustomers([key(id)]);
      await transaction.release(nothingSettled(id), [{ ...must(customer), waiting: [] }]);
    });

  test("what waits comes with its customer, byte for byte, wherever that is read", async () => {
    const { list, id } = await withWaiting({}, { dueAt: FUTURE, code: "quiet_deferred" });
    const customer = must(await opened().customer(key(id)));
    expect(JSON.stringify(customer.waiting)).toBe(JSON.stringify(list));
    const [paged] = await opened().customers("default", { after: id.slice(0, -1), limit: 1 });
    expect(must(paged).waiting.length).toBeGreaterThan(0);
    const [locked] = await opened().group((transaction) => transaction.lockCustomers([key(id)]));
    expect(must(locked).waiting).toEqual(list);
    await clear(id);
    expect(must(await opened().customer(key(id))).waiting).toEqual([]);
  });

  test("is due by the database's clock, and counts until it is settled", async () => {
    const before = (await opened().counts()).waiting;
    const now = await withWaiting({});
    const later = await withWaiting({ dueAt: FUTURE });
    expect((await opened().counts()).waiting).toBe(before + 2);
    expect(await due()).toContain(now.id);
    expect(await due()).not.toContain(later.id);
    const found = (await opened().dueCustomers(1_000)).find(({ id }) => id === now.id);
    // Settled at the database's time, which is later than the instant at which it was due.
    expect(must(found).now > PAST).toBe(true);
    await clear(now.id);
    await clear(later.id);
    expect(await due()).not.toContain(now.id);
    expect((await opened().counts()).waiting).toBe(before);
  });

  test("of a replayed signal waits as long, counted from when it was decided", async () => {
    const replayed = await withWaiting({ replayed: true, dueAt: "2026-03-01T10:30:00.000Z" });
    expect(await due()).not.toContain(replayed.id);
    const atOnce = await withWaiting({ replayed: true, dueAt: PAST });
    const found = (await opened().dueCustomers(1_000)).find(({ id }) => id === atOnce.id);
    // And is settled at its own instant.
    expect(must(found).now).toBe(PAST);
    await clear(replayed.id);
    await clear(atOnce.id);
  });

  test("what became of it is told with its signal, with the reply, and in order", async () => {
    const { signal, id } = await withWaiting({});
    const reply = aReply({ customerId: id, signalId: signal.id, seq: 2, slot: "later" });
    const settlement = (entries: readonly object[], replies: readonly unknown[]) =>
      ({ tenant: "default", customerId: id, playbook: "p2", now: PAST, entries, replies }) as never;
    const entry = { signalId: signal.id, rule: "delivery/later-0" };
    const release = async (
      change: (customer: Customer) => Customer,
      written: Parameters<typeof settlement>,
    ) =>
      opened().group(async (transaction) => {
        const [customer] = await transaction.lockCustomers([key(id)]);
        await transaction.release([settlement(...written)], [change(must(customer))]);
      });
    await release((customer) => customer, [[{ ...entry, code: "deferred", detail: "d" }], []]);
    await release(
      (customer) => ({ ...customer, lastSeq: 2, waiting: [] }),
      [[{ ...entry, code: "replied", seq: 2 }], [reply]],
    );
    const stored = must(await opened().decision(key(signal.id)));
    expect(stored.later).toEqual([
      {
        entry: { ...entry, code: "deferred", detail: "d" },
        playbook: "p2",
        now: PAST,
        settledBy: null,
        customerVersion: 1,
      },
      {
        entry: { ...entry, code: "replied", seq: 2 },
        playbook: "p2",
        now: PAST,
        settledBy: null,
        customerVersion: 1,
        reply,
      },
    ]);
    expect(stored.settlement.replies.map(({ seq }) => seq)).toEqual([1]);
    const [inHistory] = await collect(opened().decisionsOf(key(id), 0));
    expect(inHistory).toEqual(stored);
    const inbox = await opened().inbox(key(id), { after: 0, limit: 10 });
    expect(inbox.map(({ seq, slot }) => [seq, slot])).toContainEqual([2, "later"]);
  });

  test("a signal of which nothing waited has nothing later", async () => {
    const signal = ownSignal();
    await decideNow(opened(), signal);
    expect(must(await opened().decision(key(signal.id)))).not.toHaveProperty("later");
  });
};
