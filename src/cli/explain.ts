/** `attune explain SIGNAL`: why a signal was decided as it was, also where no rule replied. */
import { DEFAULT_TENANT } from "../work/attune.ts";
import { connected } from "./connected.ts";
import { explanationAsText } from "./explain-tree.ts";
import type { Call, Exit } from "./terminal.ts";

export const explain = async (call: Call, signal: string): Promise<Exit> => {
  const explanation = await connected(call, ({ attune }) =>
    attune.explain({ tenant: DEFAULT_TENANT, id: signal }),
  );
  const { context, terminal } = call;
  terminal.out(
    context.json ? JSON.stringify(explanation) : explanationAsText(explanation, terminal.paint),
  );
  return 0;
};
