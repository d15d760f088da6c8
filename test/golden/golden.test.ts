/**
 * Promise 2: the same signal, customer version and playbook give the same decision, byte for byte, at any concurrency.
 * `decisions.json` holds whole decisions for a person to read; a change of it is a change of behaviour and is looked at in review (`npx vitest run test/golden -u`).
 */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Signal } from "../../src/core/signal.ts";
import { readFixtures } from "../../src/work/fixtures.ts";
import { HOME, replay } from "./replay.ts";

const { signals, feedback } = readFixtures(join(HOME, "fixtures"));

/** Customers who said something, with all that they did: every fourth, to keep the run short. */
const speakers = [...new Set(feedback.map(({ customerId }) => customerId))]
  .toSorted()
  .filter((_, index) => index % 4 === 0);
const chosen = signals.filter(({ customerId }) => speakers.includes(customerId));

/** Other customers first, each one's own signals still in order. */
const shuffled = (seed: number): readonly Signal[] => {
  const order = new Map(speakers.map((id, index) => [id, Math.imul(index + 1, seed) & 0xffff]));
  const ranked = speakers.toSorted(
    (left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0),
  );
  const queues = ranked.map((id) => chosen.filter(({ customerId }) => customerId === id));
  const mixed: Signal[] = [];
  for (let turn = 0; mixed.length < chosen.length; turn += 1)
    for (const [place, queue] of queues.entries()) {
      // Customers take turns of different lengths, so that their signals interleave.
      const signal = (turn + place) % 3 === 0 ? undefined : queue.shift();
      if (signal !== undefined) mixed.push(signal);
    }
  return mixed;
};

describe("the fixtures replayed", () => {
  it(
    "give the same bytes with customers shuffled, at concurrency 1 and 50, alone and in batches",
    { timeout: 240_000 },
    async () => {
      const golden = await replay({ signals: chosen, concurrency: 1, jobSize: 1 });
      expect(golden.decisions.size).toBe(chosen.length);
      const alone = await replay({ signals: shuffled(40_503), concurrency: 50, jobSize: 1 });
      const batches = await replay({ signals: shuffled(30_011), concurrency: 50, jobSize: 50 });
      for (const other of [alone, batches]) {
        for (const [id, bytes] of golden.decisions) expect(other.decisions.get(id)).toBe(bytes);
        expect(other.inboxes).toEqual(golden.inboxes);
      }
      const readable = [...golden.decisions.entries()]
        .filter(([id]) => feedback.some((one) => one.id === id))
        .filter((_, index) => index % 8 === 0)
        .map(([, bytes]) => {
          const { decision, settlement } = JSON.parse(bytes) as {
            decision: { facts: unknown; signalId: string; proposals: unknown };
            settlement: { entries: unknown; replies: unknown };
          };
          return {
            signal: decision.signalId,
            facts: decision.facts,
            entries: settlement.entries,
            replies: settlement.replies,
          };
        });
      await expect(`${JSON.stringify(readable, null, 2)}\n`).toMatchFileSnapshot("decisions.json");
    },
  );
});
