/** Files that are too large to be read whole: bytes as they come, and how many there will be. */
import { createReadStream, statSync } from "node:fs";
import { AttuneError } from "../errors.ts";
import type { Terminal } from "./terminal.ts";

export interface Source {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Bytes in all; 0 where it cannot be known. */
  readonly size: number;
}

const unreadable = (file: string, cause: unknown): AttuneError => {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AttuneError("FILE_UNREADABLE", `${file} cannot be read: ${why}.`, { cause });
};

/** Opens the file when it is first read: a stream that fails while nobody reads it yet would end the process. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(file)) yield chunk as Uint8Array;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** The bytes of a file (`-` is standard input). Throws FILE_UNREADABLE, at once or when it is read. */
export const openSource = (file: string, terminal: Terminal): Source => {
  if (file === "-") return { bytes: terminal.input, size: 0 };
  try {
    const about = statSync(file);
    if (about.isDirectory()) throw new Error("it is a folder");
    return { bytes: bytesOf(file), size: about.size };
  } catch (cause) {
    throw unreadable(file, cause);
  }
};
