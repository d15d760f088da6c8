import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readHolder } from "../../src/store/directory-lock.ts";
import { openEmbeddedStore } from "../../src/store/open.ts";
import { aFeedback, incoming } from "../builders.ts";
import { startChild } from "./children.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "attune-store-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

test("a directory keeps what was stored, is locked while open, and is given back by stop", async () => {
  const directory = join(root, "data");
  const signal = incoming(aFeedback());
  const first = await openEmbeddedStore(directory);
  await first.store.accept([signal]);
  await first.lock.publishAddress({ address: "http://127.0.0.1:1", token: "t" });
  await expect(openEmbeddedStore(directory)).rejects.toMatchObject({ code: "STORE_LOCKED" });
  expect(await readHolder(directory)).toEqual({
    pid: process.pid,
    address: "http://127.0.0.1:1",
    token: "t",
  });
  await first.store.stop();
  await first.store.stop();
  expect(await readdir(directory)).toEqual(["pg"]);
  const { store } = await openEmbeddedStore(directory);
  expect(await store.takeOverdue(0, 10)).toEqual([signal]);
  await store.stop();
}, 60_000);

test("a store that stopped refuses work as a broken world, not as a bug", async () => {
  const { isTransient } = await import("../../src/core/transient.ts");
  const { store } = await openEmbeddedStore("memory");
  await store.stop();
  const error = await store.group(async () => 1).catch((reason: unknown) => reason);
  expect(isTransient(error)).toBe(true);
}, 60_000);

test("a process that is killed while it writes leaves every committed signal whole, and its lock", async () => {
  const directory = join(root, "data");
  const child = startChild("write", directory);
  let last = "";
  for (let lines = 0; lines < 40; lines += 1) last = await child.line();
  await expect(openEmbeddedStore(directory)).rejects.toMatchObject({
    message: `${directory} is in use by process ${child.pid}`,
  });
  await child.kill();
  const { store } = await openEmbeddedStore(directory);
  const { decided, replies } = await store.counts();
  expect(decided).toBeGreaterThanOrEqual(40);
  expect(replies).toBe(decided);
  expect(await store.signalState({ tenant: "default", id: last })).toBe("decided");
  let versions = 0;
  for (const id of ["customer-0", "customer-1", "customer-2"]) {
    const customer = await store.customer({ tenant: "default", id });
    const inbox = await store.inbox({ tenant: "default", id }, { after: 0, limit: 500 });
    expect(inbox.map(({ seq }) => seq)).toEqual(
      Array.from({ length: customer?.version ?? -1 }, (_, index) => index + 1),
    );
    versions += inbox.length;
  }
  expect(versions).toBe(decided);
  await store.stop();
}, 60_000);

test("a start that was killed before the database was in place is begun anew", async () => {
  const directory = join(root, "data");
  await mkdir(join(directory, "pg.new-1"), { recursive: true });
  await writeFile(join(directory, "pg.new-1", "PG_VERSION"), "18");
  const { store } = await openEmbeddedStore(directory);
  await store.stop();
  expect(await readdir(directory)).toEqual(["pg"]);
}, 60_000);

test("the prepared database is kept for the next store, and a cache that cannot be written does no harm", async () => {
  const cacheDirectory = join(root, "cache");
  const first = await openEmbeddedStore("memory", { cacheDirectory });
  await first.store.stop();
  const kept = await readdir(cacheDirectory);
  expect(kept).toEqual([expect.stringMatching(/^database-[0-9a-f]{16}\.tar$/u)]);
  const second = await openEmbeddedStore("memory", { cacheDirectory });
  await second.store.stop();
  expect(await readdir(cacheDirectory)).toEqual(kept);
  const blocked = join(root, "blocked");
  await writeFile(blocked, "a file where the cache should be");
  const third = await openEmbeddedStore("memory", { cacheDirectory: blocked });
  expect(await third.store.counts()).toMatchObject({ accepted: 0 });
  await third.store.stop();
}, 60_000);

test("a directory that cannot be opened is not left locked", async () => {
  const directory = join(root, "data");
  await mkdir(join(directory, "pg"), { recursive: true });
  await writeFile(join(directory, "pg", "PG_VERSION"), "7");
  await expect(openEmbeddedStore(directory)).rejects.toThrow(/./u);
  expect(await readHolder(directory)).toBeUndefined();
}, 60_000);
