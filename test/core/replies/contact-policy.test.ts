import { describe, expect, it } from "vitest";
import { type Contact, CONTACTS_KEPT } from "../../../src/core/customer.ts";
import { capReached, rememberContact } from "../../../src/core/replies/caps.ts";
import { type ContactPolicy, openContactPolicy } from "../../../src/core/replies/contact-policy.ts";
import { faultsIn, NOW, POLICY, valueOf } from "./samples.ts";

const PLACE = "rules/contact-policy.json";
/** What a policy that says nothing of waiting means. */
const UNHURRIED = {
  windowMinutes: 0,
  maxWaitHours: 48,
  defersCapped: false,
  slots: new Map(),
};
const cap = (change: object): string =>
  JSON.stringify({
    defaultLocale: "en",
    caps: [{ category: "service", replies: 1, windowHours: 24, ...change }],
  });

describe("the policy file", () => {
  it("is opened as written", () => {
    expect(valueOf(openContactPolicy(JSON.stringify(POLICY)))).toEqual({ ...POLICY, ...UNHURRIED });
  });

  it("may do without caps and name its schema", () => {
    const text = '{"$schema": "./x.json", "defaultLocale": "zh-Hans", "caps": []}';
    expect(valueOf(openContactPolicy(text))).toEqual({
      defaultLocale: "zh-Hans",
      caps: [],
      ...UNHURRIED,
    });
  });

  it.each([
    ["a missing file", undefined, `${PLACE}: is missing; write at least`],
    ["broken JSON", '{"defaultLocale": }', `${PLACE} › line 1, column 19`],
    ["a name given twice", '{"caps": [], "caps": []}', `"caps" is given twice`],
    ["an unknown field", '{"defaultLocale": "en", "caps": [], "cap": 1}', "cap"],
    [
      "a locale out of form",
      '{"defaultLocale": "zh_hans", "caps": []}',
      `${PLACE} › defaultLocale: is not a locale`,
    ],
    ["an unknown category", cap({ category: "ads" }), `${PLACE} › caps[0].category`],
    ["a negative cap", cap({ replies: -1 }), `${PLACE} › caps[0].replies: is below 0`],
    ["half a reply", cap({ replies: 0.5 }), "is not a whole number"],
    ["more than is kept", cap({ replies: CONTACTS_KEPT + 1 }), "is above 16, the contacts kept"],
    ["no window", cap({ windowHours: 0 }), `${PLACE} › caps[0].windowHours: is below 1`],
    ["a window of years", cap({ windowHours: 9_000 }), "is above 8760"],
    [
      "a cap written twice",
      JSON.stringify({ ...POLICY, caps: [...POLICY.caps, { ...POLICY.caps[0], replies: 2 }] }),
      `${PLACE} › caps[2]: repeats the service cap over 24 hours of caps[0]`,
    ],
  ])("is refused for %s", (_, text, fault) => {
    expect(faultsIn(openContactPolicy(text)).join("\n")).toContain(fault);
  });

  it("is refused with every fault at once", () => {
    const faults = faultsIn(
      openContactPolicy(
        '{"defaultLocale": 1, "caps": [{"category": "x", "replies": -1, "windowHours": 0}]}',
      ),
    );
    expect(faults).toHaveLength(4);
  });
});

const contact = (at: string, category: Contact["category"] = "service"): Contact => ({
  at,
  category,
  rule: "a/b",
});
const policy = valueOf(openContactPolicy(cap({})));

const reachedBy = (
  by: ContactPolicy,
  category: Contact["category"],
  contacts: readonly Contact[],
): string | undefined =>
  capReached(by, { category, slot: "inbox" }, { contacts, now: NOW })?.detail;

describe("a cap", () => {
  it.each([
    ["just now", "2026-03-01T12:00:00.000Z", true],
    ["one millisecond inside the window", "2026-02-28T12:00:00.001Z", true],
    ["exactly one window ago", "2026-02-28T12:00:00.000Z", false],
    ["before the window", "2026-02-28T11:59:59.999Z", false],
    ["after now", "2026-03-01T12:00:00.001Z", false],
  ])("with a contact %s", (_, at, reached) => {
    const found = reachedBy(policy, "service", [contact(at)]);
    expect(found).toBe(
      reached ? "at most 1 service replies in 24 hours; the customer has had 1" : undefined,
    );
  });

  it("does not count the other category", () => {
    expect(reachedBy(policy, "service", [contact(NOW, "marketing")])).toBeUndefined();
    expect(reachedBy(policy, "marketing", [contact(NOW, "marketing")])).toBeUndefined();
  });

  it("of 0 stops the category", () => {
    const stopped = valueOf(openContactPolicy(cap({ replies: 0 })));
    expect(reachedBy(stopped, "service", [])).toContain("at most 0");
  });

  it("is looked at beside others of the same category", () => {
    const two = valueOf(
      openContactPolicy(
        JSON.stringify({
          defaultLocale: "en",
          caps: [
            { category: "service", replies: 5, windowHours: 1 },
            { category: "service", replies: 2, windowHours: 48 },
          ],
        }),
      ),
    );
    const contacts = [contact("2026-02-28T10:00:00.000Z"), contact("2026-03-01T01:00:00.000Z")];
    expect(reachedBy(two, "service", contacts)).toContain("at most 2 service replies in 48 hours");
  });
});

describe("contacts", () => {
  it("never outgrow what a customer keeps, and many of one category push out none of the other", () => {
    let contacts: readonly Contact[] = [contact("2026-01-01T00:00:00.000Z", "marketing")];
    for (let index = 0; index < 3 * CONTACTS_KEPT; index += 1)
      contacts = rememberContact(contacts, { ...contact(NOW), rule: `r/${index}` });
    expect(contacts).toHaveLength(CONTACTS_KEPT + 1);
    expect(contacts[0]?.category).toBe("marketing");
    expect(contacts.at(-1)?.rule).toBe(`r/${3 * CONTACTS_KEPT - 1}`);
  });
});
