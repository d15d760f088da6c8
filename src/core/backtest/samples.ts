/**
 * Which customers are shown, and what is told of them: those with the smallest number made of their id, so that the same store shows the same ones and no name is preferred.
 * Customers with other replies come before those whose decisions alone differ. Only what is shown is explained.
 */
import { explainOutcomes } from "../explain.ts";
import type { Outcome } from "../outcome.ts";
import type { LaterOutcome, StoredDecision } from "../ports.ts";
import type { PreparedPlaybook } from "../prepare.ts";
import type { Reply } from "../reply.ts";
import { isOtherReply, ownReplies } from "./compare.ts";
import { byName } from "./counts.ts";
import type { Replayed, Told } from "./replay.ts";
import type { ReplyWords, SampleReason, SampleReply, SampleSignal } from "./result.ts";

/** A customer that may be shown. */
export interface Drawn {
  readonly customer: string;
  /** Would have got other replies. */
  readonly isAffected: boolean;
  readonly told: readonly Told[];
}

interface Drawing {
  offer(drawn: Drawn): void;
  /** In order of their ids. */
  drawn(): readonly Drawn[];
}

/** FNV-1a over UTF-16 units, 32 bits. */
const numberOf = (id: string): number => {
  let number = 0x811c9dc5;
  for (let place = 0; place < id.length; place += 1)
    number = Math.imul(number ^ id.charCodeAt(place), 0x01000193);
  return number >>> 0;
};

const first = (left: Drawn, right: Drawn): number =>
  Number(right.isAffected) - Number(left.isAffected) ||
  numberOf(left.customer) - numberOf(right.customer) ||
  byName(left.customer, right.customer);

/** Keeps `count` customers of all that are offered, whatever their order. */
export const drawSamples = (count: number): Drawing => {
  let kept: readonly Drawn[] = [];
  return {
    offer: (drawn) => {
      const last = kept.at(-1);
      if (count === 0 || (kept.length === count && last !== undefined && first(last, drawn) < 0))
        return;
      kept = [...kept, drawn].toSorted(first).slice(0, count);
    },
    drawn: () => kept.toSorted((left, right) => byName(left.customer, right.customer)),
  };
};

const wordsOf = (reply: Reply | undefined): ReplyWords | null => {
  if (reply === undefined) return null;
  const { rule, locale, title, body } = reply;
  return { rule, locale, title, body };
};

/** At once or later. */
const allReplies = (side: Replayed, later: readonly LaterOutcome[]): ReadonlyMap<string, Reply> =>
  new Map(
    [...ownReplies(side), ...later.flatMap(({ reply }) => reply ?? [])].map((reply) => [
      reply.slot,
      reply,
    ]),
  );

const repliesOf = ({ step, replayed, later }: Told): readonly SampleReply[] => {
  const before = allReplies(step.stored, step.stored.later ?? []);
  const after = allReplies(replayed, later);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap(
    (slot): readonly SampleReply[] => {
      const old = before.get(slot);
      const young = after.get(slot);
      if (old !== undefined && young !== undefined && !isOtherReply(old, young)) return [];
      const kind = old === undefined ? "gained" : young === undefined ? "lost" : "changed";
      return [{ slot, kind, before: wordsOf(old), after: wordsOf(young) }];
    },
  );
};

/** What is known of every rule; without its playbook only what was settled. */
const outcomesOf = (
  stored: StoredDecision,
  playbook: PreparedPlaybook | undefined,
): ReadonlyMap<string, Outcome> => {
  const outcomes =
    playbook === undefined
      ? [...stored.decision.faults, ...stored.settlement.entries]
      : explainOutcomes(stored, playbook).map(({ outcome }) => outcome);
  return new Map(outcomes.map((outcome) => [outcome.rule, outcome]));
};

const sideOf = (outcome: Outcome | undefined): SampleReason["after"] => {
  if (outcome === undefined) return null;
  const { code, detail } = outcome;
  return { code, ...(detail === undefined ? {} : { detail }) };
};

export interface Sides {
  /** The playbook that decided then; undefined where it cannot be read any more. */
  readonly before: PreparedPlaybook | undefined;
  readonly after: PreparedPlaybook;
}

const reasonsOf = (told: Told, { before, after }: Sides): readonly SampleReason[] => {
  const { stored } = told.step;
  const old = outcomesOf(stored, before);
  const young = outcomesOf(
    { accepted: stored.accepted, ...told.replayed, later: told.later },
    after,
  );
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((rule) => {
    const left = sideOf(old.get(rule));
    const right = sideOf(young.get(rule));
    const isNews =
      left?.code !== right?.code ||
      (left?.code !== "not_matched" && left?.detail !== right?.detail);
    // A rule that did not match and now is not there, or the other way round, tells nothing.
    const isSilence = [left, right].every((side) => side === null || side.code === "not_matched");
    return isNews && !isSilence ? [{ rule, before: left, after: right }] : [];
  });
};

const aboutOf = ({ accepted: { signal }, decision }: StoredDecision): string => {
  const text = decision.facts["feedback.text"];
  return signal.kind === "event" ? signal.type : typeof text === "string" ? text : "";
};

/** What is told of one signal of a sample customer. */
export const tellSignal = (told: Told, sides: Sides): SampleSignal => {
  const { stored } = told.step;
  return {
    id: stored.decision.signalId,
    now: stored.decision.now,
    about: aboutOf(stored),
    replies: repliesOf(told),
    reasons: reasonsOf(told, sides),
  };
};
