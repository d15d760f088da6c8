/** Files that commands read and write: whole, or with a sentence that names the path. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AttuneError } from "../errors.ts";

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Written beside and renamed: a file is never half there. */
export const writeWhole = (path: string, text: string): void => {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new AttuneError("FILE_UNREADABLE", `${path} cannot be written: ${reason(cause)}.`, {
      cause,
    });
  }
};

export const readWhole = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AttuneError("FILE_UNREADABLE", `${path} cannot be read: ${reason(cause)}.`, {
      cause,
    });
  }
};
