/**
 * Why a customer got an answer, or none: the newest decided signals of one customer with what became of every rule.
 * Read again from stored decisions, each under the playbook that made it.
 */
import { explainOutcomes } from "../core/explain.ts";
import type { ComparisonExplanation, RuleExplanation } from "../core/explanation.ts";
import { didYouMean, quote } from "../core/fault.ts";
import type { Outcome } from "../core/outcome.ts";
import type { CustomerKey, Store, StoredDecision } from "../core/ports.ts";
import type { PreparedPlaybook } from "../core/prepare.ts";
import type { Json } from "../core/json.ts";
import { missing } from "../core/rules/near-miss.ts";
import { AttuneError } from "../errors.ts";
import type { Playbooks } from "./playbooks.ts";

export interface WhyRequest {
  /** ISO 8601; only signals that counted then or later. */
  readonly since?: string;
  /** `ruleSet/ruleName`; what became of this rule alone. */
  readonly rule?: string;
  /** Newest signals, 1..500. */
  readonly limit: number;
}

/** A rule that one other fact would have made match. */
export interface NearMiss {
  readonly rule: string;
  readonly missing: ComparisonExplanation;
}

export interface SignalWhy {
  readonly id: string;
  /** The instant that counted. */
  readonly now: string;
  readonly kind: "feedback" | "event";
  /** What the customer did, or said (personal data masked). */
  readonly about: string;
  readonly playbook: string;
  /** One for every rule asked for, in file and definition order. */
  readonly outcomes: readonly Outcome[];
  readonly nearMisses: readonly NearMiss[];
}

export interface CustomerWhy {
  readonly customer: string;
  /** Signals decided in all. */
  readonly signals: number;
  readonly replies: number;
  /** Newest first. */
  readonly shown: readonly SignalWhy[];
}

/** Decisions read for one question at most; the newest ones. */
const DECISIONS_READ = 2_000;

const textIn = (value: Json | undefined): string => (typeof value === "string" ? value : "");

const aboutOf = ({ accepted: { signal }, decision }: StoredDecision): string =>
  signal.kind === "event" ? signal.type : textIn(decision.facts["feedback.text"]);

/** Facts of what a signal is: another one would have been another signal. */
const GIVEN: ReadonlySet<string> = new Set(["signal.kind", "event.type", "feedback.channel"]);

const isNumber = ({ missing: { actual } }: NearMiss): number =>
  typeof actual === "number" ? 0 : 1;

const nearMissesOf = (rules: readonly RuleExplanation[]): readonly NearMiss[] =>
  rules
    .flatMap(({ rule, outcome, conditions }): readonly NearMiss[] => {
      if (outcome.code !== "not_matched") return [];
      const [first, ...others] = missing(conditions);
      const isOne = first !== undefined && others.length === 0 && !GIVEN.has(first.fact);
      return isOne ? [{ rule, missing: first }] : [];
    })
    // A number missed by some amount tells more than a topic that was another one.
    .toSorted((left, right) => isNumber(left) - isNumber(right));

const whyOf = (
  stored: StoredDecision,
  playbook: PreparedPlaybook,
  rule: string | undefined,
): SignalWhy => {
  const rules = explainOutcomes(stored, playbook).filter(
    (one) => rule === undefined || one.rule === rule,
  );
  const { decision, accepted } = stored;
  return {
    id: decision.signalId,
    now: decision.now,
    kind: accepted.signal.kind,
    about: aboutOf(stored),
    playbook: decision.playbook,
    outcomes: rules.map(({ outcome }) => outcome),
    nearMisses: nearMissesOf(rules),
  };
};

const mustKnow = (rule: string, playbook: PreparedPlaybook): void => {
  const names = playbook.rules.inOrder.map((one) => one.rule);
  if (names.includes(rule)) return;
  throw new AttuneError(
    "NOT_FOUND",
    `No rule ${quote(rule)} is in force${didYouMean(rule, names) || "; name it ruleSet/ruleName."}`,
  );
};

const newest = async (
  store: Store,
  key: CustomerKey,
  { since, limit, version }: WhyRequest & { readonly version: number },
): Promise<readonly StoredDecision[]> => {
  const found: StoredDecision[] = [];
  for await (const stored of store.decisionsOf(key, Math.max(0, version - DECISIONS_READ))) {
    if (since !== undefined && stored.decision.now < since) continue;
    found.push(stored);
    if (found.length > limit) found.shift();
  }
  return found.toReversed();
};

/** Rejects with NOT_FOUND for a customer of whom nothing was decided, or a rule that is neither in force nor was. */
export const whyCustomer = async (
  { store, playbooks }: { readonly store: Store; readonly playbooks: Playbooks },
  key: CustomerKey,
  request: WhyRequest,
): Promise<CustomerWhy> => {
  const customer = await store.customer(key);
  if (customer === undefined || customer.version === 0)
    throw new AttuneError(
      "NOT_FOUND",
      `No signal of a customer ${quote(key.id)} was decided; ids are compared as they came.`,
    );
  const since = request.since === undefined ? {} : { since: new Date(request.since).toISOString() };
  const decisions = await newest(store, key, { ...request, ...since, version: customer.version });
  const shown: SignalWhy[] = [];
  for (const stored of decisions) {
    const playbook = await playbooks.byHash(stored.decision.playbook);
    shown.push(whyOf(stored, playbook, request.rule));
  }
  if (request.rule !== undefined && shown.every(({ outcomes }) => outcomes.length === 0))
    mustKnow(request.rule, await playbooks.live(key.tenant));
  return {
    customer: key.id,
    signals: customer.version,
    replies: customer.lastSeq,
    shown,
  };
};
