/** `attune rules lint`: checks every file of the playbook as publishing would, and names all faults. Opens no store. */
import type { Fault } from "../core/fault.ts";
import { preparePlaybook } from "../core/prepare.ts";
import { playbookOf, readPlaybookFiles } from "../work/publish.ts";
import type { Call, Exit } from "./terminal.ts";

/** What is wrong, one fault a line, or that nothing is. */
export const lintAsText = (files: number, faults: readonly Fault[]): string =>
  faults.length === 0
    ? `${files} files, no faults`
    : [
        ...faults.map(({ place, sentence }) => `${place}: ${sentence}`),
        `${files} files, ${faults.length} fault${faults.length === 1 ? "" : "s"}`,
      ].join("\n");

export const rulesLint = async ({ context, terminal }: Call): Promise<Exit> => {
  const files = readPlaybookFiles(context.home);
  const prepared = preparePlaybook(playbookOf(files));
  const faults = prepared.kind === "faulty" ? prepared.faults : [];
  const names = Object.keys(files);
  terminal.out(
    context.json ? JSON.stringify({ files: names, faults }) : lintAsText(names.length, faults),
  );
  return faults.length === 0 ? 0 : 1;
};
