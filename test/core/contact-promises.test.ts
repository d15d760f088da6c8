/** What the contact policy promises, held against random streams of proposals, policies, time zones and days on which clocks change. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Customer } from "../../src/core/customer.ts";
import { type Proposal, type SettlementEntry, WAITING_MAX } from "../../src/core/decision.ts";
import { byPrecedence, isExempt } from "../../src/core/replies/arbitration.ts";
import type { ContactPolicy } from "../../src/core/replies/contact-policy.ts";
import { quietUntil } from "../../src/core/replies/quiet-hours.ts";
import type { ReplyKit } from "../../src/core/replies/reply-kit.ts";
import type { Reply } from "../../src/core/reply.ts";
import { settle } from "../../src/core/settle.ts";
import { customerOf, kitOf, playbookOf, proposalLike } from "./replies/samples.ts";
import { fileOf, opened, ruleOf } from "./rules/build.ts";

const HOUR_MS = 3_600_000;
const RULES = ["a", "b", "c"];
const rules = opened({
  "rules/test.json": JSON.stringify(
    fileOf(
      RULES.map((name) =>
        ruleOf(
          name,
          { all: [] },
          {
            event: {
              type: "reply",
              params: { template: "late", slot: "inbox", category: "service" },
            },
          },
        ),
      ),
    ),
  ),
});

const caps = fc.uniqueArray(
  fc.record(
    {
      category: fc.constantFrom("service", "marketing"),
      slot: fc.constantFrom("inbox", "push"),
      replies: fc.integer({ min: 0, max: 3 }),
      windowHours: fc.constantFrom(1, 5, 24),
    },
    { requiredKeys: ["category", "replies", "windowHours"] },
  ),
  {
    maxLength: 3,
    selector: ({ category, slot, windowHours }) => `${category} ${slot} ${windowHours}`,
  },
);

/** Kits are made once for each policy, and only inside of a property: a counterexample then shows the policy alone. */
const kits = new Map<string, ReplyKit>();
const kitFor = (policy: object): ReplyKit => {
  const text = JSON.stringify({ defaultLocale: "en", ...policy });
  const known = kits.get(text) ?? kitOf({ "rules/contact-policy.json": text });
  kits.set(text, known);
  return known;
};

const policies = fc.record(
  {
    caps,
    quietHours: fc.record(
      {
        hours: fc.constantFrom("mon-sun 21:00-08:00", "mon-sun 01:30-02:30", "sun 00:00-24:00"),
        timeZone: fc.constantFrom("UTC", "Europe/London"),
        categories: fc.constantFrom(["marketing"], ["service", "marketing"]),
        urgentFrom: fc.constant(0.8),
      },
      { requiredKeys: ["hours"] },
    ),
    arbitration: fc.record({ windowMinutes: fc.constantFrom(0, 1, 30, 120) }),
    deferral: fc.record({ maxHours: fc.constantFrom(1, 12, 72) }),
    holdout: fc.record({ percent: fc.constantFrom(0, 50) }),
  },
  { requiredKeys: ["caps"] },
);

interface Signal {
  readonly now: string;
  readonly proposals: readonly Proposal[];
}

/** Around the nights on which clocks change in Europe and America. */
const starts = fc.constantFrom(
  ...[
    "2026-03-28T12:00:00Z",
    "2026-10-24T12:00:00Z",
    "2026-03-07T18:00:00Z",
    "2026-06-03T09:00:00Z",
  ].map(Date.parse),
);

const signals: fc.Arbitrary<readonly Signal[]> = fc
  .tuple(
    starts,
    fc.array(
      fc.record({
        after: fc.oneof(
          fc.integer({ min: 0, max: HOUR_MS }),
          fc.integer({ min: 0, max: 20 * HOUR_MS }),
        ),
        proposals: fc.uniqueArray(
          fc.record({
            rule: fc.constantFrom(...RULES.map((name) => `test/${name}`)),
            slot: fc.constantFrom("inbox", "push"),
            category: fc.constantFrom("service", "service", "marketing", "transactional"),
            priority: fc.integer({ min: 1, max: 3 }),
            values: fc.record({ n: fc.integer({ min: 0, max: 1 }) }),
            handover: fc.option(fc.constant("care"), { nil: undefined, freq: 6 }),
          }),
          { selector: ({ rule }) => rule, maxLength: 3 },
        ),
        urgency: fc.constantFrom(0, 0.3, 0.9),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map(([start, list]) => {
    let at = start;
    return list.map(({ after, proposals, urgency }, index) => {
      at += after;
      return {
        now: new Date(at).toISOString(),
        proposals: proposals.map(({ handover, category, ...rest }) =>
          proposalLike({
            ...rest,
            category,
            signalId: `s${String(index).padStart(2, "0")}`,
            urgency,
            ...(handover === undefined ? {} : { handover }),
          }),
        ),
      };
    });
  });

const customers = fc
  .record({
    id: fc.constantFrom("c1", "c2", "c3", "c4"),
    timeZone: fc.constantFrom("Europe/London", "America/New_York", "Asia/Shanghai", null),
    marketing: fc.boolean(),
  })
  .map(({ id, timeZone, marketing }) =>
    customerOf({ id, traits: { timeZone, consent: { marketing } } }),
  );

interface Settlement {
  readonly now: string;
  readonly entries: readonly SettlementEntry[];
  readonly replies: readonly Reply[];
}

/** Settles signals as they come; what is due in between is settled when it is due, and after the last signal until nothing waits. */
const live = (kit: ReplyKit, from: Customer, stream: readonly Signal[]) => {
  const playbook = playbookOf(kit, rules);
  const settlements: Settlement[] = [];
  let customer = from;
  const step = (now: string, proposals: readonly Proposal[]): void => {
    const settled = settle({ proposals, customer, playbook, now });
    customer = settled.customer;
    expect(customer.waiting.length).toBeLessThanOrEqual(WAITING_MAX);
    settlements.push(settled.settlement);
  };
  const releaseUntil = (limit: string): void => {
    for (let rounds = 0; rounds < 2_000; rounds += 1) {
      const [first] = customer.waiting.map(({ dueAt }) => dueAt).toSorted();
      if (first === undefined || first >= limit) return;
      step(first, []);
    }
    throw new Error("proposals wait for ever");
  };
  for (const { now, proposals } of stream) {
    releaseUntil(now);
    step(now, proposals);
  }
  releaseUntil("9999");
  return { settlements, replies: settlements.flatMap(({ replies }) => replies), customer };
};

const proposalsOf = (stream: readonly Signal[]): ReadonlyMap<string, Proposal> =>
  new Map(
    stream.flatMap(({ proposals }) =>
      proposals.map((proposal) => [`${proposal.signalId} ${proposal.rule}`, proposal] as const),
    ),
  );

const proposalOf = (
  known: ReadonlyMap<string, Proposal>,
  { signalId, rule }: { readonly signalId: string; readonly rule: string },
): Proposal => {
  const found = known.get(`${signalId} ${rule}`);
  if (found === undefined) throw new Error(`nobody proposed ${rule} for ${signalId}`);
  return found;
};

const WAITS: ReadonlySet<string> = new Set(["deferred", "quiet_deferred"]);
const RUNS = { numRuns: 400 };
const story = fc.tuple(policies, customers, signals);

const isOverCap = (
  policy: ContactPolicy,
  replies: readonly Reply[],
  known: ReadonlyMap<string, Proposal>,
) =>
  policy.caps.some((cap) => {
    const counted = replies.filter(
      ({ category, slot }) =>
        category === cap.category && (cap.slot === undefined || slot === cap.slot),
    );
    return counted.some((reply) => {
      if (isExempt(proposalOf(known, reply))) return false;
      const to = Date.parse(reply.at);
      const inWindow = counted.filter(({ at, seq }) => {
        const instant = Date.parse(at);
        return instant > to - cap.windowHours * HOUR_MS && instant <= to && seq <= reply.seq;
      });
      return inWindow.length > cap.replies;
    });
  });

describe("whatever comes", () => {
  it("no rolling window is ever over its cap", () => {
    fc.assert(
      fc.property(story, ([policy, customer, stream]) => {
        const kit = kitFor(policy);
        const { replies } = live(kit, customer, stream);
        expect(isOverCap(kit.policy, replies, proposalsOf(stream))).toBe(false);
      }),
      RUNS,
    );
  });

  it("nobody is written to in quiet hours but of what must not wait", () => {
    fc.assert(
      fc.property(story, ([policy, customer, stream]) => {
        const kit = kitFor(policy);
        const { quietHours } = kit.policy;
        fc.pre(quietHours !== undefined);
        if (quietHours === undefined) return;
        const known = proposalsOf(stream);
        const zone = customer.traits.timeZone ?? quietHours.timeZone;
        const held = live(kit, customer, stream).replies.filter((reply) => {
          const proposal = proposalOf(known, reply);
          return (
            !isExempt(proposal) &&
            quietHours.categories.some((category) => category === reply.category) &&
            proposal.urgency < (quietHours.urgentFrom ?? 2)
          );
        });
        const early = held.filter(
          ({ at }) => quietUntil(quietHours, Date.parse(at), zone) !== Date.parse(at),
        );
        expect(early).toEqual([]);
      }),
      RUNS,
    );
  });

  it("no urgent reply stands behind a lower one", () => {
    fc.assert(
      fc.property(story, ([policy, customer, stream]) => {
        const kit = kitFor(policy);
        const known = proposalsOf(stream);
        const wrong = live(kit, customer, stream).settlements.filter(({ entries, replies }) => {
          const sent = replies.map((reply) => proposalOf(known, reply));
          // Those that were compared and found no room: gathered ones were not compared yet.
          const behind = entries
            .filter(
              ({ code, detail = "" }) =>
                (code === "deferred" && !detail.startsWith("gathered")) ||
                code === "capped" ||
                code === "lost_to_priority",
            )
            .map((entry) => proposalOf(known, entry));
          return behind.some((waiting) =>
            sent.some(
              (won) =>
                won.slot === waiting.slot &&
                won.category === waiting.category &&
                !isExempt(won) &&
                byPrecedence(won, waiting) > 0,
            ),
          );
        });
        expect(wrong).toEqual([]);
      }),
      RUNS,
    );
  });

  it("every proposal ends with one outcome, and a signal has one reply in a slot", () => {
    fc.assert(
      fc.property(story, ([policy, customer, stream]) => {
        const kit = kitFor(policy);
        const { settlements, replies, customer: after } = live(kit, customer, stream);
        expect(after.waiting).toEqual([]);
        const ends = new Map<string, string[]>();
        for (const { signalId, rule, code } of settlements.flatMap(({ entries }) => entries)) {
          const key = `${signalId} ${rule}`;
          ends.set(key, [...(ends.get(key) ?? []), code]);
        }
        expect([...ends.keys()].toSorted()).toEqual([...proposalsOf(stream).keys()].toSorted());
        for (const codes of ends.values()) {
          expect(codes.slice(0, -1).every((code) => WAITS.has(code))).toBe(true);
          expect(WAITS.has(codes.at(-1) ?? "")).toBe(false);
        }
        const places = replies.map(({ signalId, slot }) => `${signalId} ${slot}`);
        expect(new Set(places).size).toBe(places.length);
        expect(replies.map(({ seq }) => seq)).toEqual(replies.map((_, at) => at + 1));
      }),
      RUNS,
    );
  });

  it("nothing is sent later than it may wait", () => {
    fc.assert(
      fc.property(story, ([policy, customer, stream]) => {
        const kit = kitFor(policy);
        const { replies } = live(kit, customer, stream);
        const came = new Map(
          stream.flatMap(({ now, proposals }) => proposals.map(({ signalId }) => [signalId, now])),
        );
        for (const { signalId, at } of replies)
          expect(Date.parse(at) - Date.parse(came.get(signalId) ?? at)).toBeLessThanOrEqual(
            kit.policy.maxWaitHours * HOUR_MS,
          );
      }),
      RUNS,
    );
  });

  it("the order of arrival within an arbitration window does not show", () => {
    const gathering = policies.filter(({ arbitration }) => (arbitration?.windowMinutes ?? 0) > 0);
    const together = fc
      .tuple(gathering, customers, signals, fc.integer({ min: 1, max: 1_000_000 }))
      .map(([policy, customer, stream, seed]) => {
        // All within one window: each signal a share of it after the first.
        const windowMs = (policy.arbitration?.windowMinutes ?? 0) * 60_000;
        const start = Date.parse(stream[0]?.now ?? "");
        const near = stream.map(({ proposals }, index) => ({
          now: new Date(start + Math.floor((index * (windowMs - 1)) / stream.length)).toISOString(),
          // What must not wait is settled at once, so its order does show.
          proposals: proposals.filter((proposal) => !isExempt(proposal)),
        }));
        const shuffled = near
          .map((signal, index) => ({ signal, key: (seed * (index + 7)) % 1_009 }))
          .toSorted((left, right) => left.key - right.key)
          .map(({ signal }) => signal);
        return { policy, customer, near, shuffled };
      })
      .filter(({ near }) => near.flatMap(({ proposals }) => proposals).length <= WAITING_MAX);
    fc.assert(
      fc.property(together, ({ policy, customer, near, shuffled }) => {
        const kit = kitFor(policy);
        const ended = (stream: readonly Signal[]) => {
          const playbook = playbookOf(kit, rules);
          let waiting = customer;
          for (const { now, proposals } of stream)
            waiting = settle({ proposals, customer: waiting, playbook, now }).customer;
          const { settlements } = live(kit, waiting, []);
          return settlements;
        };
        expect(ended(shuffled)).toEqual(ended(near));
      }),
      RUNS,
    );
  });
});
