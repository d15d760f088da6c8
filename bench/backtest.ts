/**
 * How many stored signals a second a back-test tells again on one core: on stored facts from memory, with reading from the embedded store, and with every text read again.
 *
 *   npm run bench:backtest                      one table
 *   npm run bench:backtest -- --copies 10       the fixtures so many times, each with customers of its own (default 4)
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import CliTable from "cli-table3";
import type { Customer } from "../src/core/customer.ts";
import type { StoredDecision } from "../src/core/ports.ts";
import type { Signal } from "../src/core/signal.ts";

const HOME = join(import.meta.dirname, "..");
const TENANT = "default";

const load = async <T>(path: string): Promise<T> =>
  (await import(pathToFileURL(join(HOME, "dist", `${path}.js`)).href)) as T;

const { openBacktest } =
  await load<typeof import("../src/core/backtest/backtest.ts")>("core/backtest/backtest");
const { stranger } =
  await load<typeof import("../src/core/backtest/replay.ts")>("core/backtest/replay");
const { preparePlaybook } = await load<typeof import("../src/core/prepare.ts")>("core/prepare");
const { conclude } = await load<typeof import("../src/work/conclude.ts")>("work/conclude");
const { readFixtures } = await load<typeof import("../src/work/fixtures.ts")>("work/fixtures");
const { playbookOf, readPlaybookFiles } =
  await load<typeof import("../src/work/publish.ts")>("work/publish");
const { openPlaybooks } = await load<typeof import("../src/work/playbooks.ts")>("work/playbooks");
const { backtestPlaybook } = await load<typeof import("../src/work/backtest.ts")>("work/backtest");
const { decideGroup } = await load<typeof import("../src/work/decide.ts")>("work/decide");
const { openEmbeddedStore } = await load<typeof import("../src/store/open.ts")>("store/open");

const { values } = parseArgs({ options: { copies: { type: "string", default: "4" } } });
const copies = Number(values.copies);

const playbook = playbookOf(readPlaybookFiles(HOME));
const prepared = preparePlaybook(playbook);
if (prepared.kind === "faulty") throw new Error(JSON.stringify(prepared.faults.slice(0, 3)));
const live = prepared.value;

const signals = (copy: number): readonly Signal[] =>
  readFixtures(join(HOME, "fixtures")).signals.map((signal) => ({
    ...signal,
    id: `${copy}-${signal.id}`,
    customerId: `${copy}-${signal.customerId}`,
  }));

/** As the store would give them back: in (customer, version) order, through JSON. */
const decided = (told: readonly Signal[]): readonly StoredDecision[] => {
  const customers = new Map<string, Customer>();
  const stored = told.map((signal) => {
    const before = customers.get(signal.customerId) ?? stranger(TENANT, signal.customerId);
    const concluded = conclude({ tenant: TENANT, signal, now: signal.at }, before, live);
    customers.set(signal.customerId, concluded.customer);
    return JSON.parse(JSON.stringify(concluded.decided)) as StoredDecision;
  });
  return stored.toSorted((left, right) => {
    const [one, other] = [left.decision, right.decision];
    if (one.customerId !== other.customerId) return one.customerId < other.customerId ? -1 : 1;
    return one.customerVersion - other.customerVersion;
  });
};

const rateOf = async (
  count: number,
  work: () => unknown,
): Promise<{ readonly rate: number; readonly seconds: number }> => {
  const from = performance.now();
  await work();
  const seconds = (performance.now() - from) / 1000;
  return { rate: count / seconds, seconds };
};

const inMemory = (stored: readonly StoredDecision[], way: "stored" | "again") => {
  const rulesBefore = new Set(live.rules.inOrder.map(({ rule }) => rule));
  const backtest = openBacktest({
    playbook: live,
    way,
    rulesBefore,
    from: "",
    to: "9999",
    samples: 10,
  });
  for (const one of stored) backtest.add({ kind: "signal", stored: one });
  const { figures } = backtest.finish();
  if (figures.decisions.identical !== stored.length)
    throw new Error("not every decision is given again");
};

const table = new CliTable({
  head: ["told again", "signals", "seconds", "signals/s"],
  style: { head: [], border: [], compact: true },
  colAligns: ["left", "right", "right", "right"],
});
const row = (name: string, count: number, { rate, seconds }: Awaited<ReturnType<typeof rateOf>>) =>
  table.push([
    name,
    count.toLocaleString("en"),
    seconds.toFixed(2),
    Math.round(rate).toLocaleString("en"),
  ]);

/** The rate in the middle of three. */
const median = async (stored: readonly StoredDecision[], way: "stored" | "again") => {
  const rates = [];
  for (let turn = 0; turn < 3; turn += 1)
    rates.push(await rateOf(stored.length, () => inMemory(stored, way)));
  return rates.toSorted((left, right) => left.rate - right.rate)[1] ?? { rate: 0, seconds: 0 };
};

const everything = Array.from({ length: copies }, (_, copy) => signals(copy));
const all = everything.flatMap((told) => decided(told));
const spoken = everything.flatMap((told) =>
  decided(told.filter(({ kind }) => kind === "feedback")),
);
const repliesIn = (stored: readonly StoredDecision[]): number =>
  stored.reduce((sum, { settlement }) => sum + settlement.replies.length, 0);
inMemory(all.slice(0, 5_000), "stored");
row("stored facts, from memory", all.length, await median(all, "stored"));
row("stored facts, from memory, feedback alone", spoken.length, await median(spoken, "stored"));
row("read again, from memory", all.length, await median(all, "again"));
row("read again, from memory, feedback alone", spoken.length, await median(spoken, "again"));

const { store } = await openEmbeddedStore("memory");
const log = () => undefined;
await store.publish(TENANT, playbook);
const decider = { store, conclude, log, inForce: async () => ({ live }) };
const told = signals(0);
for (let from = 0; from < told.length; from += 500)
  await decideGroup(
    decider,
    told
      .slice(from, from + 500)
      .map((signal) => ({ tenant: TENANT, clock: "signal" as const, signal })),
  );
const ask = (readAgain: boolean) =>
  backtestPlaybook({ store, playbooks: openPlaybooks(store, log) }, TENANT, {
    request: { days: 3_660, readAgain, samples: 10 },
    watch: {},
  });
await ask(false);
row(
  "stored facts, from the embedded store",
  told.length,
  await rateOf(told.length, () => ask(false)),
);
row("read again, from the embedded store", told.length, await rateOf(told.length, () => ask(true)));
await store.stop();
process.stdout.write(
  `${table.toString()}\n${all.length.toLocaleString("en")} signals with ${repliesIn(all).toLocaleString("en")} replies; ${spoken.length.toLocaleString("en")} feedback with ${repliesIn(spoken).toLocaleString("en")}; the median of three where from memory\n`,
);
