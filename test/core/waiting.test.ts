import { describe, expect, it } from "vitest";
import type { Customer } from "../../src/core/customer.ts";
import { WAITING_MAX, type Proposal } from "../../src/core/decision.ts";
import { settle } from "../../src/core/settle.ts";
import { customerOf, kitOf, playbookOf, proposalLike } from "./replies/samples.ts";
import { fileOf, leaf, opened, ruleOf } from "./rules/build.ts";

const policyWith = (change: object) =>
  kitOf({
    "rules/contact-policy.json": JSON.stringify({ defaultLocale: "en", caps: [], ...change }),
  });

/** Rules named `delivery/…` that are live. */
const rulesOf = (...rules: readonly object[]) =>
  opened({
    "rules/delivery.json": JSON.stringify({
      ...fileOf(rules.map((rule) => ({ ...ruleOf("late-parcel", { all: [] }), ...rule }))),
      id: "delivery",
    }),
  });

const live = rulesOf({
  event: { type: "reply", params: { template: "late", slot: "inbox", category: "service" } },
});

const at = (time: string): string => `2026-03-01T${time}:00.000Z`;

interface Step {
  readonly now: string;
  readonly proposals?: readonly Proposal[];
  readonly change?: Partial<Customer>;
}

/** Settles step after step; tells after each `signal/rule code dueAt`. */
const story = (
  playbook: ReturnType<typeof playbookOf>,
  steps: readonly Step[],
  from = customerOf(),
) => {
  let customer = from;
  const told: string[][] = [];
  for (const { now, proposals = [], change = {} } of steps) {
    const settled = settle({ proposals, customer: { ...customer, ...change }, playbook, now });
    customer = settled.customer;
    told.push(
      settled.settlement.entries.map(({ signalId, code, dueAt }) =>
        [signalId, code, ...(dueAt === undefined ? [] : [dueAt.slice(5, 16)])].join(" "),
      ),
    );
  }
  return { told, customer };
};

const offer = (change: Partial<Proposal> = {}): Proposal =>
  proposalLike({ category: "marketing", ...change });
const agreed = customerOf({ traits: { consent: { marketing: true }, timeZone: "Asia/Shanghai" } });

const event = (template: string) => ({
  type: "reply",
  params: { template, slot: "inbox", category: "service" },
});

/** Percent of 2,000 customers who are held out. */
const share = (playbook: ReturnType<typeof playbookOf>, proposal: Proposal): number => {
  const held = Array.from({ length: 2_000 }, (_, n) =>
    settle({
      proposals: [proposal],
      customer: { ...agreed, id: `c${n}` },
      playbook,
      now: at("10:00"),
    }).settlement.entries.some(({ code }) => code === "held_out"),
  );
  return held.filter(Boolean).length / 20;
};

describe("quiet hours", () => {
  const quiet = { quietHours: { hours: "mon-sun 21:00-08:00" } };
  const playbook = playbookOf(policyWith(quiet), live);

  it("let an offer wait until they end where the customer lives", () => {
    // 22:30 in Shanghai; they end at 08:00 there, midnight in UTC.
    const { told, customer } = story(
      playbook,
      [
        { now: at("14:30"), proposals: [offer()] },
        { now: at("23:59") },
        { now: "2026-03-02T00:00:00.000Z" },
      ],
      agreed,
    );
    expect(told).toEqual([["s1 quiet_deferred 03-02T00:00"], [], ["s1 replied"]]);
    expect(customer.waiting).toEqual([]);
    expect(customer.contacts.at(-1)?.at).toBe("2026-03-02T00:00:00.000Z");
  });

  it("count on the policy's clock for a customer of unknown zone", () => {
    const london = playbookOf(
      policyWith({ quietHours: { ...quiet.quietHours, timeZone: "Europe/London" } }),
      live,
    );
    const nowhere = customerOf({ traits: { consent: { marketing: true } } });
    expect(story(london, [{ now: at("14:30"), proposals: [offer()] }], nowhere).told).toEqual([
      ["s1 replied"],
    ]);
  });

  it("hold back only their categories, nothing urgent enough, no hand-over and nothing transactional", () => {
    const all = playbookOf(
      policyWith({
        quietHours: { ...quiet.quietHours, categories: ["service", "marketing"], urgentFrom: 0.8 },
      }),
      live,
    );
    const proposals = [
      proposalLike({ signalId: "calm", urgency: 0.79, values: { n: 1 } }),
      proposalLike({ signalId: "urgent", urgency: 0.8, slot: "a" }),
      proposalLike({ signalId: "person", handover: "care", slot: "a" }),
      proposalLike({ signalId: "must", category: "transactional", slot: "a" }),
    ];
    const { told } = story(all, [{ now: at("14:30"), proposals }], agreed);
    expect(told[0]?.toSorted()).toEqual([
      "calm quiet_deferred 03-02T00:00",
      "must replied",
      "person replied",
      "urgent replied",
    ]);
    expect(
      story(playbook, [{ now: at("14:30"), proposals: [proposalLike()] }], agreed).told,
    ).toEqual([["s1 replied"]]);
  });

  it("that outlast the wait let a reply expire at once", () => {
    const short = playbookOf(policyWith({ ...quiet, deferral: { maxHours: 2 } }), live);
    expect(story(short, [{ now: at("14:30"), proposals: [offer()] }], agreed).told).toEqual([
      ["s1 expired"],
    ]);
  });

  it("keep the slot of their signal for the better reply", () => {
    const { told } = story(
      playbook,
      [
        {
          now: at("14:30"),
          proposals: [offer({ priority: 50 }), proposalLike({ rule: "delivery/thanks" })],
        },
        { now: "2026-03-02T00:00:00.000Z" },
      ],
      agreed,
    );
    expect(told).toEqual([
      ["s1 quiet_deferred 03-02T00:00", "s1 lost_to_priority"],
      ["s1 replied"],
    ]);
  });
});

describe("a reply that has waited", () => {
  const caps = {
    caps: [{ category: "service", replies: 1, windowHours: 2 }],
    deferral: { maxHours: 6 },
  };
  const playbook = playbookOf(policyWith(caps), live);
  const two = [
    proposalLike({ signalId: "first", values: { n: 1 } }),
    proposalLike({ signalId: "second", values: { n: 2 } }),
  ];

  it("comes as soon as its cap has room, and no second earlier", () => {
    const { told } = story(playbook, [
      { now: at("10:00"), proposals: two },
      { now: "2026-03-01T11:59:59.999Z" },
      { now: at("12:00") },
    ]);
    expect(told).toEqual([
      ["first replied", "second deferred 03-01T12:00"],
      [],
      ["second replied"],
    ]);
  });

  it("is compared with what comes at that moment", () => {
    const urgent = proposalLike({ signalId: "third", urgency: 0.9 });
    const { told } = story(playbook, [
      { now: at("10:00"), proposals: two },
      { now: at("12:00"), proposals: [urgent] },
      { now: at("14:00") },
    ]);
    expect(told.slice(1)).toEqual([
      ["third replied", "second deferred 03-01T14:00"],
      ["second replied"],
    ]);
  });

  it("expires when nobody settled it in time", () => {
    expect(
      story(playbook, [{ now: at("10:00"), proposals: two }, { now: at("16:01") }]).told[1],
    ).toEqual(["second expired"]);
  });

  it("is not wanted any more when its rule is not live, has another template or another audience", () => {
    const start = story(playbook, [{ now: at("10:00"), proposals: two }]).customer;
    const after = (rules: typeof live) =>
      settle({
        proposals: [],
        customer: start,
        playbook: playbookOf(policyWith(caps), rules),
        now: at("12:00"),
      }).settlement.entries.map(({ code, detail }) => `${code}: ${detail}`);
    const same = { event: event("late") };
    expect(after(rulesOf({ ...same, status: "retired" }))).toEqual([
      "expired: the rule is not live any more",
    ]);
    expect(after(rulesOf({ event: event("thanks") }))).toEqual([
      "expired: the rule has another template by now",
    ]);
    const many = { all: [leaf("customer.orders30", "greaterThan", 2)] };
    expect(after(rulesOf({ ...same, audience: many }))).toEqual([
      "expired: the customer is not in the rule's audience any more",
    ]);
    expect(after(rulesOf({ ...same, schedule: { to: "2026-03-01T11:00:00Z" } }))).toEqual([
      "expired: the rule is not in force at this time",
    ]);
    expect(after(rulesOf({ ...same, schedule: { from: "2026-03-01" } }))).toEqual([
      expect.stringContaining("replied"),
    ]);
  });

  it("needs consent also then", () => {
    const { told } = story(playbook, [
      { now: at("10:00"), proposals: two },
      { now: at("12:00"), change: { traits: { consent: { service: false } } } },
    ]);
    expect(told[1]).toEqual(["second no_consent"]);
  });

  it("is merged into one that says the same", () => {
    const twins = ["first", "second", "third"].map((signalId) => proposalLike({ signalId }));
    const [one, ...others] = twins;
    const { told } = story(playbook, [
      {
        now: at("10:00"),
        proposals:
          one === undefined ? [] : [one, proposalLike({ signalId: "x", values: { n: 9 } })],
      },
      { now: at("10:01"), proposals: others },
      { now: at("12:00") },
    ]);
    expect(told).toEqual([
      ["first replied", "x deferred 03-01T12:00"],
      ["second deferred 03-01T12:00", "third deferred 03-01T12:00"],
      ["second replied", "third merged", "x deferred 03-01T14:00"],
    ]);
  });

  it("is an offer that another of its rule has made meanwhile", () => {
    const offers = playbookOf(policyWith({ quietHours: { hours: "sun 10:00-12:00" } }), live);
    const waits = story(
      offers,
      [{ now: at("10:30"), proposals: [offer()] }],
      customerOf({ traits: { consent: { marketing: true } } }),
    ).customer;
    const contact = {
      at: at("11:00"),
      category: "marketing",
      rule: "delivery/late-parcel",
    } as const;
    const { told } = story(offers, [{ now: at("12:00"), change: { contacts: [contact] } }], waits);
    expect(told).toEqual([["s1 merged"]]);
  });

  it("is one of so many at most", () => {
    const many = Array.from({ length: WAITING_MAX + 2 }, (_, n) =>
      proposalLike({ signalId: `s${String(n).padStart(2, "0")}`, values: { n } }),
    );
    const { told, customer } = story(playbook, [{ now: at("10:00"), proposals: many }]);
    expect(customer.waiting).toHaveLength(WAITING_MAX);
    expect(told[0]?.at(-1)).toBe(`s${WAITING_MAX + 1} expired`);
  });
});

describe("a cap without deferral", () => {
  it("ends what meets it, as does one that is never free", () => {
    const two = [
      proposalLike({ signalId: "first", values: { n: 1 } }),
      proposalLike({ signalId: "second", values: { n: 2 } }),
    ];
    const cap = { category: "service", replies: 1, windowHours: 2 };
    const final = playbookOf(policyWith({ caps: [cap] }), live);
    expect(story(final, [{ now: at("10:00"), proposals: two }]).told).toEqual([
      ["first replied", "second capped"],
    ]);
    const never = playbookOf(
      policyWith({ caps: [{ ...cap, replies: 0 }], deferral: { maxHours: 700 } }),
      live,
    );
    expect(story(never, [{ now: at("10:00"), proposals: two }]).told).toEqual([
      ["first capped", "second capped"],
    ]);
  });

  it("may be of one slot", () => {
    const cap = { category: "service", slot: "push", replies: 1, windowHours: 2 };
    const playbook = playbookOf(policyWith({ caps: [cap] }), live);
    const proposals = ["push", "push", "inbox", "inbox"].map((slot, n) =>
      proposalLike({ signalId: `s${n}`, slot, values: { n } }),
    );
    expect(story(playbook, [{ now: at("10:00"), proposals }]).told).toEqual([
      ["s0 replied", "s1 capped", "s2 replied", "s3 replied"],
    ]);
  });
});

describe("an arbitration window", () => {
  const gathers = playbookOf(
    policyWith({ arbitration: { windowMinutes: 10 }, deferral: { maxHours: 1 } }),
    live,
  );
  const low = proposalLike({ signalId: "low", urgency: 0.1, values: { n: 1 } });
  const high = proposalLike({ signalId: "high", urgency: 0.9, values: { n: 2 } });

  it("gives the slot to the best of several signals, whichever came first, and the others wait", () => {
    for (const [first, second] of [
      [low, high],
      [high, low],
    ] as const) {
      const { told } = story(gathers, [
        { now: at("10:00"), proposals: [first] },
        { now: at("10:05"), proposals: [second] },
        { now: at("10:10") },
        { now: at("10:20") },
      ]);
      expect(told).toEqual([
        [`${first.signalId} deferred 03-01T10:10`],
        [`${second.signalId} deferred 03-01T10:10`],
        ["high replied", "low deferred 03-01T10:20"],
        ["low replied"],
      ]);
    }
  });

  it("is counted from its earliest signal, also when that arrives late", () => {
    const { told, customer } = story(gathers, [
      { now: at("10:05"), proposals: [high] },
      { now: at("10:00"), proposals: [low] },
    ]);
    expect(told[1]).toEqual(["low deferred 03-01T10:10"]);
    expect(customer.waiting.map(({ dueAt }) => dueAt)).toEqual([at("10:10"), at("10:10")]);
  });

  it("does not hold back what must not wait, nor what wants the same slot of its signal", () => {
    const handover = proposalLike({ signalId: "low", rule: "delivery/person", handover: "care" });
    expect(story(gathers, [{ now: at("10:00"), proposals: [low, handover] }]).told).toEqual([
      ["low replied", "low lost_to_priority"],
    ]);
  });

  it("without deferral gives the others nothing", () => {
    const strict = playbookOf(policyWith({ arbitration: { windowMinutes: 10 } }), live);
    const { told } = story(strict, [
      { now: at("10:00"), proposals: [low] },
      { now: at("10:05"), proposals: [high] },
      { now: at("10:10") },
    ]);
    expect(told[2]).toEqual(["high replied", "low lost_to_priority"]);
  });

  it("gathers no more than may wait", () => {
    const many = Array.from({ length: WAITING_MAX + 1 }, (_, n) =>
      proposalLike({ signalId: "s", slot: `slot${n}`, urgency: 1 - n / 100 }),
    );
    const { told } = story(gathers, [{ now: at("10:00"), proposals: many }]);
    expect(told[0]?.at(-1)).toBe("s expired");
    expect(told[0]).toHaveLength(WAITING_MAX + 1);
  });
});

describe("a hold-out", () => {
  it("of the policy keeps about its share of customers, of its categories alone", () => {
    const playbook = playbookOf(policyWith({ holdout: { percent: 20 } }), live);
    expect(share(playbook, offer())).toBeGreaterThan(17);
    expect(share(playbook, offer())).toBeLessThan(23);
    expect(share(playbook, proposalLike())).toBe(0);
    expect(share(playbook, offer({ category: "transactional" }))).toBe(0);
  });

  it("of a rule keeps other customers than that of another rule", () => {
    const rules = rulesOf(
      { name: "a", event: event("late"), holdout: 50 },
      { name: "b", event: event("late"), holdout: 50 },
    );
    const playbook = playbookOf(policyWith({}), rules);
    const held = (id: string, rule: string): boolean =>
      settle({
        proposals: [proposalLike({ rule })],
        customer: { ...agreed, id },
        playbook,
        now: at("10:00"),
      }).settlement.entries[0]?.code === "held_out";
    const ids = Array.from({ length: 400 }, (_, n) => `c${n}`);
    const both = ids.filter((id) => held(id, "delivery/a") && held(id, "delivery/b")).length;
    expect(both).toBeGreaterThan(60);
    expect(both).toBeLessThan(140);
    // A customer stays where the lot fell.
    expect(ids.map((id) => held(id, "delivery/a"))).toEqual(
      ids.map((id) => held(id, "delivery/a")),
    );
    expect(share(playbook, proposalLike({ rule: "delivery/a", handover: "care" }))).toBe(0);
  });
});
