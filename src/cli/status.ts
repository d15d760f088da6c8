/** `attune status`: what is stored, what waits, which playbook is in force. */
import type { Status } from "../work/attune.ts";
import { padColumns } from "./columns.ts";
import { connected } from "./connected.ts";
import type { Call, Exit } from "./terminal.ts";

/** One figure a line, names aligned. */
export const statusAsText = ({ store, queue, playbook }: Status): string =>
  [
    ["signals decided", store.decided],
    ["signals undecided", store.accepted],
    ["replies", store.replies],
    ["replies waiting", store.waiting],
    ["customers", store.customers],
    ["dead letters", store.deadLetters],
    ["jobs waiting", queue.waiting],
    ["jobs under way", queue.active],
    ["jobs delayed", queue.delayed],
    ["jobs failed", queue.failed],
    ["playbook", playbook ?? "none yet: attune rules publish"],
  ]
    .map(([name, value]) => `${padColumns(String(name), 18)}${value}`)
    .join("\n");

export const status = async (call: Call): Promise<Exit> => {
  const now = await connected(call, ({ attune }) => attune.status());
  call.terminal.out(call.context.json ? JSON.stringify(now) : statusAsText(now));
  return 0;
};
