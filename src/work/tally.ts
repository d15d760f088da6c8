/** What a group of decisions adds to the figures of a canary, customer by customer. */
import { type CanaryTally, sideOf } from "../core/canary.ts";
import type { Decided, IncomingSignal } from "../core/ports.ts";
import type { InForce } from "./playbooks.ts";

const isNegative = ({ decision }: Decided): boolean => {
  const label = decision.facts["feedback.sentimentLabel"];
  return label === "negative" || label === "very_negative";
};

const faultsOf = ({ decision, settlement }: Decided): number =>
  decision.faults.length +
  settlement.entries.filter(({ code }) => code === "template_fault").length;

const NOTHING = { signals: 0, replies: 0, faults: 0, negatives: 0 };

type Running = NonNullable<InForce["canary"]>["settings"];

const canaryOf = (playbooks: ReadonlyMap<string, InForce>, tenant: string): Running | undefined =>
  playbooks.get(tenant)?.canary?.settings;

/** One of each customer whose tenant has a canary, in any order. */
export const talliesOf = (
  decided: readonly Decided[],
  playbooks: ReadonlyMap<string, InForce>,
): readonly CanaryTally[] => {
  const tallies = new Map<string, CanaryTally>();
  for (const one of decided) {
    const { tenant, customerId } = one.decision;
    const canary = canaryOf(playbooks, tenant);
    if (canary === undefined) continue;
    const key = `${tenant}\n${customerId}`;
    const before = tallies.get(key) ?? {
      canary: canary.id,
      tenant,
      customerId,
      side: sideOf(canary, { tenant, id: customerId }),
      ...NOTHING,
      isFirstNegative: isNegative(one),
    };
    tallies.set(key, {
      ...before,
      signals: before.signals + 1,
      replies: before.replies + one.settlement.replies.length,
      faults: before.faults + faultsOf(one),
      negatives: before.negatives + (isNegative(one) ? 1 : 0),
    });
  }
  return [...tallies.values()];
};

/** That of a signal which could not be decided; none without a canary. */
export const tallyOfFault = (
  { tenant, signal: { customerId } }: IncomingSignal,
  playbooks: ReadonlyMap<string, InForce>,
): readonly CanaryTally[] => {
  const canary = canaryOf(playbooks, tenant);
  if (canary === undefined) return [];
  const side = sideOf(canary, { tenant, id: customerId });
  const nothing = { replies: 0, negatives: 0, isFirstNegative: false };
  return [{ canary: canary.id, tenant, customerId, side, signals: 1, faults: 1, ...nothing }];
};
