import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { likeness } from "../../src/core/backtest/compare.ts";
import { countReply, type Groups, tallies } from "../../src/core/backtest/counts.ts";
import { stranger } from "../../src/core/backtest/replay.ts";
import { drawSamples } from "../../src/core/backtest/samples.ts";
import { sameJson } from "../../src/core/same-json.ts";
import { aProposal, decide, incoming } from "../builders.ts";

const inOrder = (value: object): object =>
  Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)));

/** Text that is the same where the value is, whatever the order of names. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner) ? inOrder(inner) : inner,
  );

describe("the same JSON", () => {
  it("is the same whatever the order of names", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const turned = (one: unknown): unknown => {
          if (Array.isArray(one)) return one.map(turned);
          if (typeof one !== "object" || one === null) return one;
          return Object.fromEntries(
            Object.entries(one)
              .toReversed()
              .map(([name, inner]) => [name, turned(inner)]),
          );
        };
        expect(sameJson(value, turned(value))).toBe(true);
        expect(sameJson(value, structuredClone(value))).toBe(true);
      }),
    );
  });

  it("is not what only looks like it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        expect(sameJson(left, right)).toBe(sorted(left) === sorted(right));
      }),
    );
    for (const [left, right] of [
      [{ a: 1 }, { a: 1, b: null }],
      [{ a: 1, b: null }, { a: 1 }],
      [[1], { 0: 1 }],
      [{}, []],
      [null, {}],
      [1, "1"],
      [[1, 2], [1]],
    ])
      expect(sameJson(left, right)).toBe(false);
    expect(sameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(sameJson({ a: 1 }, { a: 1, b: undefined })).toBe(true);
  });
});

describe("two decisions", () => {
  const accepted = { ...incoming(), now: "2026-03-01T09:30:00.000Z" };
  const { decided } = decide(accepted, stranger("default", "customer-1"));
  const later = decide(accepted, { ...stranger("default", "customer-1"), lastSeq: 4 }).decided;

  it("are the same at another place in the inbox, and identical at the same one", () => {
    expect(likeness(decided, structuredClone(decided))).toBe("identical");
    expect(likeness(decided, later)).toBe("same");
  });

  it("are others by what was proposed, settled, sent, or could not be evaluated", () => {
    const { decision, settlement } = decided;
    const [reply] = settlement.replies;
    if (reply === undefined) throw new Error("no reply");
    for (const other of [
      { ...decided, decision: { ...decision, proposals: [aProposal({ priority: 99 })] } },
      {
        ...decided,
        decision: { ...decision, faults: [{ rule: "a/b", code: "rule_fault" as const }] },
      },
      { ...decided, settlement: { ...settlement, entries: [] } },
      { ...decided, settlement: { ...settlement, replies: [{ ...reply, body: "Other." }] } },
    ])
      expect(likeness(decided, other)).toBe("other");
  });
});

describe("replies counted", () => {
  it("are gained and lost by groups, and balance", () => {
    const groups: Groups = new Map();
    countReply(groups, { before: "a", after: "a", isOther: false });
    countReply(groups, { before: "a", after: "a", isOther: true });
    countReply(groups, { before: "a", after: "b", isOther: true });
    countReply(groups, { before: undefined, after: "b", isOther: false });
    countReply(groups, { before: "c", after: undefined, isOther: false });
    countReply(groups, { before: undefined, after: undefined, isOther: false });
    expect(tallies(groups)).toEqual({
      a: { stored: 3, candidate: 2, gained: 0, lost: 1, changed: 1 },
      b: { stored: 0, candidate: 2, gained: 2, lost: 0, changed: 0 },
      c: { stored: 1, candidate: 0, gained: 0, lost: 1, changed: 0 },
    });
  });
});

describe("samples", () => {
  const offered = Array.from({ length: 40 }, (_, index) => ({
    customer: `c${index}`,
    isAffected: index % 10 === 0,
    told: [],
  }));

  it("are the same in whatever order customers come, affected ones first", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(offered, { minLength: 40 }), (order) => {
        const drawing = drawSamples(6);
        for (const one of order) drawing.offer(one);
        const drawn = drawing.drawn().map(({ customer }) => customer);
        expect(drawn).toHaveLength(6);
        expect(drawn).toEqual(drawn.toSorted());
        for (const customer of ["c0", "c10", "c20", "c30"]) expect(drawn).toContain(customer);
        const again = drawSamples(6);
        for (const one of offered) again.offer(one);
        expect(again.drawn()).toEqual(drawing.drawn());
      }),
      { numRuns: 50 },
    );
  });

  it("are none where none are wanted", () => {
    const drawing = drawSamples(0);
    drawing.offer({ customer: "a", isAffected: true, told: [] });
    expect(drawing.drawn()).toEqual([]);
  });
});
