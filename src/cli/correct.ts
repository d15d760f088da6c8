/** `attune correct FEEDBACK`: says what a text really means; the next analysis knows it. */
import { DEFAULT_TENANT } from "../work/attune.ts";
import { AttuneError } from "../errors.ts";
import { connected } from "./connected.ts";
import type { Call, Exit } from "./terminal.ts";

export interface CorrectOptions {
  readonly sentiment?: string;
  readonly topic?: readonly string[];
  readonly intent?: string;
  readonly urgent?: boolean;
}

export const correct = async (call: Call, id: string, options: CorrectOptions): Promise<Exit> => {
  const { sentiment, topic, intent, urgent } = options;
  if (
    sentiment === undefined &&
    topic === undefined &&
    intent === undefined &&
    urgent === undefined
  )
    throw new AttuneError(
      "USAGE",
      "attune correct needs --sentiment, --topic, --intent, --urgent or --no-urgent",
    );
  const labels = {
    ...(sentiment !== undefined && { sentiment }),
    ...(topic !== undefined && { topics: topic }),
    ...(intent !== undefined && { intent }),
    ...(urgent !== undefined && { urgent }),
  };
  const receipt = await connected(call, ({ attune }) =>
    attune.correct({ tenant: DEFAULT_TENANT, id }, labels),
  );
  call.terminal.out(
    call.context.json
      ? JSON.stringify(receipt)
      : `"${id}" is corrected; ${receipt.corrections} correction(s) are in playbook ${receipt.playbook}, which is in force`,
  );
  return 0;
};

/** `attune corrections`: every correction in force, one JSON object a line: labelled texts to train on. */
export const corrections = async (call: Call): Promise<Exit> => {
  const all = await connected(call, ({ attune }) => attune.corrections(DEFAULT_TENANT));
  if (call.context.json || all.length > 0)
    for (const correction of all) call.terminal.out(JSON.stringify(correction));
  else
    call.terminal.note(
      "nothing was corrected yet; attune correct FEEDBACK --sentiment … --topic …",
    );
  return 0;
};
