/** Unpacks the tar archive that PGlite dumps (plain ustar: files and directories, no links). Not for archives from elsewhere. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";

const BLOCK = 512;

const textOf = (header: Buffer, from: number, to: number): string => {
  const field = header.subarray(from, to);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? field.length : end);
};

interface Entry {
  readonly path: string;
  readonly directory: boolean;
  readonly content: Buffer;
}

function* entries(archive: Buffer): Generator<Entry> {
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    const name = textOf(header, 0, 100);
    if (name === "") return;
    const size = Number.parseInt(textOf(header, 124, 136).trim() || "0", 8);
    const prefix = textOf(header, 345, 500);
    const path = normalize(prefix === "" ? name : `${prefix}/${name}`).replace(/^\/+/u, "");
    if (path.split("/").includes(".."))
      throw new Error(`the archive names a path outside itself: ${path}`);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    yield { path, directory: textOf(header, 156, 157) === "5", content };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** Writes every entry below `directory`, readable by the owner alone, as PostgreSQL wants its data. */
export const unpack = async (archive: Buffer, directory: string): Promise<void> => {
  const made = new Set<string>();
  const make = async (path: string): Promise<void> => {
    if (made.has(path)) return;
    await mkdir(path, { recursive: true, mode: 0o700 });
    made.add(path);
  };
  await make(directory);
  for (const entry of entries(archive)) {
    const path = join(directory, entry.path);
    await make(entry.directory ? path : dirname(path));
    if (!entry.directory) await writeFile(path, entry.content, { mode: 0o600 });
  }
};
