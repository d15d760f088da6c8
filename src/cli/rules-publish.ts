/** `attune rules publish` and `rules rollback`: what is in force from now on, as a whole or not at all. */
import { userInfo } from "node:os";
import { DEFAULT_TENANT, type PublishReceipt } from "../work/attune.ts";
import { readPlaybookFiles } from "../work/publish.ts";
import { connected } from "./connected.ts";
import type { Call, Exit } from "./terminal.ts";

export interface NoteOptions {
  readonly by?: string;
  readonly note?: string;
}

export interface PublishOptions extends NoteOptions {
  /** Share of the customers, for a canary. */
  readonly percent?: number;
}

export interface RollbackOptions extends NoteOptions {
  /** Hash of a playbook, or its beginning. */
  readonly to?: string;
}

/** A process may run as a user that the machine does not know. */
const userHere = (): string => {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
};

const noteOf = ({ by = userHere(), note = "" }: NoteOptions) => ({ by, message: note });

const receiptAsText = ({ hash, changed, percent }: PublishReceipt): string => {
  if (percent !== undefined)
    return `playbook ${hash} is tried on ${percent} % of the customers: attune rules canary`;
  return `playbook ${hash} ${changed ? "is in force" : "was in force already"}`;
};

const tell = ({ terminal, context }: Call, receipt: PublishReceipt): Exit => {
  terminal.out(context.json ? JSON.stringify(receipt) : receiptAsText(receipt));
  return 0;
};

export const rulesPublish = async (call: Call, options: PublishOptions): Promise<Exit> => {
  const files = readPlaybookFiles(call.context.home);
  const { percent } = options;
  const request = { ...noteOf(options), ...(percent === undefined ? {} : { percent }) };
  return tell(
    call,
    await connected(call, ({ attune }) => attune.publish(DEFAULT_TENANT, files, request)),
  );
};

export const rulesRollback = async (call: Call, options: RollbackOptions): Promise<Exit> => {
  const { to } = options;
  const request = { ...noteOf(options), ...(to === undefined ? {} : { to }) };
  return tell(
    call,
    await connected(call, ({ attune }) => attune.rollBackPlaybook(DEFAULT_TENANT, request)),
  );
};
