/** What was put in force when, by whom and why: one entry for every change of what decides for a tenant. Entries are only ever added. */
import type { CanaryFigures } from "./canary.ts";
import type { GuardrailName, GuardrailReading } from "./guardrails.ts";

/** What happened, as the history says it. */
export const PUBLICATION_KINDS = {
  publish: "published",
  rollback: "rolled back",
  correction: "corrected",
  model: "model changed",
  canary: "canary began",
  promoted: "canary promoted",
  aborted: "canary aborted",
  breached: "canary ended by itself",
} as const;

export type PublicationKind = keyof typeof PUBLICATION_KINDS;

export interface Counted {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** How one playbook differs from another, in numbers. */
export interface PlaybookChange {
  readonly rules: Counted;
  readonly templates: Counted;
  /** Model, lexicon and catalogue files. */
  readonly models: Counted;
  readonly articles: Counted;
  readonly contactPolicy: Counted;
  readonly corrections: Counted;
}

/** How a trial stood when it ended. */
export interface CanaryReport {
  readonly percent: number;
  readonly since: string;
  readonly figures: CanaryFigures;
  readonly readings: readonly GuardrailReading[];
  /** The guardrail that ended it, or null. */
  readonly breach: GuardrailName | null;
}

/** Who changes what is in force, and why. */
export interface PublicationNote {
  /** At most 100 characters; "" where nobody said. */
  readonly by: string;
  /** At most 500 characters, one line. */
  readonly message: string;
}

export interface NewPublication extends PublicationNote {
  readonly kind: PublicationKind;
  /** The playbook that it is about: the one in force since, or the candidate of a canary that began, was aborted or ended by itself. */
  readonly hash: string;
  /** What was in force before; null for the first. */
  readonly previous: string | null;
  /** From `previous` to `hash`; null for the first. */
  readonly change: PlaybookChange | null;
  /** `place` of the entry that a rollback took back; null for all others, also for a rollback to a hash that was named. */
  readonly undoes: number | null;
  /** Only for the end of a canary. */
  readonly canary: CanaryReport | null;
}

export interface Publication extends NewPublication {
  /** Grows with every entry. */
  readonly place: number;
  /** Database time. */
  readonly at: string;
}

const TAKEN_BACK: ReadonlySet<PublicationKind> = new Set(["publish", "promoted", "rollback"]);

/**
 * The entry that a rollback takes back: the newest one that put files in force and was not taken back itself. Publications are a stack;
 * corrections and models stay, they have ways back of their own.
 */
export const toTakeBack = (newestFirst: readonly Publication[]): Publication | undefined => {
  const undone = new Set(newestFirst.map(({ undoes }) => undoes));
  return newestFirst.find(
    ({ kind, place, previous, undoes }) =>
      TAKEN_BACK.has(kind) && undoes === null && previous !== null && !undone.has(place),
  );
};
