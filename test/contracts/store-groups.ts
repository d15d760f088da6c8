/** Part of the store's contract. Locking, claiming and rolling back. */
import { expect, test } from "vitest";
import type { Store } from "../../src/core/ports.ts";
import type { Signal } from "../../src/core/signal.ts";
import { anEvent, incoming } from "../builders.ts";
import { fresh, decideAll, decideNow, ownSignal } from "./store-kit.ts";

export const claimTests = (opened: () => Store): void => {
  test("a claim tells open from closed in the order given, and a repeated id counts once", async () => {
    const customerId = fresh("customer");
    const [done, dead, one, two] = Array.from({ length: 4 }, () => ownSignal({ customerId })) as [
      Signal,
      Signal,
      Signal,
      Signal,
    ];
    await decideNow(opened(), done);
    await opened().bury({
      tenant: "default",
      id: dead.id,
      reason: "poison",
      detail: "d",
      payload: {},
    });
    const claim = await decideNow(opened(), two, done, one, two, dead, done);
    expect(claim.open.map(({ signal }) => signal.id)).toEqual([two.id, one.id]);
    expect(claim.closed).toEqual([done, dead].map(({ id }) => ({ tenant: "default", id })));
  });

  test("a signal that was accepted for another customer is left to its own job", async () => {
    const signal = ownSignal();
    await opened().accept([incoming(signal)]);
    const claim = await decideNow(opened(), { ...signal, customerId: fresh("customer") });
    expect(claim).toEqual({ open: [], closed: [{ tenant: "default", id: signal.id }] });
    expect(await opened().signalState({ tenant: "default", id: signal.id })).toBe("accepted");
  });

  test("customers are locked in the order of the keys asked for, missing ones created empty", async () => {
    const [known, missing] = [ownSignal(), fresh("customer")];
    await decideNow(opened(), known);
    const keys = [missing, known.customerId, missing].map((id) => ({ tenant: "default", id }));
    const customers = await opened().group((transaction) => transaction.lockCustomers(keys));
    expect(customers.map(({ id, version, lastSeq }) => [id, version, lastSeq])).toEqual([
      [missing, 0, 0],
      [known.customerId, 1, 1],
      [missing, 0, 0],
    ]);
  });

  test("a group that rejects leaves nothing and rejects with the same reason", async () => {
    const signal = ownSignal();
    const key = { tenant: "default", id: signal.id };
    const before = await opened().counts();
    const reason = new Error("as asked");
    const broken = opened().group(async (transaction) => {
      await decideAll(transaction, [incoming(signal)]);
      throw reason;
    });
    await expect(broken).rejects.toBe(reason);
    expect(await opened().counts()).toEqual(before);
    expect(await opened().signalState(key)).toBe("unknown");
    expect(await opened().customer({ tenant: "default", id: signal.customerId })).toBeUndefined();
    expect(
      await opened().inbox({ tenant: "default", id: signal.customerId }, { after: 0, limit: 10 }),
    ).toEqual([]);
    await decideNow(opened(), signal);
    expect(await opened().signalState(key)).toBe("decided");
  });

  test("a statement that fails inside a group takes the whole group back", async () => {
    const signal = ownSignal();
    const broken = opened().group(async (transaction) => {
      await decideAll(transaction, [incoming(signal)]);
      await transaction.claim([
        incoming(anEvent({ id: fresh("signal"), at: "no instant" }), { clock: "signal" }),
      ]);
    });
    await expect(broken).rejects.toThrow(/no instant/u);
    expect(await opened().signalState({ tenant: "default", id: signal.id })).toBe("unknown");
  });

  test("groups on one customer run one after another, whatever order they lock in", async () => {
    const customers = Array.from({ length: 4 }, () => fresh("customer"));
    const groups = Array.from({ length: 8 }, (_, index) =>
      (index % 2 === 0 ? customers : customers.toReversed()).map((customerId) =>
        ownSignal({ customerId }),
      ),
    );
    await Promise.all(groups.map((group) => decideNow(opened(), ...group)));
    for (const id of customers) {
      expect(await opened().customer({ tenant: "default", id })).toMatchObject({
        version: 8,
        lastSeq: 8,
      });
      const inbox = await opened().inbox({ tenant: "default", id }, { after: 0, limit: 500 });
      expect(inbox.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    }
  });

  test("one signal in many groups at once is decided once", async () => {
    const signal = ownSignal();
    const claims = await Promise.all(Array.from({ length: 6 }, () => decideNow(opened(), signal)));
    expect(claims.flatMap(({ open }) => open)).toHaveLength(1);
    expect(await opened().customer({ tenant: "default", id: signal.customerId })).toMatchObject({
      version: 1,
      lastSeq: 1,
    });
  });

  test("one id sent for two customers at once is decided for one of them", async () => {
    const [one, two] = [ownSignal(), ownSignal()];
    const claims = await Promise.all([
      decideNow(opened(), one),
      decideNow(opened(), { ...two, id: one.id }),
    ]);
    expect(claims.map(({ open }) => open.length).toSorted((left, right) => left - right)).toEqual([
      0, 1,
    ]);
  });
};
