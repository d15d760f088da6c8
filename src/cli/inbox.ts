/** `attune inbox CUSTOMER`: the replies that the customer's app reads. */
import type { InboxReply } from "../core/reply.ts";
import { DEFAULT_TENANT } from "../work/attune.ts";
import { printable } from "./columns.ts";
import { connected } from "./connected.ts";
import { createPaint, type Call, type Exit, type Paint } from "./terminal.ts";

export interface InboxOptions {
  readonly customer: string;
  readonly after: number;
  readonly limit: number;
  readonly ack: boolean;
}

const replyAsText = (reply: InboxReply, paint: Paint): string => {
  const about = [reply.at, reply.locale, reply.rule, `for ${reply.signalId}`, reply.state];
  const handover = reply.handover === undefined ? [] : [`   → handed over to ${reply.handover}`];
  return [
    paint.bold(`#${reply.seq} ${printable(reply.title)}`),
    ...printable(reply.body)
      .split("\n")
      .map((line) => `   ${line}`),
    ...handover,
    `   ${paint.dim(about.join(" · "))}`,
  ].join("\n");
};

/** Replies in the order of the inbox. */
export const inboxAsText = (
  replies: readonly InboxReply[],
  paint: Paint = createPaint(false),
): string =>
  replies.length === 0
    ? "no replies"
    : replies.map((reply) => replyAsText(reply, paint)).join("\n\n");

export const inbox = async (call: Call, options: InboxOptions): Promise<Exit> => {
  const customer = { tenant: DEFAULT_TENANT, id: options.customer };
  const { replies, acknowledged } = await connected(call, async ({ attune }) => {
    const found = await attune.inbox(customer, options);
    const last = found.at(-1);
    if (!options.ack || last === undefined) return { replies: found, acknowledged: 0 };
    return { replies: found, acknowledged: await attune.acknowledge(customer, last.seq) };
  });
  const next = replies.at(-1)?.seq ?? options.after;
  const { context, terminal } = call;
  if (context.json)
    terminal.out(JSON.stringify({ replies, next, ...(options.ack && { acknowledged }) }));
  else terminal.out(inboxAsText(replies, terminal.paint));
  return 0;
};
