import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JobItem, readJob, readRetrain } from "../../src/core/job.ts";

const feedback = (id: string, more: object = {}) => ({
  kind: "feedback",
  id,
  customerId: "c1",
  at: "2026-03-01T09:30:00Z",
  text: "包裹还没到 😡",
  ...more,
});
const event = (id: string) => ({
  kind: "event",
  id,
  customerId: "c1",
  at: "2026-03-01T09:30:00Z",
  type: "order.completed",
});
const only = (items: readonly JobItem[]): JobItem => {
  expect(items).toHaveLength(1);
  return items[0]!;
};
const refusedOf = (name: string, data: unknown): JobItem & { kind: "refused" } => {
  const item = only(readJob(name, data).items);
  if (item.kind !== "refused") throw new Error("it was taken");
  return item;
};
const saying = (name: string, data: unknown): string =>
  refusedOf(name, data)
    .faults.map(({ place, sentence }) => `${place}: ${sentence}`)
    .join("\n");

describe("a job of one signal", () => {
  it("belongs to the default tenant and the database's clock unless it says otherwise", () => {
    expect(readJob("feedback", { v: 1, signal: feedback("f1") })).toMatchObject({
      tenant: "default",
      clock: "database",
    });
    expect(
      readJob("event", { v: 1, tenant: "店", clock: "signal", signal: event("e1") }),
    ).toMatchObject({
      tenant: "店",
      clock: "signal",
    });
  });

  it("gives the signal, read", () => {
    expect(only(readJob("feedback", { v: 1, signal: feedback("f1") }).items)).toMatchObject({
      kind: "signal",
      signal: { id: "f1", at: "2026-03-01T09:30:00.000Z", channel: "unknown" },
    });
    expect(only(readJob("event", { v: 1, signal: event("e1") }).items)).toMatchObject({
      kind: "signal",
      signal: { id: "e1" },
    });
  });

  it("is refused when its name and the signal's kind differ, with its id", () => {
    expect(saying("feedback", { v: 1, signal: event("e1") })).toBe(
      'signal › kind: is "event" in a job named "feedback"; name the job "event" or correct the kind',
    );
    expect(refusedOf("event", { v: 1, signal: feedback("f1") }).id).toBe("f1");
  });

  it("is refused with every fault of the signal, its id and what came", () => {
    const raw = feedback("f1", { rating: 9, text: 5 });
    const item = refusedOf("feedback", { v: 1, signal: raw });
    expect(item).toMatchObject({ id: "f1", payload: raw });
    expect(item.faults.map(({ place }) => place).toSorted()).toEqual([
      "signal › rating",
      "signal › text",
    ]);
  });

  it("is refused without an id where none can be read", () => {
    expect(refusedOf("feedback", { v: 1 }).id).toBeUndefined();
    expect(refusedOf("feedback", { v: 1, signal: feedback("") }).id).toBeUndefined();
    expect(refusedOf("feedback", { v: 1, signal: ["f1"] })).toMatchObject({
      id: undefined,
      payload: { value: ["f1"] },
    });
  });
});

describe("a batch", () => {
  it("keeps its good signals in order when one between them is bad", () => {
    const { items } = readJob("batch", {
      v: 1,
      tenant: "t",
      signals: [
        feedback("f1"),
        feedback("f2", { kind: "gossip" }),
        event("e3"),
        null,
        feedback("f5"),
      ],
    });
    expect(
      items.map((item) => (item.kind === "signal" ? item.signal.id : `refused ${item.id ?? "?"}`)),
    ).toEqual(["f1", "refused f2", "e3", "refused ?", "f5"]);
    const [, bad] = items;
    expect(bad?.kind === "refused" ? bad.faults[0]?.place : undefined).toContain("signals[1]");
  });

  it("may hold 200 signals and no more, and at least one", () => {
    const signals = (count: number) =>
      Array.from({ length: count }, (_, index) => feedback(`f${index}`));
    expect(readJob("batch", { v: 1, signals: signals(200) }).items).toHaveLength(200);
    expect(saying("batch", { v: 1, signals: signals(201) })).toContain(
      "holds more than 200 signals",
    );
    expect(saying("batch", { v: 1, signals: [] })).toContain("is empty");
    expect(saying("batch", { v: 1, signals: feedback("f1") })).toContain(
      "data › signals: is not a list",
    );
  });
});

describe("a payload that cannot be read at all", () => {
  it.each([
    ["batch", null, "data"],
    ["feedback", "text", "data"],
    ["feedback", [], "data"],
    ["event", { signal: event("e1") }, 'data › v: is not a known version; say "v": 1'],
    ["event", { v: 2, signal: event("e1") }, 'data › v: is not a known version; say "v": 1'],
    ["event", { v: 1, tenant: "", signal: event("e1") }, "data › tenant: is empty"],
    ["event", { v: 1, clock: "mine", signal: event("e1") }, "data › clock: is not a clock"],
    ["event", { v: 1, tennant: "shop", signal: event("e1") }, "tennant"],
    [
      "fedback",
      { v: 1, signal: feedback("f1") },
      'the name "fedback" is not known; did you mean "feedback"?',
    ],
    ["__proto__", {}, 'the name "__proto__" is not known; name it'],
    ["retrian", {}, 'the name "retrian" is not known; did you mean "retrain"?'],
  ])("is one refused item of the default tenant: %s %j", (name, data, sentence) => {
    expect(readJob(name, data)).toMatchObject({ tenant: "default", clock: "database" });
    expect(saying(name, data)).toContain(sentence);
  });

  it("has no id even if one can be seen, since a dead letter would close it for a tenant that is not known", () => {
    expect(refusedOf("feedback", feedback("f1")).id).toBeUndefined();
  });
});

const faultsOf = (data: unknown): readonly string[] => {
  const reading = readRetrain(data);
  if (reading.kind !== "refused") throw new Error("it was taken");
  return reading.faults.map(({ place, sentence }) => `${place}: ${sentence}`);
};

describe("a retrain job", () => {
  it("names its models; the rest has defaults", () => {
    expect(readRetrain({ tasks: ["churn"] })).toEqual({
      kind: "retrain",
      job: { tenant: "default", tasks: ["churn"], seed: 1, promote: false },
    });
    expect(
      readRetrain({ v: 1, tenant: "店", tasks: ["b", "a", "b"], seed: 2 ** 31 - 1, promote: true }),
    ).toEqual({
      kind: "retrain",
      job: { tenant: "店", tasks: ["b", "a"], seed: 2 ** 31 - 1, promote: true },
    });
  });

  it.each([
    [undefined, "data: is missing; give an object"],
    [{}, "data › tasks: is not a list; name the models to train"],
    [{ tasks: [] }, "data › tasks: is empty; name at least one model to train"],
    [{ tasks: [""] }, "data › tasks[0]: is empty; give an id"],
    [
      { tasks: Array.from({ length: 17 }, String) },
      "data › tasks: names more than 16 models; name each once",
    ],
    [{ tasks: ["a"], seed: 1.5 }, "data › seed: is not a whole number; give 0 to 2147483647"],
    [{ tasks: ["a"], seed: -1 }, "data › seed: is below 0; seeds run from 0 to 2147483647"],
    [{ tasks: ["a"], seed: 2 ** 31 }, "data › seed: is above 2147483647; seeds run from 0 to that"],
    [{ tasks: ["a"], promote: "yes" }, "data › promote: is neither true nor false"],
    [{ v: 2, tasks: ["a"] }, 'data › v: is not a known version; say "v": 1'],
    [{ tasks: ["a"], sed: 1 }, 'data: the field "sed" is not known; did you mean "seed"?'],
  ])("that holds %j is refused with its fault and kept", (data, fault) => {
    expect(faultsOf(data)).toEqual([fault]);
    expect(readRetrain(data)).toMatchObject({ kind: "refused", id: undefined });
  });

  it("is read without ever throwing", () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        expect(["refused", "retrain"]).toContain(readRetrain(data).kind);
      }),
    );
  });
});

const kept = (signal: unknown) => refusedOf("feedback", { v: 1, signal }).payload;

describe("what is kept of a refused payload", () => {
  it("is well-formed", () => {
    expect(kept({ "a\0": "x\0y\ud800" })).toEqual({ a: "xy\ufffd" });
  });

  it("is cut, and says so, when it is large", () => {
    const { text, cut } = kept({ note: "😀".repeat(40_000) }) as { text: string; cut: boolean };
    expect(cut).toBe(true);
    expect(text.isWellFormed()).toBe(true);
    expect(text).toHaveLength(65_536);
    expect(text.startsWith('{"note":"😀')).toBe(true);
  });

  it("is text when its names reach a prototype or it is nested too deep", () => {
    expect(kept(JSON.parse('{"__proto__":{"admin":true}}'))).toEqual({
      text: '{"__proto__":{"admin":true}}',
      cut: false,
    });
    let deep: unknown = "bottom";
    for (let level = 0; level < 100; level += 1) deep = [deep];
    expect(kept({ deep })["text"]).toContain("bottom");
  });

  it("is a sentence when it is nested so deep that it cannot be written", () => {
    let deep: unknown = "bottom";
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(kept({ deep })["text"]).toContain("not writable as JSON");
  });
});

describe("reading", () => {
  const names = fc.oneof(fc.constantFrom("feedback", "event", "batch"), fc.string());
  const envelope = fc.record(
    {
      v: fc.constantFrom(1, 2),
      tenant: fc.string(),
      clock: fc.string(),
      signal: fc.anything(),
      signals: fc.array(fc.anything()),
    },
    { requiredKeys: [] },
  );

  it("never throws, always gives an item, and whatever is refused can be stored as JSON", () => {
    fc.assert(
      fc.property(names, fc.oneof(fc.anything(), envelope), (name, data) => {
        const { items } = readJob(name, data);
        expect(items.length).toBeGreaterThan(0);
        for (const item of items) {
          if (item.kind !== "refused") continue;
          expect(item.faults.length).toBeGreaterThan(0);
          const text = JSON.stringify(item.payload);
          expect(text.isWellFormed() && !text.includes("\\u0000") && text.length < 200_000).toBe(
            true,
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});
