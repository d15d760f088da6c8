import { describe, expect, it } from "vitest";
import type { IncomingSignal } from "../../src/core/ports.ts";
import { eventSchema } from "../../src/core/signal.ts";
import { openLanes } from "../../src/work/lanes.ts";

const event = (id: number, customerId: string): IncomingSignal => ({
  tenant: "default",
  clock: "database",
  signal: eventSchema.parse({
    kind: "event",
    id: `e${id}`,
    customerId,
    type: "app.opened",
    at: "2026-01-01T00:00:00Z",
  }),
});

/** A decision that ends when it is told to. */
const held = () => {
  const groups: (readonly IncomingSignal[])[] = [];
  const waiting: { end: () => void; fail: (error: Error) => void }[] = [];
  let running = 0;
  let mostRunning = 0;
  return {
    groups,
    waiting,
    mostRunning: () => mostRunning,
    decide: (group: readonly IncomingSignal[]) =>
      new Promise<void>((resolve, reject) => {
        groups.push(group);
        running += 1;
        mostRunning = Math.max(mostRunning, running);
        const done = (end: () => void) => () => {
          running -= 1;
          end();
        };
        waiting.push({ end: done(resolve), fail: (error) => done(() => reject(error))() });
      }),
  };
};

const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
const ids = (group: readonly IncomingSignal[] | undefined) => group?.map(({ signal }) => signal.id);

describe("lanes", () => {
  it("gather what arrives while a group runs into the next group, in order", async () => {
    const held1 = held();
    const lanes = openLanes({ lanes: 1, groupMax: 10, decide: held1.decide });
    const first = lanes.submit(event(1, "a"));
    await turn();
    const rest = [2, 3, 4].map((id) => lanes.submit(event(id, "b")));
    held1.waiting[0]?.end();
    await first;
    await turn();
    held1.waiting[1]?.end();
    await Promise.all(rest);
    expect(held1.groups.map(ids)).toEqual([["e1"], ["e2", "e3", "e4"]]);
  });

  it("let signals that come in one turn share their first group", async () => {
    const held1 = held();
    const lanes = openLanes({ lanes: 1, groupMax: 10, decide: held1.decide });
    const all = [1, 2, 3].map((id) => lanes.submit(event(id, "a")));
    await turn();
    held1.waiting[0]?.end();
    await Promise.all(all);
    expect(held1.groups.map(ids)).toEqual([["e1", "e2", "e3"]]);
  });

  it("cut a group at its largest size", async () => {
    const held1 = held();
    const lanes = openLanes({ lanes: 1, groupMax: 2, decide: held1.decide });
    const all = [1, 2, 3].map((id) => lanes.submit(event(id, "a")));
    await turn();
    held1.waiting[0]?.end();
    await turn();
    held1.waiting[1]?.end();
    await Promise.all(all);
    expect(held1.groups.map(ids)).toEqual([["e1", "e2"], ["e3"]]);
  });

  it("keep a customer in one lane and run lanes side by side", async () => {
    const held1 = held();
    const lanes = openLanes({ lanes: 4, groupMax: 100, decide: held1.decide });
    const all = Array.from({ length: 40 }, (_, id) =>
      lanes.submit(event(id, `customer-${id % 8}`)),
    );
    await turn();
    const laneOf = new Map<string, Set<number>>();
    for (const [lane, group] of held1.groups.entries())
      for (const { signal } of group)
        laneOf.set(signal.customerId, (laneOf.get(signal.customerId) ?? new Set()).add(lane));
    expect([...laneOf.values()].every((seen) => seen.size === 1)).toBe(true);
    expect(held1.mostRunning()).toBeGreaterThan(1);
    for (const { end } of held1.waiting) end();
    await Promise.all(all);
  });

  it("tell every signal of a failed group, and go on with the next", async () => {
    const held1 = held();
    const lanes = openLanes({ lanes: 1, groupMax: 10, decide: held1.decide });
    const failed = lanes.submit(event(1, "a"));
    await turn();
    const next = lanes.submit(event(2, "a"));
    held1.waiting[0]?.fail(new Error("the store is away"));
    await expect(failed).rejects.toThrow("the store is away");
    await turn();
    held1.waiting[1]?.end();
    await expect(next).resolves.toBeUndefined();
  });

  it("stand still while somebody works alone, and go on after", async () => {
    const held1 = held();
    const lanes = openLanes({ lanes: 2, groupMax: 10, decide: held1.decide });
    const before = lanes.submit(event(1, "a"));
    await turn();
    const seen: string[] = [];
    const lonely = lanes.alone(async () => {
      seen.push(`alone with ${held1.waiting.length} groups begun`);
    });
    const during = lanes.submit(event(2, "b"));
    await turn();
    expect(seen).toEqual([]);
    held1.waiting[0]?.end();
    await Promise.all([before, lonely]);
    expect(seen).toEqual(["alone with 1 groups begun"]);
    await turn();
    held1.waiting[1]?.end();
    await during;
  });

  it("run lonely work one at a time, also after one failed", async () => {
    const lanes = openLanes({ lanes: 1, groupMax: 10, decide: async () => undefined });
    const order: string[] = [];
    const first = lanes.alone(async () => {
      order.push("first begins");
      await turn();
      order.push("first ends");
      throw new Error("broke");
    });
    const second = lanes.alone(async () => {
      order.push("second");
    });
    await expect(first).rejects.toThrow("broke");
    await second;
    await lanes.submit(event(1, "a"));
    expect(order).toEqual(["first begins", "first ends", "second"]);
  });
});
