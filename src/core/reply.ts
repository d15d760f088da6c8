/** What the customer's app receives. Its place in that customer's inbox (`seq` 1, 2, 3 …) is given when it becomes visible. */
import type { ReplyCategory } from "./reply-category.ts";

export interface Reply {
  readonly tenant: string;
  readonly customerId: string;
  readonly seq: number;
  readonly signalId: string;
  readonly rule: string;
  readonly slot: string;
  readonly category: ReplyCategory;
  /** Locale of the template that was rendered, such as "zh-Hans". */
  readonly locale: string;
  readonly title: string;
  readonly body: string;
  readonly handover?: string;
  /** The `now` of the signal that it answers; ISO 8601, UTC. */
  readonly at: string;
}

/** `visible` until the app acknowledges it. */
export type ReplyState = "visible" | "acknowledged";

/** A reply as the inbox holds it. */
export interface InboxReply extends Reply {
  readonly state: ReplyState;
}
