import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDirectory, readHolder } from "../../src/store/directory-lock.ts";
import { isRunning, processStart } from "../../src/store/process-identity.ts";
import { type Child, startChild } from "./children.ts";

let directory: string;
let children: Child[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "attune-lock-"));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  await rm(directory, { recursive: true, force: true });
});

const start = async (): Promise<Child> => {
  const child = startChild("lock", directory);
  children.push(child);
  expect(await child.line()).toBe("ready");
  return child;
};
const tryLock = (child: Child): Promise<string> => {
  child.process.stdin?.write("go\n");
  return child.line();
};
const lockFile = () => join(directory, "lock.json");

test("a living process is named, and the lock is free when it is released", async () => {
  const lock = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toMatchObject({
    code: "STORE_LOCKED",
    message: `${directory} is in use by process ${process.pid}`,
  });
  const other = await start();
  expect(await tryLock(other)).toContain(
    `STORE_LOCKED ${directory} is in use by process ${process.pid}`,
  );
  await lock.release();
  await lock.release();
  expect(await readHolder(directory)).toBeUndefined();
  expect(await readdir(directory)).toEqual([]);
  await (await lockDirectory(directory)).release();
});

test("a path that is no directory is refused by its name", async () => {
  const file = join(directory, "file");
  await writeFile(file, "");
  for (const path of [file, join(file, "inside")])
    await expect(lockDirectory(path)).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
      message: expect.stringContaining(`${path} cannot be the data directory`) as string,
    });
});

test("the directory is created where it is missing", async () => {
  const inner = join(directory, "a", "b");
  const lock = await lockDirectory(inner);
  expect(await readHolder(inner)).toEqual({ pid: process.pid });
  await lock.release();
});

test("the holder's address and token can be read by its owner alone", async () => {
  const lock = await lockDirectory(directory);
  await lock.publishAddress({ address: "http://127.0.0.1:1", token: "t" });
  expect(await readHolder(directory)).toEqual({
    pid: process.pid,
    address: "http://127.0.0.1:1",
    token: "t",
  });
  expect((await stat(lockFile())).mode & 0o777).toBe(0o600);
  await lock.publishAddress({ address: "http://127.0.0.1:2" });
  expect(await readHolder(directory)).toEqual({ pid: process.pid, address: "http://127.0.0.1:2" });
  await lock.release();
  await lock.publishAddress({ address: "http://127.0.0.1:3" });
  expect(await readdir(directory)).toEqual([]);
});

test("of many takers of a dead process's lock exactly one gets it, and the others name it", async () => {
  const dead = await start();
  expect(await tryLock(dead)).toBe("held");
  await dead.kill();
  expect(await readHolder(directory)).toBeUndefined();
  const takers = await Promise.all([start(), start(), start()]);
  const answers = await Promise.all(takers.map(tryLock));
  const winner = takers[answers.indexOf("held")];
  expect(answers.filter((answer) => answer === "held")).toHaveLength(1);
  expect(
    answers.filter((answer) => answer.endsWith(`is in use by process ${winner?.pid}`)),
  ).toHaveLength(2);
  expect(await readHolder(directory)).toEqual({ pid: winner?.pid });
  expect(await readdir(directory)).toEqual(["lock.json"]);
}, 30_000);

test("in one process, too, of many takers of a dead lock exactly one gets it", async () => {
  for (let round = 0; round < 20; round += 1) {
    await writeFile(lockFile(), JSON.stringify({ pid: 2 ** 22 + 1, nonce: String(round) }));
    const taken = await Promise.allSettled(
      Array.from({ length: 8 }, () => lockDirectory(directory)),
    );
    const held = taken.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(held).toHaveLength(1);
    await held[0]?.release();
    expect(await readdir(directory)).toEqual([]);
  }
});

test("a taker that died in mid-take-over is taken over as well", async () => {
  const dead = await start();
  expect(await tryLock(dead)).toBe("held");
  await dead.kill();
  const text = await readFile(lockFile(), "utf8");
  const { createHash } = await import("node:crypto");
  const takeover = `lock.${createHash("sha256").update(text).digest("hex").slice(0, 32)}.takeover`;
  await writeFile(
    join(directory, takeover),
    JSON.stringify({ pid: dead.pid, start: "other", nonce: "n" }),
  );
  const lock = await lockDirectory(directory);
  expect(await readdir(directory)).toEqual(["lock.json"]);
  await lock.release();
}, 30_000);

test("a taker in mid-take-over that lives keeps the others out", async () => {
  await writeFile(lockFile(), "half a lo");
  const { createHash } = await import("node:crypto");
  const takeover = `lock.${createHash("sha256").update("half a lo").digest("hex").slice(0, 32)}.takeover`;
  await writeFile(join(directory, takeover), JSON.stringify({ pid: process.pid, nonce: "n" }));
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: "STORE_LOCKED" });
});

test.each([
  ["text that nobody can read", "half a lo"],
  ["JSON without a pid", "[]"],
  [
    "a pid given out again to another process",
    JSON.stringify({ pid: process.pid, start: "long ago", nonce: "n" }),
  ],
])("%s is a dead lock", async (_name, text) => {
  await writeFile(lockFile(), text);
  expect(await readHolder(directory)).toBeUndefined();
  const lock = await lockDirectory(directory);
  expect(await readHolder(directory)).toEqual({ pid: process.pid });
  await lock.release();
});

test("a lock that is another's by now is not released", async () => {
  const lock = await lockDirectory(directory);
  const others = JSON.stringify({ pid: process.pid, nonce: "another's" });
  await writeFile(lockFile(), others);
  await lock.release();
  expect(await readFile(lockFile(), "utf8")).toBe(others);
});

test("a process is itself only with its own start", () => {
  const own = processStart(process.pid);
  expect(own).toBeDefined();
  expect(isRunning(process.pid, own)).toBe(true);
  expect(isRunning(process.pid, undefined)).toBe(true);
  expect(isRunning(process.pid, "another start")).toBe(false);
  expect(isRunning(2 ** 22 + 1, undefined)).toBe(false);
  expect(processStart(2 ** 22 + 1)).toBeUndefined();
});
