/**
 * What another program may import: the nouns with their schemas, the two pure functions that decide, and attune as a whole in one process.
 * Everything else is inside and may change without notice.
 */
export type { Analysis } from "./core/analysis.ts";
export { type Customer, type Traits, traitsSchema } from "./core/customer.ts";
export type {
  Decision,
  Proposal,
  Settlement,
  SettlementEntry,
  WaitingProposal,
} from "./core/decision.ts";
export type { Explanation } from "./core/explanation.ts";
export { type FactDefinition, type Facts, FACTS } from "./core/facts.ts";
export type { Checked, Fault } from "./core/fault.ts";
export { EMPTY_HISTORY } from "./core/history.ts";
export { QUEUE_NAME, readJob } from "./core/job.ts";
export { LIMITS } from "./core/limits.ts";
export { OUTCOMES, type Outcome, type OutcomeCode } from "./core/outcome.ts";
export type { Playbook, PlaybookFiles } from "./core/playbook.ts";
export { type PreparedPlaybook, preparePlaybook } from "./core/prepare.ts";
export type { InboxReply, Reply } from "./core/reply.ts";
export { type Conclusion, respond } from "./core/respond.ts";
export { type Settled, settle, type SettleInput } from "./core/settle.ts";
export {
  type AcceptedSignal,
  type CustomerEvent,
  eventSchema,
  type Feedback,
  feedbackSchema,
  type Signal,
  signalSchema,
} from "./core/signal.ts";
export { AttuneError, type ErrorCode } from "./errors.ts";
export { type Config, readConfig } from "./config.ts";
export { startAttune } from "./app.ts";
export type { Attune } from "./work/attune.ts";
export { playbookOf, readPlaybookFiles } from "./work/publish.ts";
