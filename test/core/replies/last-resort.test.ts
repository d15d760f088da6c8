import { describe, expect, it } from "vitest";
import { openContactPolicy } from "../../../src/core/replies/contact-policy.ts";
import { settle } from "../../../src/core/settle.ts";
import { customerOf, faultsIn, kitOf, NOW, playbookOf, POLICY, proposalLike } from "./samples.ts";

/** Renders to nothing, which is a fault. */
const EMPTY = "T\n\n{% if customer.name %}x{% endif %}\n";

const FALLBACK = {
  en: { title: "We got your message", body: "We will come back to you." },
  "zh-Hans": { title: "已收到您的留言", body: "我们会尽快回复您。" },
};

const settled = (
  locale: string,
  files: Readonly<Record<string, string>>,
  policy: object = POLICY,
) =>
  settle({
    proposals: [proposalLike({ locale })],
    customer: customerOf(),
    playbook: playbookOf(kitOf({ "rules/contact-policy.json": JSON.stringify(policy), ...files })),
    now: NOW,
  }).settlement;

const chinese = "rules/templates/late.zh-Hans.liquid";
const english = "rules/templates/late.en.liquid";

const gone = (policy: object) =>
  settle({
    proposals: [proposalLike({ template: "gone" })],
    customer: customerOf(),
    playbook: playbookOf(kitOf({ "rules/contact-policy.json": JSON.stringify(policy) })),
    now: NOW,
  }).settlement.entries;

describe("a template that fails", () => {
  it("gives way to the next language, and the entry says so", () => {
    const { entries, replies } = settled("zh-Hans", { [chinese]: EMPTY });
    expect(replies).toMatchObject([{ locale: "en", title: "Late", body: "We are sorry." }]);
    expect(entries).toEqual([
      {
        signalId: "s1",
        rule: "delivery/late-parcel",
        code: "replied",
        detail: `in en, because a template failed: ${chinese}: the body is empty`,
        seq: 1,
      },
    ]);
  });

  it("in every language gives way to the words of last resort, in the customer's language", () => {
    const files = { [chinese]: EMPTY, [english]: EMPTY };
    const policy = { ...POLICY, fallback: FALLBACK };
    for (const [locale, words] of [
      ["zh-Hans-CN", { locale: "zh-Hans", ...FALLBACK["zh-Hans"] }],
      ["fr", { locale: "en", ...FALLBACK.en }],
    ] as const) {
      const { entries, replies } = settled(locale, files, policy);
      expect(replies).toMatchObject([words]);
      expect(entries[0]?.code).toBe("replied");
      expect(entries[0]?.detail).toContain(`${english}: the body is empty`);
      expect(entries[0]?.detail).toMatch(
        new RegExp(`^words of last resort in ${words.locale}, because a template failed: `, "u"),
      );
    }
  });

  it("without words of last resort ends with its fault", () => {
    const { entries, replies } = settled("en", { [english]: EMPTY });
    expect(entries).toMatchObject([
      { code: "template_fault", detail: `${english}: the body is empty` },
    ]);
    expect(replies).toEqual([]);
  });

  it("and one that is not there are alike", () => {
    expect(gone(POLICY)).toMatchObject([{ code: "template_fault" }]);
    expect(gone({ ...POLICY, fallback: FALLBACK })).toMatchObject([
      {
        code: "replied",
        detail:
          'words of last resort in en, because a template failed: delivery/late-parcel: template "gone" is not in the playbook',
      },
    ]);
  });

  it("gives way to words that stand as they are written in every format", () => {
    const fallback = { en: { title: "A & B", body: "<3 *you*" } };
    const slots = { inbox: { format: "html" } };
    const { replies } = settled("en", { [english]: EMPTY }, { ...POLICY, fallback, slots });
    expect(replies).toMatchObject([{ title: "A & B", body: "&lt;3 *you*" }]);
  });

  it("is not told of where nothing failed", () => {
    const { entries } = settled("zh-Hans", {});
    expect(entries).toEqual([
      { signalId: "s1", rule: "delivery/late-parcel", code: "replied", seq: 1 },
    ]);
  });
});

describe("words of last resort", () => {
  it.each([
    [{ de: { title: "a", body: "b" } }, 'has no words in the default locale "en"'],
    [{ en: { title: " ", body: "b" } }, "fallback.en.title: is empty"],
    [{ en: { title: "a" } }, "fallback.en.body"],
    [{ en: { title: "a", body: "b".repeat(4_001) } }, "is longer than 4000"],
    [{ en: { title: "a", body: "b" }, zh_hans: { title: "a", body: "b" } }, "zh-Hans"],
  ])("%j are refused", (fallback, sentence) => {
    const faults = faultsIn(openContactPolicy(JSON.stringify({ ...POLICY, fallback })));
    expect(faults.join("\n")).toContain(sentence);
  });
});
