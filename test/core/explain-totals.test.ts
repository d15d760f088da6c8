/** Every signal and every live rule, on random streams, rules and policies: one code each, from the closed list, and the codes agree with what was written. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Customer } from "../../src/core/customer.ts";
import { explainOutcomes } from "../../src/core/explain.ts";
import { OUTCOMES, type OutcomeCode } from "../../src/core/outcome.ts";
import type { LaterOutcome, StoredDecision } from "../../src/core/ports.ts";
import type { PreparedPlaybook } from "../../src/core/prepare.ts";
import type { Rules } from "../../src/core/rules/rules.ts";
import { type Settled, settle } from "../../src/core/settle.ts";
import type { Signal } from "../../src/core/signal.ts";
import { conclude } from "../../src/work/conclude.ts";
import { aFeedback, anEvent } from "../builders.ts";
import { customerOf, kitOf } from "./replies/samples.ts";
import { fileOf, filesOf, leaf, opened, ruleOf } from "./rules/build.ts";
import { shippedPlaybook } from "./story.ts";

const HOUR_MS = 3_600_000;
const shipped = shippedPlaybook();

const conditions = fc.constantFrom<object>(
  { all: [] },
  { all: [leaf("signal.kind", "equal", "feedback")] },
  { all: [leaf("feedback.topic", "equal", "delivery")] },
  { not: leaf("event.type", "equal", "app.opened") },
  { any: [leaf("feedback.rating", "lessThan", 3), leaf("customer.appOpens", "greaterThan", 1)] },
);

/** Present in one of four. */
const sometimes = <T>(fields: fc.Arbitrary<T>): fc.Arbitrary<T | object> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: fields });

const standing = fc
  .tuple(
    fc.constantFrom("live", "live", "live", "live", "draft", "retired"),
    sometimes(
      fc.constant({ audience: { all: [leaf("customer.feedbackCount", "greaterThan", 1)] } }),
    ),
    sometimes(
      fc
        .constantFrom<object>({ to: "2026-03-28T20:00:00Z" }, { hours: "mon-sun 08:00-20:00" })
        .map((schedule) => ({ schedule })),
    ),
    sometimes(fc.constant({ holdout: 50 })),
  )
  .map(([status, ...rest]) => Object.assign({ status }, ...rest) as object);

const params = fc
  .tuple(
    fc.record({
      // "shy" has words only for customers with a name.
      template: fc.constantFrom("late", "late", "late", "shy"),
      slot: fc.constantFrom("inbox", "push"),
      category: fc.constantFrom("service", "service", "service", "marketing", "transactional"),
    }),
    fc.constantFrom({}, {}, {}, {}, {}, { handover: "care" }),
  )
  .map(([wants, person]) => ({ ...wants, ...person }));

const broken = (rule: Rules["inOrder"][number]) => ({
  ...rule,
  audience: {
    condition: { kind: "all", children: [] } as const,
    holds: (facts: Readonly<Record<string, unknown>>) => {
      if (facts["signal.kind"] === "event") throw new Error("no audience for events");
      return true;
    },
  },
});

/** A rule whose audience cannot be told for some signals. */
const brittle = (rules: Rules, at: number): Rules => {
  const name = rules.inOrder[at]?.rule;
  const change = (list: Rules["inOrder"]) =>
    list.map((rule) => (rule.rule === name ? broken(rule) : rule));
  return { ...rules, inOrder: change(rules.inOrder), firing: change(rules.firing) };
};

const ruleSets = fc
  .tuple(
    fc.array(fc.tuple(conditions, standing, params, fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 6,
      size: "max",
    }),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([list, at]) => ({
    files: filesOf(
      fileOf(
        list.map(([condition, stands, wants, priority], index) =>
          ruleOf(`r${index}`, condition, {
            ...stands,
            priority,
            event: { type: "reply", params: wants },
          }),
        ),
      ),
    ),
    at,
  }));

const policies = fc
  .tuple(
    fc.constantFrom<readonly object[]>(
      [],
      [{ category: "service", replies: 1, windowHours: 5 }],
      [{ category: "marketing", replies: 0, windowHours: 24 }],
    ),
    fc.constantFrom(
      {},
      { quietHours: { hours: "mon-sun 10:30-09:00", categories: ["service"] } },
      { quietHours: { hours: "mon-sun 18:00-08:00", categories: ["service", "marketing"] } },
    ),
    sometimes(fc.constant({ arbitration: { windowMinutes: 30 } })),
    sometimes(fc.constantFrom(1, 48).map((maxHours) => ({ deferral: { maxHours } }))),
    sometimes(fc.constant({ holdout: { percent: 30 } })),
  )
  .map(([caps, ...rest]) => Object.assign({ caps }, ...rest) as object);

const contents = fc.constantFrom<Partial<Signal>>(
  { kind: "feedback", text: "My parcel is late again, terrible!", rating: 1 },
  { kind: "feedback", text: "快递太慢了，很失望" },
  { kind: "feedback", text: "Great quality, I love it.", rating: 5 },
  { kind: "feedback", text: "" },
  { kind: "event", type: "app.opened" },
  { kind: "event", type: "order.completed" },
);

const streams = fc.array(
  fc.record({
    content: contents,
    customerId: fc.constantFrom("c1", "c2"),
    afterMs: fc.oneof(
      fc.integer({ min: 0, max: HOUR_MS }),
      fc.integer({ min: 0, max: 9 * HOUR_MS }),
    ),
  }),
  { minLength: 1, maxLength: 14, size: "max" },
);

/** Before and in quiet hours, on the day before the clocks of London change. */
const starts = fc.constantFrom(...["2026-03-28T09:30:00Z", "2026-03-28T18:30:00Z"].map(Date.parse));

type Stream = typeof streams extends fc.Arbitrary<infer Value> ? Value : never;

const signalsOf = (start: number, stream: Stream): readonly Signal[] => {
  let at = start;
  return stream.map(({ content, customerId, afterMs }, index): Signal => {
    at += afterMs;
    const common = { id: `s${index}`, customerId, at: new Date(at).toISOString() };
    return content.kind === "event"
      ? anEvent({ ...content, ...common })
      : aFeedback({ ...(content as object), ...common });
  });
};

const stories = fc
  .tuple(starts, streams, fc.boolean())
  .map(([start, stream, toTheEnd]) => ({ signals: signalsOf(start, stream), toTheEnd }));

const newCustomer = (id: string): Customer =>
  customerOf({
    id,
    version: 0,
    traits:
      id === "c1"
        ? { name: "Ann", timeZone: "Europe/London", consent: { marketing: true } }
        : { locale: "zh-CN", timeZone: "Asia/Shanghai" },
  });

interface Told {
  readonly stored: readonly StoredDecision[];
  readonly customers: readonly Customer[];
}

interface Story {
  readonly signals: readonly Signal[];
  /** Whether all that waits is settled after the last signal. */
  readonly toTheEnd: boolean;
}

/** Decides signals as a store's writer does: what is due is settled first, and what was settled later is kept beside its decision. */
const tell = ({ signals, toTheEnd }: Story, playbook: PreparedPlaybook): Told => {
  const customers = new Map<string, Customer>();
  const stored: StoredDecision[] = [];
  const later = new Map<string, LaterOutcome[]>();
  const keep = ({ settlement, customer }: Settled, own: string | null): void => {
    for (const entry of settlement.entries.filter(({ signalId }) => signalId !== own)) {
      const before = later.get(entry.signalId) ?? [];
      before.push({
        entry,
        playbook: settlement.playbook,
        now: settlement.now,
        settledBy: own,
        customerVersion: customer.version,
      });
      later.set(entry.signalId, before);
    }
  };
  const released = (before: Customer, until: string): Customer => {
    let customer = before;
    for (;;) {
      const [due] = customer.waiting.map(({ dueAt }) => dueAt).toSorted();
      if (due === undefined || due >= until) return customer;
      const settled = settle({ proposals: [], customer, playbook, now: due });
      keep(settled, null);
      customer = settled.customer;
    }
  };
  for (const signal of signals) {
    const id = signal.customerId;
    const customer = released(customers.get(id) ?? newCustomer(id), signal.at);
    const accepted = { tenant: "default", signal, now: signal.at };
    const { decided, customer: after } = conclude(accepted, customer, playbook);
    keep({ settlement: decided.settlement, customer: after }, signal.id);
    stored.push(decided);
    customers.set(id, after);
  }
  const ended = [...customers.values()].map((customer) =>
    toTheEnd ? released(customer, "9999") : customer,
  );
  return {
    stored: stored.map((one) => ({ ...one, later: later.get(one.decision.signalId) ?? [] })),
    customers: ended,
  };
};

const CODES: ReadonlySet<string> = new Set(Object.keys(OUTCOMES));
const WITHOUT_PROPOSAL: ReadonlySet<OutcomeCode> = new Set([
  "not_matched",
  "audience",
  "schedule",
  "rule_fault",
]);
const WAITS: ReadonlySet<OutcomeCode> = new Set(["deferred", "quiet_deferred"]);

const count = (codes: readonly OutcomeCode[], among: ReadonlySet<OutcomeCode>): number =>
  codes.filter((code) => among.has(code)).length;

it("gives every signal and live rule exactly one known outcome, which agrees with what was written", () => {
  const met = new Set<OutcomeCode>();
  fc.assert(
    fc.property(ruleSets, policies, stories, ({ files, at }, policy, story) => {
      const replies = kitOf({
        "rules/contact-policy.json": JSON.stringify({ defaultLocale: "en", ...policy }),
        "rules/templates/shy.en.liquid": "Hello\n\n{% if customer.name %}It is you.{% endif %}\n",
      });
      const rules = brittle(opened(files), at);
      const { stored, customers } = tell(story, { ...shipped, replies, rules });
      const names = rules.inOrder.map(({ rule }) => rule);
      const outcomes = stored.flatMap((one) => {
        const told = explainOutcomes(one, { ...shipped, replies, rules });
        expect(told.map(({ rule, outcome }) => [rule, outcome.rule])).toEqual(
          names.map((name) => [name, name]),
        );
        return told.map(({ outcome }) => outcome);
      });
      const codes = outcomes.map(({ code }) => code);
      for (const code of codes) met.add(code);

      expect(codes.filter((code) => !CODES.has(code))).toEqual([]);
      expect(codes).toHaveLength(stored.length * names.length);
      // A proposal whose settlement was lost would be said to be one.
      expect(outcomes.filter(({ detail }) => detail?.includes("no settlement") === true)).toEqual(
        [],
      );
      expect(outcomes.filter(({ code, detail }) => code !== "replied" && !detail)).toEqual([]);

      const proposed = stored.reduce((sum, { decision }) => sum + decision.proposals.length, 0);
      expect(codes.length - count(codes, WITHOUT_PROPOSAL)).toBe(proposed);
      const sent = customers.reduce((sum, { lastSeq }) => sum + lastSeq, 0);
      expect(count(codes, new Set(["replied"]))).toBe(sent);
      const waiting = customers.reduce((sum, customer) => sum + customer.waiting.length, 0);
      expect(count(codes, WAITS)).toBe(waiting);
    }),
    { numRuns: 300 },
  );
  // "duplicate" guards against a writer that settles a proposal twice; no stream leads there.
  expect([...CODES].filter((code) => !met.has(code as OutcomeCode))).toEqual(["duplicate"]);
});
