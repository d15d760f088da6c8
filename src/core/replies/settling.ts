/** What is settled: the proposals of one customer at one instant, under one playbook. */
import type { Customer } from "../customer.ts";
import type { Proposal } from "../decision.ts";
import type { Models } from "../models/predict.ts";
import type { Rules } from "../rules/rules.ts";
import type { ReplyKit } from "./reply-kit.ts";

export interface SettleInput {
  /** The proposals of a signal, in any order; none when waiting ones are settled because they are due. */
  readonly proposals: readonly Proposal[];
  /** With the proposals that wait. */
  readonly customer: Customer;
  /** The part of a prepared playbook that settling reads. */
  readonly playbook: {
    readonly hash: string;
    readonly replies: ReplyKit;
    readonly rules: Rules;
    readonly models: Models;
  };
  /** ISO 8601, UTC. */
  readonly now: string;
  /** Whether the signal is replayed on its own clock. */
  readonly replayed?: boolean;
}
