/**
 * A candidate playbook that decides for a share of the customers while the live one decides for the rest.
 * Which side a customer is on is a function of names alone, so that every worker agrees without asking anybody.
 */

import { placeByLot } from "./share.ts";

/** Who decides for a customer while a canary runs. */
export const CANARY_SIDES = ["live", "candidate"] as const;
export type CanarySide = (typeof CANARY_SIDES)[number];

export interface Canary {
  /** Names this trial; the same candidate tried again is another trial. */
  readonly id: string;
  /** Hash of the candidate playbook as it decides now; a correction changes it. */
  readonly hash: string;
  /** Percent of the customers that the candidate decides for, above 0 and below 100. */
  readonly percent: number;
  /** Goes into the customers' lot: the candidate's hash when the trial began, so that other candidates are tried on other customers. */
  readonly salt: string;
  /** How many times more, or fewer, customers the candidate may answer before it is ended; at least 1. */
  readonly replyFactor: number;
  readonly by: string;
  readonly message: string;
}

export interface RunningCanary extends Canary {
  /** Database time of its beginning. */
  readonly since: string;
}

/** What happened on one side since the trial began. */
export interface SideFigures {
  /** Customers with at least one signal. */
  readonly customers: number;
  readonly signals: number;
  readonly replies: number;
  /** Customers with a rule or template that failed, or a signal that could not be decided. */
  readonly faulty: number;
  /** Customers with at least one reply. */
  readonly answered: number;
  /** Customers with at least `OFTEN_REPLIES` replies. */
  readonly answeredOften: number;
  /** Customers whose feedback was negative after a signal of theirs had been decided in the trial. */
  readonly complained: number;
}

export type CanaryFigures = Readonly<Record<CanarySide, SideFigures>>;

/** Replies to one customer within a trial from which on they are many. */
export const OFTEN_REPLIES = 3;

/** What one group of signals adds to the figures of one customer. */
export interface CanaryTally {
  /** `id` of the canary. */
  readonly canary: string;
  readonly tenant: string;
  readonly customerId: string;
  readonly side: CanarySide;
  readonly signals: number;
  readonly replies: number;
  readonly faults: number;
  /** Negative feedback, the first signal included. */
  readonly negatives: number;
  /** Whether the first of these signals was negative feedback: it was written before anything of the trial could cause it. */
  readonly isFirstNegative: boolean;
}

/** The side of a customer, the same as long as the trial lasts, and the same again for a greater percentage of the same candidate. */
export const sideOf = (
  { salt, percent }: Pick<Canary, "salt" | "percent">,
  customer: { readonly tenant: string; readonly id: string },
): CanarySide => (placeByLot(salt, customer.tenant, customer.id) < percent ? "candidate" : "live");
