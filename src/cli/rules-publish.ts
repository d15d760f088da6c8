/** `attune rules publish`: puts the files of rules/ and models/ in force, as a whole or not at all. */
import { DEFAULT_TENANT } from "../work/attune.ts";
import { readPlaybookFiles } from "../work/publish.ts";
import { connected } from "./connected.ts";
import type { Call, Exit } from "./terminal.ts";

export const rulesPublish = async (call: Call): Promise<Exit> => {
  const files = readPlaybookFiles(call.context.home);
  const receipt = await connected(call, ({ attune }) => attune.publish(DEFAULT_TENANT, files));
  const text = receipt.changed ? "is in force" : "was in force already";
  call.terminal.out(
    call.context.json ? JSON.stringify(receipt) : `playbook ${receipt.hash} ${text}`,
  );
  return 0;
};
