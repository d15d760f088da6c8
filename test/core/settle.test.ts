import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Contact, Customer } from "../../src/core/customer.ts";
import { CONTACTS_KEPT } from "../../src/core/customer.ts";
import type { Proposal } from "../../src/core/decision.ts";
import type { ReplyKit } from "../../src/core/replies/reply-kit.ts";
import { settle } from "../../src/core/settle.ts";
import { customerOf, kitOf, NOW, playbookOf, proposalLike } from "./replies/samples.ts";

const kit = kitOf({
  "rules/templates/broken.en.liquid": `T\n\n{% assign a = "x" %}${"{% assign a = a | append: a %}".repeat(20)}`,
});

const settled = (
  proposals: readonly Proposal[],
  { customer = customerOf(), replies = kit }: { customer?: Customer; replies?: ReplyKit } = {},
) => settle({ proposals, customer, playbook: playbookOf(replies), now: NOW });

/** `rule: code` of every entry, in order. */
const codes = (...call: Parameters<typeof settled>): readonly string[] =>
  settled(...call).settlement.entries.map(({ rule, code }) => `${rule}: ${code}`);

const agreed = customerOf({ traits: { consent: { marketing: true } } });
const had = (count: number, category: Contact["category"], at = NOW): readonly Contact[] =>
  Array.from({ length: count }, () => ({ at, category, rule: "x/y" }));

describe("settling one proposal", () => {
  it("writes a reply with the next place in the inbox and counts it", () => {
    const customer = customerOf({
      lastSeq: 4,
      traits: { name: "Ann" },
      contacts: had(1, "service"),
    });
    const { settlement, customer: after } = settled([proposalLike({ handover: "care" })], {
      customer,
    });
    expect(settlement).toEqual({
      tenant: "default",
      customerId: "c1",
      playbook: "h1",
      now: NOW,
      entries: [{ signalId: "s1", rule: "delivery/late-parcel", code: "replied", seq: 5 }],
      replies: [
        {
          tenant: "default",
          customerId: "c1",
          seq: 5,
          signalId: "s1",
          rule: "delivery/late-parcel",
          slot: "inbox",
          category: "service",
          locale: "en",
          title: "Late, Ann",
          body: "We are sorry.",
          handover: "care",
          at: NOW,
        },
      ],
    });
    expect(after.lastSeq).toBe(5);
    expect(after.contacts).toHaveLength(2);
    expect(after.contacts.at(-1)).toEqual({
      at: NOW,
      category: "service",
      rule: "delivery/late-parcel",
      slot: "inbox",
    });
  });

  it("writes keys in the order of the types, so that equal settlements are equal bytes", () => {
    const [reply] = settled([proposalLike({ handover: "care" })]).settlement.replies;
    expect(Object.keys(reply ?? {})).toEqual([
      "tenant",
      "customerId",
      "seq",
      "signalId",
      "rule",
      "slot",
      "category",
      "locale",
      "title",
      "body",
      "handover",
      "at",
    ]);
  });

  it("leaves everything alone where there is none", () => {
    const customer = customerOf({ lastSeq: 2, contacts: had(1, "service") });
    const result = settled([], { customer });
    expect(result.customer).toEqual(customer);
    expect(result.settlement).toMatchObject({ entries: [], replies: [] });
  });

  it("does not change what it was given", () => {
    const customer = Object.freeze(
      customerOf({ contacts: Object.freeze(had(2, "service")) as Contact[] }),
    );
    const proposals = Object.freeze([
      proposalLike({ priority: 1 }),
      proposalLike({ priority: 2, rule: "b/b" }),
    ]);
    expect(() => settled(proposals as Proposal[], { customer })).not.toThrow();
    expect(customer.contacts).toHaveLength(2);
  });
});

describe("consent", () => {
  it.each([
    ["service", undefined, "replied"],
    ["service", null, "replied"],
    ["service", {}, "replied"],
    ["service", { service: true }, "replied"],
    ["service", { service: false }, "no_consent"],
    ["service", { marketing: false }, "replied"],
    ["marketing", undefined, "no_consent"],
    ["marketing", null, "no_consent"],
    ["marketing", {}, "no_consent"],
    ["marketing", { service: true }, "no_consent"],
    ["marketing", { marketing: false }, "no_consent"],
    ["marketing", { marketing: true }, "replied"],
    ["marketing", { service: false, marketing: true }, "replied"],
  ] as const)("for %s with %j leads to %s", (category, consent, code) => {
    const customer = customerOf({ traits: consent === undefined ? {} : { consent } });
    const { entries } = settled([proposalLike({ category })], { customer }).settlement;
    const detail =
      code === "replied" ? undefined : `the customer has not agreed to ${category} replies`;
    expect(entries.map((entry) => [entry.code, entry.detail])).toEqual([[code, detail]]);
  });

  it("is needed for a hand-over too", () => {
    const customer = customerOf({ traits: { consent: { service: false } } });
    expect(codes([proposalLike({ handover: "safety" })], { customer })).toEqual([
      "delivery/late-parcel: no_consent",
    ]);
  });

  it("that is missing never takes a slot from another rule", () => {
    const offer = proposalLike({ rule: "a/offer", category: "marketing", priority: 99 });
    expect(codes([offer, proposalLike()])).toEqual([
      "a/offer: no_consent",
      "delivery/late-parcel: replied",
    ]);
  });
});

describe("one slot", () => {
  it.each([
    ["the more urgent", { urgency: 0.9, priority: 1 }, { urgency: 0.1, priority: 99 }],
    ["the higher priority where both are as urgent", { priority: 9 }, { priority: 8 }],
    ["the first by name where all is equal", { rule: "a/z" }, { rule: "b/a" }],
    ["the first by code units, whatever the machine's language", { rule: "Z/a" }, { rule: "a/a" }],
  ])("goes to %s", (_, winner, loser) => {
    const first = proposalLike({ rule: "m/winner", ...winner });
    const second = proposalLike({ rule: "m/other", ...loser });
    const { entries, replies } = settled([second, first]).settlement;
    expect(entries.map(({ rule, code }) => [rule, code])).toEqual([
      [first.rule, "replied"],
      [second.rule, "lost_to_priority"],
    ]);
    expect(entries[1]?.detail).toBe(`${first.rule} has slot "inbox"`);
    expect(replies).toHaveLength(1);
  });

  it("of another name or of another signal is another slot", () => {
    const proposals = [
      proposalLike(),
      proposalLike({ rule: "b/b", slot: "offer" }),
      proposalLike({ rule: "c/c", signalId: "s2" }),
    ];
    expect(settled(proposals).settlement.replies.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it("goes to the next when the winner's template is broken, and the fault is told", () => {
    const broken = proposalLike({ rule: "a/broken", template: "broken", priority: 99 });
    const { entries } = settled([proposalLike(), broken]).settlement;
    expect(entries.map(({ rule, code }) => `${rule}: ${code}`)).toEqual([
      "a/broken: template_fault",
      "delivery/late-parcel: replied",
    ]);
    expect(entries[0]?.detail).toBe(
      "rules/templates/broken.en.liquid: builds or prints more than 32768 characters; shorten it",
    );
  });

  it("goes to the next when the winner's category is capped", () => {
    const customer = { ...agreed, contacts: had(1, "marketing") };
    const offer = proposalLike({ rule: "a/offer", category: "marketing", priority: 99 });
    expect(codes([proposalLike(), offer], { customer })).toEqual([
      "a/offer: capped",
      "delivery/late-parcel: replied",
    ]);
  });

  it("is told as taken, not as capped, to one who came too late for both", () => {
    const customer = customerOf({ contacts: had(2, "service") });
    expect(
      codes([proposalLike(), proposalLike({ rule: "b/b", priority: 1 })], { customer }),
    ).toEqual(["delivery/late-parcel: replied", "b/b: lost_to_priority"]);
  });

  it("is replied to once when a rule proposes twice", () => {
    const { entries } = settled([proposalLike(), proposalLike()]).settlement;
    expect(entries.map(({ code }) => code)).toEqual(["replied", "duplicate"]);
    expect(entries[1]?.detail).toBe('delivery/late-parcel has already replied in slot "inbox"');
  });
});

describe("a cap", () => {
  it.each([
    [2, NOW, "replied"],
    [3, NOW, "capped"],
    [3, "2026-02-28T12:00:00.001Z", "capped"],
    [3, "2026-02-28T12:00:00.000Z", "replied"],
  ])("of 3 in 24 hours with %i contacts at %s gives %s", (count, at, code) => {
    const { entries } = settled([proposalLike()], {
      customer: customerOf({ contacts: had(count, "service", at) }),
    }).settlement;
    const detail =
      code === "capped"
        ? "at most 3 service replies in 24 hours; the customer has had 3"
        : undefined;
    expect(entries.map((entry) => [entry.code, entry.detail])).toEqual([[code, detail]]);
  });

  it("counts the replies of the same settlement, the most urgent first", () => {
    const proposals = [0.1, 0.9, 0.5, 0.7].map((urgency, index) =>
      proposalLike({ signalId: `s${index}`, urgency, values: { orderId: index } }),
    );
    const { entries } = settled(proposals).settlement;
    expect(entries.map(({ signalId, code, seq }) => [signalId, code, seq])).toEqual([
      ["s1", "replied", 1],
      ["s3", "replied", 2],
      ["s2", "replied", 3],
      ["s0", "capped", undefined],
    ]);
  });

  it("lets a service hand-over pass, which is counted like any other reply", () => {
    const customer = customerOf({ contacts: had(3, "service") });
    const result = settled([proposalLike({ handover: "safety" })], { customer });
    expect(result.settlement.entries[0]?.code).toBe("replied");
    expect(result.customer.contacts).toHaveLength(4);
  });

  it("holds a marketing hand-over back", () => {
    const customer = { ...agreed, contacts: had(1, "marketing") };
    expect(
      codes([proposalLike({ category: "marketing", handover: "sales" })], { customer }),
    ).toEqual(["delivery/late-parcel: capped"]);
  });
});

const proposals = fc.array(
  fc.record({
    signalId: fc.constantFrom("s1", "s2"),
    rule: fc.constantFrom("a/a", "a/b", "b/a", "Z/z"),
    priority: fc.integer({ min: 1, max: 3 }),
    urgency: fc.constantFrom(0, 0.5, 1),
    slot: fc.constantFrom("inbox", "offer"),
    category: fc.constantFrom("service" as const, "marketing" as const),
    template: fc.constantFrom("late", "broken", "gone"),
    locale: fc.constantFrom("en", "zh-CN", "?"),
    values: fc.constant({}),
  }),
  { maxLength: 14 },
);
const customers = fc
  .record({
    service: fc.constantFrom(true, false),
    marketing: fc.constantFrom(true, false),
    had: fc.array(fc.constantFrom("service" as const, "marketing" as const), { maxLength: 4 }),
    lastSeq: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ service, marketing, had: categories, lastSeq }) =>
    customerOf({
      lastSeq,
      traits: { consent: { service, marketing } },
      contacts: categories.flatMap((category) => had(1, category, "2026-03-01T11:00:00.000Z")),
    }),
  );
const CAPS = { service: 3, marketing: 1 };

const key = ({ signalId, rule }: { signalId: string; rule: string }): string =>
  `${signalId} ${rule}`;

describe("whatever is proposed", () => {
  it("settles the same in every order", () => {
    fc.assert(
      fc.property(
        proposals.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        customers,
        ([list, shuffled], customer) => {
          expect(JSON.stringify(settled(shuffled, { customer }))).toBe(
            JSON.stringify(settled(list, { customer })),
          );
        },
      ),
    );
  });

  it("gives every proposal one entry, every slot one reply, every reply the next place, and passes no cap", () => {
    fc.assert(
      fc.property(proposals, customers, (list, customer) => {
        const { settlement, customer: after } = settled(list, { customer });
        expect(settlement.entries.map(key).toSorted()).toEqual(list.map(key).toSorted());
        const slots = settlement.replies.map(({ signalId, slot }) => `${signalId} ${slot}`);
        expect(new Set(slots).size).toBe(slots.length);
        expect(settlement.replies.map(({ seq }) => seq)).toEqual(
          slots.map((_, index) => customer.lastSeq + index + 1),
        );
        expect(after.lastSeq).toBe(customer.lastSeq + slots.length);
        expect(after.contacts.length).toBeLessThanOrEqual(CONTACTS_KEPT);
        for (const category of ["service", "marketing"] as const) {
          const before = customer.contacts.filter(
            (contact) => contact.category === category,
          ).length;
          const now = after.contacts.filter((contact) => contact.category === category).length;
          expect(now).toBeLessThanOrEqual(Math.max(before, CAPS[category]));
        }
        const replied = settlement.entries.filter(({ code }) => code === "replied");
        expect(replied.map(({ seq }) => seq)).toEqual(settlement.replies.map(({ seq }) => seq));
      }),
    );
  });
});
