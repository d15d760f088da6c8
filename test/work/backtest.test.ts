import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import type { IncomingSignal } from "../../src/core/ports.ts";
import type { PlaybookFiles } from "../../src/core/playbook.ts";
import { backtestPlaybook, type BacktestRequest } from "../../src/work/backtest.ts";
import { decideGroup } from "../../src/work/decide.ts";
import { readFixtures } from "../../src/work/fixtures.ts";
import { openPlaybooks } from "../../src/work/playbooks.ts";
import { playbookOf } from "../../src/work/publish.ts";
import { incoming } from "../builders.ts";
import { deciderOf, FILES, HOME, openRoom, type Room, SHIPPED } from "./room.ts";

const DAYS = 3_660;
const TENANT = "default";

let room: Room;

/** Customers of the fixtures who said something, with all that they did: every sixth. */
const lives = (): readonly IncomingSignal[] => {
  const { signals, feedback } = readFixtures(join(HOME, "fixtures"));
  const speakers = [...new Set(feedback.map(({ customerId }) => customerId))].toSorted();
  const chosen = new Set(speakers.filter((_, index) => index % 6 === 0));
  return signals
    .filter(({ customerId }) => chosen.has(customerId))
    .map((signal) => incoming(signal, { clock: "signal" }));
};

const decideAll = async (signals: readonly IncomingSignal[]): Promise<void> => {
  for (let from = 0; from < signals.length; from += 200)
    await decideGroup(deciderOf(room), signals.slice(from, from + 200));
};

beforeAll(async () => {
  room = await openRoom();
  await room.store.publish(TENANT, SHIPPED);
  await decideAll(lives());
}, 120_000);
afterAll(() => room.stop());

const backtest = (changes: Partial<BacktestRequest> = {}) =>
  backtestPlaybook({ store: room.store, playbooks: openPlaybooks(room.store, room.log) }, TENANT, {
    request: { days: DAYS, readAgain: false, samples: 10, ...changes },
    watch: {},
  });

describe("the live playbook back-tested", () => {
  it("gives every stored decision again, with the same hash on every run", async () => {
    const report = await backtest();
    const { decided, replies } = await room.store.counts();
    expect(report).toMatchObject({
      candidate: SHIPPED.hash,
      way: "stored",
      warnings: [],
      signals: decided,
      decisions: { same: decided, identical: decided, changed: 0 },
      replies: { stored: replies, candidate: replies, gained: 0, lost: 0, changed: 0 },
      customersAffected: 0,
      customersChanged: 0,
      customersIncomplete: 0,
      samples: [],
    });
    expect(replies).toBeGreaterThan(100);
    expect(report.outcomes.every(({ from, to }) => from === to)).toBe(true);
    expect(await backtest()).toEqual(report);
  });

  it("gives them again with every text read and every customer described again", async () => {
    const { digest, decisions, signals } = await backtest({ readAgain: true });
    expect(decisions).toEqual({ same: signals, identical: signals, changed: 0 });
    expect(digest).toBe((await backtest()).digest);
  });
});
