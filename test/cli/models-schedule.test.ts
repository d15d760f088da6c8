import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { remoteAttune } from "../../src/cli/remote.ts";
import type { Attune } from "../../src/work/attune.ts";
import type { RetrainSchedule } from "../../src/work/schedules.ts";
import { until } from "../faults/load.ts";
import { fakeAttune } from "../http/fake.ts";
import { START_MS, startReal } from "../http/real.ts";
import { runCommand } from "./capture.ts";

const WEEKLY: RetrainSchedule = {
  id: "retrain-churn-spend",
  cron: "0 3 * * 0",
  timeZone: "Europe/Berlin",
  nextAt: "2999-07-07T01:00:00.000Z",
  tasks: ["churn", "spend"],
  seed: 1,
  promote: true,
};
const LATE: RetrainSchedule = {
  ...WEEKLY,
  id: "retrain-offers",
  timeZone: "UTC",
  nextAt: "2026-03-01T03:00:00.000Z",
  tasks: ["offers"],
  promote: false,
};

const schedule = (attune: Partial<Attune>, ...args: readonly string[]) =>
  runCommand({ args: ["models", "schedule", ...args], attune: fakeAttune(attune) });

const listing = (...schedules: readonly RetrainSchedule[]): Partial<Attune> => ({
  retrainSchedules: async () => schedules,
  endRetrainSchedule: async (_tenant, id) =>
    schedules.find((one) => one.id === id) ?? Promise.reject(new Error(`asked to end ${id}`)),
});

describe("attune models schedule", () => {
  it("alone lists, with the next time on the clock of the schedule", async () => {
    expect((await schedule(listing(LATE, WEEKLY))).out.trimEnd().split("\n")).toEqual([
      "retrain-offers: 0 3 * * 0",
      "  trains offers; puts nothing in force",
      "  due since 2026-03-01 03:00 UTC: it waits for a worker, which attune start has",
      "retrain-churn-spend: 0 3 * * 0",
      "  trains churn, spend; puts in force what the gate lets pass",
      "  next 2999-07-07 03:00 Europe/Berlin",
    ]);
    expect((await schedule(listing())).out).toContain("no retraining is scheduled; plan one");
    const { exit, out } = await schedule(listing(WEEKLY), "--json");
    expect([exit, JSON.parse(out)]).toEqual([0, { schedules: [WEEKLY] }]);
  });

  it("--cron plans what the options say, and all else is left to its default", async () => {
    const asked: unknown[] = [];
    const planning: Partial<Attune> = {
      scheduleRetraining: async (_tenant, request) => {
        asked.push(JSON.parse(JSON.stringify(request)));
        return WEEKLY;
      },
    };
    const options = ["--timezone", "Europe/Berlin", "--tasks", "churn, spend", "--promote"];
    const planned = await schedule(planning, "--cron", "0 3 * * 0", ...options, "--seed", "4");
    expect([planned.exit, planned.out]).toEqual([0, expect.stringContaining("next 2999-07-07")]);
    const json = await schedule(planning, "--cron", "@daily", "--json");
    expect(JSON.parse(json.out)).toEqual(WEEKLY);
    expect(asked).toEqual([
      {
        cron: "0 3 * * 0",
        timeZone: "Europe/Berlin",
        tasks: ["churn", "spend"],
        seed: 4,
        promote: true,
      },
      { cron: "@daily" },
    ]);
  });

  it("--off ends the one that is named, or the only one", async () => {
    const named = await schedule(listing(LATE, WEEKLY), "--off", "retrain-offers");
    expect(named.out).toBe(
      "retrain-offers (0 3 * * 0) is ended; what was due already still runs\n",
    );
    const only = await schedule(listing(WEEKLY), "--off", "--json");
    expect(JSON.parse(only.out)).toEqual({ ended: WEEKLY });
  });

  it("--off without an id is refused where there is none, or more than one", async () => {
    const none = await schedule(listing(), "--off");
    expect([none.exit, none.err]).toEqual([1, expect.stringContaining("nothing to end")]);
    const several = await schedule(listing(LATE, WEEKLY), "--off");
    expect([several.exit, several.err]).toEqual([
      2,
      expect.stringContaining("--off with retrain-offers, retrain-churn-spend"),
    ]);
  });

  it.each([
    [["--promote"], "--promote says what to plan: say when with --cron"],
    [["--tasks", "churn"], "--tasks says what to plan"],
    [["--off", "--cron", "@daily"], "--off ends a schedule: leave out --cron"],
    [["--cron"], "argument missing"],
    [["--cron", "@daily", "--seed", "-1"], "not a whole number"],
    [["churn"], "too many arguments"],
  ])("refuses %j", async (args, sentence) => {
    const { exit, err } = await schedule({}, ...args);
    expect([exit, err]).toEqual([2, expect.stringContaining(sentence)]);
  });
});

/** Orders of a small shop: enough to learn offers from. */
const orders = Array.from({ length: 120 }, (_, index) => ({
  kind: "event",
  id: `o-${index}`,
  customerId: `c-${index % 24}`,
  at: new Date(Date.UTC(2026, 0, 1 + Math.floor(index / 3), 9, index % 60)).toISOString(),
  type: "order.completed",
  properties: { amount: 20, items: [{ sku: `tea-${index % 5}` }, { sku: `cup-${index % 3}` }] },
}));

describe("attune models schedule while attune start holds the directory", () => {
  let app: Awaited<ReturnType<typeof startReal>>;
  const call = (...args: readonly string[]) =>
    runCommand({
      args: ["models", "schedule", ...args, "--json"],
      attune: remoteAttune(app.address),
    });
  beforeAll(async () => {
    app = await startReal();
  }, START_MS);
  afterAll(() => app.stop());

  it("plans, lists, refuses and ends over HTTP as in its own process", async () => {
    const planned = JSON.parse((await call("--cron", "0 3 1 1 *", "--tasks", "spend")).out) as {
      id: string;
    };
    expect(planned).toMatchObject({ id: "retrain-spend", tasks: ["spend"], promote: false });
    expect(await app.attune.retrainSchedules("default")).toEqual([planned]);
    expect(JSON.parse((await call()).out)).toEqual({ schedules: [planned] });
    const refused = await call("--cron", "every day");
    expect([refused.exit, refused.err]).toEqual([
      2,
      expect.stringContaining(
        'cron: "every day" is not a cron expression: it has 2 fields; write five fields',
      ),
    ]);
    expect(JSON.parse((await call("--off", planned.id)).out)).toEqual({ ended: planned });
    expect((await call("--off", planned.id)).exit).toBe(1);
  });

  it("has a new model listed once a plan was due", { timeout: 90_000 }, async () => {
    const { attune } = app;
    await attune.enqueue({ tenant: "default", clock: "signal", signals: orders });
    await until(
      () => attune.status(),
      ({ store }) => store.decided === orders.length,
      30_000,
    );
    await call("--cron", "* * * * * *", "--tasks", "offers");
    const { trained } = await until(
      () => attune.models("default"),
      (models) => models.trained.length > 0,
      60_000,
    );
    await call("--off");
    expect(trained).toMatchObject([{ task: "offers", isInForce: false, report: { rows: 120 } }]);
    expect(await attune.deadLetters(10)).toEqual([]);
  });
});
