/** Small sound things that the reply tests start from; each test changes only what it is about. */
import type { Customer } from "../../../src/core/customer.ts";
import type { Proposal } from "../../../src/core/decision.ts";
import { type Checked, faultsAsText } from "../../../src/core/fault.ts";
import { EMPTY_HISTORY } from "../../../src/core/history.ts";
import type { PlaybookFiles } from "../../../src/core/playbook.ts";
import { openModels } from "../../../src/core/models/predict.ts";
import { openReplies, type ReplyKit } from "../../../src/core/replies/reply-kit.ts";
import type { Rules } from "../../../src/core/rules/rules.ts";
import type { SettleInput } from "../../../src/core/replies/settling.ts";

export const NOW = "2026-03-01T12:00:00.000Z";

export const customerOf = (change: Partial<Customer> = {}): Customer => ({
  tenant: "default",
  id: "c1",
  version: 1,
  traits: {},
  history: EMPTY_HISTORY,
  contacts: [],
  lastSeq: 0,
  waiting: [],
  ...change,
});

export const proposalLike = (change: Partial<Proposal> = {}): Proposal => ({
  signalId: "s1",
  rule: "delivery/late-parcel",
  priority: 10,
  urgency: 0,
  slot: "inbox",
  category: "service",
  template: "late",
  locale: "en",
  values: {},
  ...change,
});

export const POLICY = {
  defaultLocale: "en",
  caps: [
    { category: "service", replies: 3, windowHours: 24 },
    { category: "marketing", replies: 1, windowHours: 168 },
  ],
};

export const FILES: PlaybookFiles = {
  "rules/contact-policy.json": JSON.stringify(POLICY),
  "rules/templates/late.en.liquid":
    "Late{% if customer.name %}, {{ customer.name }}{% endif %}\n\nWe are sorry.\n",
  "rules/templates/late.zh-Hans.liquid": "迟到\n\n抱歉。\n",
};

export const valueOf = <T>(checked: Checked<T>): T => {
  if (checked.kind === "faulty") throw new Error(faultsAsText(checked.faults));
  return checked.value;
};

/** Every fault as `place: sentence`; empty for a sound value. */
export const faultsIn = (checked: Checked<unknown>): readonly string[] =>
  checked.kind === "sound"
    ? []
    : checked.faults.map(({ place, sentence }) => `${place}: ${sentence}`);

export const kitOf = (files: PlaybookFiles = {}): ReplyKit =>
  valueOf(openReplies({ ...FILES, ...files }));

/** What settling reads of a playbook; its only live rules are `rules`. */
export const playbookOf = (
  replies: ReplyKit = kitOf(),
  rules: Rules = { inOrder: [], firing: [], resting: [] },
): SettleInput["playbook"] => ({ hash: "h1", replies, rules, models: valueOf(openModels({})) });
