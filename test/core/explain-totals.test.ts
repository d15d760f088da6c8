/** Every signal has one outcome of every live rule, from the closed list, whatever rules, policy and customers are. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Customer } from "../../src/core/customer.ts";
import type { Settlement } from "../../src/core/decision.ts";
import { explainOutcomes } from "../../src/core/explain.ts";
import { OUTCOMES } from "../../src/core/outcome.ts";
import type { LaterOutcome, StoredDecision } from "../../src/core/ports.ts";
import { type PreparedPlaybook, preparePlaybook } from "../../src/core/prepare.ts";
import { respond } from "../../src/core/respond.ts";
import { settle } from "../../src/core/settle.ts";
import type { Signal } from "../../src/core/signal.ts";
import { playbookOf } from "../../src/work/publish.ts";
import { aCustomer, aFeedback, anEvent } from "../builders.ts";
import { FILES } from "../work/room.ts";
import { valueOf } from "./replies/samples.ts";

const AUDIENCE = { all: [{ fact: "customer.orders30", operator: "lessThan", value: 2 }] };

/** The shipped playbook, its rule files changed one by one: a draft, a schedule, an audience, a hold-out. */
const playbookWith = (policy: object): PreparedPlaybook => {
  const changes: Readonly<Record<string, object>> = {
    "rules/app.json": { status: "draft" },
    "rules/orders.json": { schedule: { hours: "mon-fri 09:00-18:00" } },
    "rules/relations.json": { audience: AUDIENCE },
    "rules/payments.json": { holdout: 50 },
  };
  const files = Object.entries(FILES).map(([path, text]) => {
    const change = changes[path];
    return [
      path,
      change === undefined ? text : JSON.stringify({ ...(JSON.parse(text) as object), ...change }),
    ] as const;
  });
  const whole = JSON.stringify({ defaultLocale: "en", ...policy });
  return valueOf(
    preparePlaybook(
      playbookOf({ ...Object.fromEntries(files), "rules/contact-policy.json": whole }),
    ),
  );
};

const PLAYBOOKS: readonly PreparedPlaybook[] = [
  { caps: [{ category: "service", replies: 2, windowHours: 24 }] },
  {
    caps: [{ category: "service", replies: 1, windowHours: 6 }],
    deferral: { maxHours: 24 },
    quietHours: { hours: "mon-sun 20:00-07:00", categories: ["service", "marketing"] },
  },
  {
    caps: [],
    arbitration: { windowMinutes: 30 },
    deferral: { maxHours: 2 },
    holdout: { percent: 50, categories: ["marketing", "service"] },
  },
].map(playbookWith);

const TEXTS = [
  "My parcel is a week late, terrible delivery!",
  "The kettle broke after two days, awful quality.",
  "I was charged twice, this is unacceptable.",
  "快递等了十天还没到，太差劲了！",
  "Wonderful service, thank you so much!",
  "There was mould in the food and I got sick.",
  "I want to cancel my membership.",
  "ok",
  "",
];

const EVENTS = ["order.completed", "app.opened", "payment.failed", "parcel.delayed"];

type What = { readonly text: string } | { readonly type: string };

const streams = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 30 * 3_600_000 }),
    what: fc.oneof(
      fc.constantFrom(...TEXTS).map((text): What => ({ text })),
      fc.constantFrom(...EVENTS).map((type): What => ({ type })),
    ),
  }),
  { minLength: 1, maxLength: 8 },
);

const customers = fc
  .record({
    id: fc.constantFrom("c1", "c2", "c3"),
    locale: fc.constantFrom("en", "zh-CN", null),
    timeZone: fc.constantFrom("Asia/Shanghai", "America/New_York", null),
    marketing: fc.boolean(),
    service: fc.boolean(),
  })
  .map(({ id, locale, timeZone, marketing, service }) =>
    aCustomer({ id, traits: { locale, timeZone, consent: { marketing, service } } }),
  );

const signalsOf = (
  customer: Customer,
  stream: readonly { readonly after: number; readonly what: What }[],
): readonly Signal[] => {
  let at = Date.parse("2026-03-27T06:00:00.000Z");
  return stream.map(({ after, what }, index) => {
    at += after;
    const common = { id: `s${index}`, customerId: customer.id, at: new Date(at).toISOString() };
    return "text" in what ? aFeedback({ ...common, ...what }) : anEvent({ ...common, ...what });
  });
};

/** What the store would give back of every signal, once nothing waits any more. */
const lived = (
  playbook: PreparedPlaybook,
  from: Customer,
  signals: readonly Signal[],
): readonly StoredDecision[] => {
  const stored: (StoredDecision & { later: LaterOutcome[] })[] = [];
  let customer = from;
  const told = (settlement: Settlement, settledBy: string | null): void => {
    for (const entry of settlement.entries.filter(({ signalId }) => signalId !== settledBy))
      stored
        .find(({ decision }) => decision.signalId === entry.signalId)
        ?.later.push({
          entry,
          playbook: playbook.hash,
          now: settlement.now,
          settledBy,
          customerVersion: customer.version,
        });
  };
  const releaseUntil = (limit: string): void => {
    for (;;) {
      const [due] = customer.waiting.map(({ dueAt }) => dueAt).toSorted();
      if (due === undefined || due >= limit) return;
      const settled = settle({ proposals: [], customer, playbook, now: due });
      customer = settled.customer;
      told(settled.settlement, null);
    }
  };
  for (const signal of signals) {
    releaseUntil(signal.at);
    const accepted = { tenant: customer.tenant, signal, now: signal.at };
    const { decision, customer: folded } = respond(accepted, customer, playbook);
    const settled = settle({
      proposals: decision.proposals,
      customer: folded,
      playbook,
      now: signal.at,
    });
    customer = settled.customer;
    stored.push({ accepted, decision, settlement: settled.settlement, later: [] });
    told(settled.settlement, signal.id);
  }
  releaseUntil("9999");
  return stored;
};

describe("the outcomes of a customer's signals", () => {
  it("are as many as signals times live rules, each from the closed list and none unknown", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom(...PLAYBOOKS),
        customers,
        streams,
        (playbook, customer, stream) => {
          const signals = signalsOf(customer, stream);
          const outcomes = lived(playbook, customer, signals).flatMap((one) =>
            explainOutcomes(one, playbook).map(({ outcome }) => outcome),
          );
          expect(outcomes).toHaveLength(signals.length * playbook.rules.inOrder.length);
          for (const { code } of outcomes) seen.add(code);
          expect(outcomes.filter(({ code }) => !Object.hasOwn(OUTCOMES, code))).toEqual([]);
          // A proposal without an entry would be told as a fault of its rule; nothing waits for ever.
          const open = new Set<string>(["rule_fault", "deferred", "quiet_deferred"]);
          expect(outcomes.filter(({ code }) => open.has(code))).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
    for (const code of ["replied", "not_matched", "schedule", "no_consent", "held_out"])
      expect(seen).toContain(code);
  });
});
