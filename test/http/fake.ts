/** An `Attune` that refuses every question unless a test answers it: for the door's own behaviour, where no store is involved. */
import type { Attune } from "../../src/work/attune.ts";

const unexpected = async (): Promise<never> => {
  throw new Error("a test did not expect this question");
};

export const fakeAttune = (answers: Partial<Attune> = {}): Attune => ({
  enqueue: unexpected,
  inbox: unexpected,
  acknowledge: unexpected,
  signalState: unexpected,
  explain: unexpected,
  why: unexpected,
  publish: unexpected,
  publications: unexpected,
  rollBackPlaybook: unexpected,
  canary: unexpected,
  endCanary: unexpected,
  correct: unexpected,
  corrections: unexpected,
  emergingTopics: unexpected,
  models: unexpected,
  modelFiles: unexpected,
  retrain: unexpected,
  promoteModel: unexpected,
  rollBackModel: unexpected,
  drift: unexpected,
  scheduleRetraining: unexpected,
  retrainSchedules: unexpected,
  endRetrainSchedule: unexpected,
  rebuildCustomers: unexpected,
  backtest: unexpected,
  playbookNamed: unexpected,
  status: unexpected,
  deadLetters: unexpected,
  ...answers,
});

export const EMPTY_STATUS = {
  store: { accepted: 0, decided: 0, replies: 0, deadLetters: 0, customers: 0, waiting: 0 },
  queue: { waiting: 0, active: 0, delayed: 0, failed: 0 },
  playbook: null,
};
