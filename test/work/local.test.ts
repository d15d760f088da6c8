import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "../../src/core/ports.ts";
import { AttuneError } from "../../src/errors.ts";
import { conclude, type Conclude } from "../../src/work/conclude.ts";
import { decideGroup } from "../../src/work/decide.ts";
import { localAttune } from "../../src/work/local.ts";
import {
  complaint,
  deciderOf,
  FILES,
  keyOf,
  openRoom,
  type Room,
  SHIPPED,
  variant,
} from "./room.ts";

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.stop());

const choke: Conclude = (accepted, customer, playbook) => {
  if (accepted.signal.kind === "feedback" && accepted.signal.text === "choke")
    throw new Error("it choked");
  return conclude(accepted, customer, playbook);
};

const decided = async (one = complaint()) => {
  await room.store.publish("default", SHIPPED);
  await decideGroup(deciderOf(room, { conclude: choke }), [one]);
  return one;
};

describe("asked in this process", () => {
  it("the status is null for a playbook that nobody published, and its hash afterwards", async () => {
    const empty = await openRoom();
    const attune = localAttune(empty);
    expect(await attune.status()).toEqual({
      store: { accepted: 0, decided: 0, replies: 0, deadLetters: 0, customers: 0, waiting: 0 },
      queue: { waiting: 0, active: 0, delayed: 0, failed: 0 },
      playbook: null,
    });
    const { hash } = await attune.publish("default", FILES);
    const one = complaint();
    await attune.enqueue({ tenant: "default", clock: "database", signals: [one.signal] });
    expect(await attune.status()).toEqual({
      store: { accepted: 1, decided: 0, replies: 0, deadLetters: 0, customers: 0, waiting: 0 },
      queue: { waiting: 1, active: 0, delayed: 0, failed: 0 },
      playbook: hash,
    });
    await empty.stop();
  });

  it.each([
    ["unknown", "is not known", async () => complaint()],
    [
      "accepted",
      "is accepted but not decided yet: start workers with attune start, or wait",
      async () => {
        const one = complaint();
        await room.store.accept([one]);
        return one;
      },
    ],
    [
      "dead",
      "could not be decided and was set aside: see attune dead-letters",
      () => decided(complaint({ text: "choke" })),
    ],
  ])("an explanation of a signal that is %s is refused and says so", async (state, why, made) => {
    const one = await made();
    const attune = localAttune(room);
    expect(await attune.signalState(keyOf(one))).toBe(state);
    const refused = attune.explain(keyOf(one));
    await expect(refused).rejects.toBeInstanceOf(AttuneError);
    await expect(refused).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: `Signal "${one.signal.id}" ${why}.`,
    });
  });

  it("a decided signal whose decision is lost is not explained with something else", async () => {
    const one = await decided();
    const store: Store = { ...room.store, decision: async () => undefined };
    await expect(localAttune({ ...room, store }).explain(keyOf(one))).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: `Signal "${one.signal.id}" has no stored decision.`,
    });
  });

  it("a decided signal is explained by the playbook that decided it, also when another is live", async () => {
    const one = await decided();
    const attune = localAttune(room);
    const before = await attune.explain(keyOf(one));
    await attune.publish("default", {
      ...variant("Somebody else"),
      "rules/delivery.json": (FILES["rules/delivery.json"] ?? "").replace(
        '"value": "delivery"',
        '"value": "hygiene_safety"',
      ),
    });
    const after = await localAttune(room).explain(keyOf(one));
    expect(after).toEqual(before);
    expect(after.decision.playbook).toBe(SHIPPED.hash);
    expect(after.rules.find(({ rule }) => rule === "delivery/late-parcel")?.outcome.code).toBe(
      "replied",
    );
  });

  it("replies are read and acknowledged once", async () => {
    const one = await decided();
    const attune = localAttune(room);
    const customer = { tenant: "default", id: one.signal.customerId };
    const [reply, ...more] = await attune.inbox(customer, { after: 0, limit: 10 });
    expect(more).toEqual([]);
    expect(reply).toMatchObject({ seq: 1, signalId: one.signal.id, state: "visible" });
    expect(await attune.acknowledge(customer, 1)).toBe(1);
    expect(await attune.acknowledge(customer, 1)).toBe(0);
    expect(await attune.inbox(customer, { after: 0, limit: 10 })).toMatchObject([
      { seq: 1, state: "acknowledged" },
    ]);
    expect(await attune.inbox(customer, { after: 1, limit: 10 })).toEqual([]);
  });

  it("dead letters come newest first, at most as many as wanted", async () => {
    const [first, second] = [complaint({ text: "choke" }), complaint({ text: "choke" })];
    await decided(first);
    await decided(second);
    const attune = localAttune(room);
    expect((await attune.deadLetters(2)).map(({ id }) => id)).toEqual([
      second.signal.id,
      first.signal.id,
    ]);
    expect(await attune.deadLetters(1)).toHaveLength(1);
  });
});
