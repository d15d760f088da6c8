import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Attune } from "../../src/work/attune.ts";
import type { CustomerWhy } from "../../src/work/why.ts";
import { complaint, settled, START_MS, startReal } from "../http/real.ts";
import { whyAsText } from "../../src/cli/why.ts";
import { createPaint } from "../../src/cli/terminal.ts";

let app: Awaited<ReturnType<typeof startReal>>;

const attune = (): Attune => app.attune;
const customer = (id: string) => ({ tenant: "default", id });

beforeAll(async () => {
  app = await startReal();
  const event = {
    kind: "event",
    id: "e-1",
    customerId: "c1",
    at: "2026-02-01T08:00:00Z",
    type: "app.opened",
  };
  const signals = [event, complaint("f-1", "c1"), { ...complaint("f-2", "c1"), text: "ok" }];
  await attune().enqueue({ tenant: "default", signals, clock: "signal" });
  for (const { id } of signals) await settled(app, id);
}, START_MS);

afterAll(() => app.stop());

describe("why a customer got an answer, or none", () => {
  it("tells every signal with an outcome for every live rule, newest first", async () => {
    const why = await attune().why(customer("c1"), { limit: 20 });
    expect(why).toMatchObject({ customer: "c1", signals: 3 });
    expect(why.shown.map(({ id }) => id).toSorted()).toEqual(["e-1", "f-1", "f-2"]);
    const explained = await attune().explain({ tenant: "default", id: "f-1" });
    const one = why.shown.find(({ id }) => id === "f-1");
    expect(one?.outcomes).toEqual(explained.rules.map(({ outcome }) => outcome));
    expect(one?.outcomes.filter(({ code }) => code === "replied")).toHaveLength(why.replies);
    const nows = why.shown.map(({ now }) => now);
    expect(nows).toEqual(nows.toSorted().toReversed());
  });

  it("looks at one rule, the newest signals, and those since an instant", async () => {
    const praise = await attune().why(customer("c1"), { limit: 1, rule: "relations/praise" });
    expect(praise.shown).toHaveLength(1);
    expect(praise.shown[0]?.outcomes).toMatchObject([
      { rule: "relations/praise", code: "not_matched" },
    ]);
    const since = await attune().why(customer("c1"), { limit: 20, since: "2026-02-15" });
    expect(since.shown.map(({ kind }) => kind)).toEqual(["feedback", "feedback"]);
    const late = await attune().why(customer("c1"), { limit: 20, since: "2027-01-01" });
    expect(late.shown).toEqual([]);
  });

  it("names a rule that one number kept from matching", async () => {
    const why = await attune().why(customer("c1"), { limit: 20 });
    const opened = why.shown.find(({ id }) => id === "e-1");
    for (const { missing } of opened?.nearMisses ?? [])
      expect(["event.type", "signal.kind"]).not.toContain(missing.fact);
    expect(why.shown.flatMap(({ nearMisses }) => nearMisses).length).toBeGreaterThan(0);
  });

  it("refuses customers and rules that nobody knows, with a hint", async () => {
    await expect(attune().why(customer("c9"), { limit: 1 })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(
      attune().why(customer("c1"), { limit: 1, rule: "relations/prase" }),
    ).rejects.toThrow('did you mean "relations/praise"?');
  });

  it("is the same over HTTP", async () => {
    const answer = await fetch(
      `${app.address}/v1/customers/c1/why?limit=2&rule=relations%2Fpraise&since=2026-02-15`,
    );
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(
      await attune().why(customer("c1"), {
        limit: 2,
        rule: "relations/praise",
        since: "2026-02-15",
      }),
    );
    const odd = await fetch(`${app.address}/v1/customers/c1/why?since=yesterday`);
    expect(odd.status).toBe(422);
  });
});

const told = (changes: Partial<CustomerWhy["shown"][number]>): CustomerWhy => ({
  customer: "c1",
  signals: 9,
  replies: 1,
  shown: [
    {
      id: "f-1",
      now: "2026-03-01T09:30:00.000Z",
      kind: "feedback",
      about: "late\u001b[31m again",
      playbook: "a",
      outcomes: [
        { rule: "a/one", code: "replied" },
        { rule: "a/two", code: "capped", detail: "at most 3" },
        { rule: "a/three", code: "not_matched", detail: "x equal 1 (found 2)" },
      ],
      nearMisses: [
        {
          rule: "a/three",
          missing: {
            kind: "comparison",
            fact: "x",
            operator: "equal",
            expected: 1,
            actual: 2,
            held: false,
          },
        },
      ],
      ...changes,
    },
  ],
});

describe("the text of it", () => {
  const view = { paint: createPaint(false), columns: 80, all: false };
  it("shows what happened, counts the silent rules and names the near ones", () => {
    const text = whyAsText(told({}), view);
    expect(text).toContain("9 signals decided, 1 replies; 1 shown");
    expect(text).toContain("✓ a/one: replied");
    expect(text).toContain("a/two: capped, at most 3");
    expect(text).toContain("1 others did not match");
    expect(text).toContain("a/three nearly: it wants x = 1, and found 2");
    expect(text).not.toContain("\u001b");
  });

  it("shows every rule when asked, and the only one", () => {
    expect(whyAsText(told({}), { ...view, all: true })).toContain("a/three: not_matched");
    const only = told({ outcomes: [{ rule: "a/three", code: "not_matched", detail: "x" }] });
    expect(whyAsText(only, view)).toContain("a/three: not_matched, x");
  });

  it("says that nothing matched", () => {
    const silent = told({
      kind: "event",
      about: "app.opened",
      outcomes: [
        { rule: "a/one", code: "not_matched" },
        { rule: "a/two", code: "not_matched" },
      ],
      nearMisses: [],
    });
    expect(whyAsText(silent, view)).toContain("2 rules, none matched");
  });
});
