/** The composer: who may run beside whom, what goes live at the start, and that whatever was opened is closed again. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createContext, startAttune } from "../src/app.ts";
import type { Roles, RunningApp } from "../src/cli/context.ts";
import { readConfig } from "../src/config.ts";
import { playbookOf, readPlaybookFiles } from "../src/work/publish.ts";
import { condition } from "./contracts/queue.ts";
import { until } from "./faults/load.ts";
import { complaint, HOME, START_MS } from "./http/real.ts";
import { postgresFor, redisFor } from "./suites.ts";

const CHILD = join(HOME, "test/child-app.ts");
const SHIPPED = playbookOf(readPlaybookFiles(HOME)).hash;
const ALL: Roles = { workers: true, server: true, watch: false };

const postgresUrl = await postgresFor("app on PostgreSQL");
const redisUrl = await redisFor("app on Redis and PostgreSQL");

let folder: string;
const apps: RunningApp[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "attune-app-"));
});
afterEach(async () => {
  for (let app = apps.pop(); app !== undefined; app = apps.pop()) await app.stop();
  await rm(folder, { recursive: true, force: true });
});

type Environment = Readonly<Record<string, string | undefined>>;

const environmentOf = (changes: Environment = {}): Environment => ({
  ATTUNE_DATA: join(folder, "data"),
  ATTUNE_PORT: "0",
  ATTUNE_LOG: "silent",
  ...changes,
});

const contextOf = (changes: Environment = {}, home: string = HOME) =>
  createContext({ config: readConfig(environmentOf(changes)), home, json: false });

const run = async (roles: Roles, home: string = HOME): Promise<RunningApp> => {
  const app = await contextOf({}, home).run(roles);
  apps.push(app);
  return app;
};

/** A child with the same environment; `found` is each line that it said. */
const childOf = (task: "connect" | "start" | "work", changes: Environment = {}) => {
  const child = spawn(process.execPath, ["--import", "tsx", CHILD, task, HOME], {
    cwd: HOME,
    env: { PATH: process.env["PATH"], ...environmentOf(changes) },
  });
  const first = condition<void>(`the child says something (${task})`, START_MS);
  child.stdout.once("data", () => first.meet());
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]).then(
    ([out, err, [exit, signal]]) => ({
      exit: exit as number | null,
      signal: signal as string | null,
      err,
      found: out
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
    }),
  );
  return { child, spoken: first.met, ended };
};

/** The project's rules and models, to be changed. */
const ownHome = async (): Promise<string> => {
  const home = join(folder, "home");
  for (const name of ["rules", "models", "fixtures/articles"])
    await cp(join(HOME, name), join(home, name), { recursive: true });
  return home;
};

const change = async (home: string, from: string, to: string): Promise<void> => {
  const path = join(home, "rules/delivery.json");
  const before = await readFile(path, "utf8");
  expect(before).toContain(from);
  await writeFile(path, before.replace(from, to));
};

describe("the embedded store", () => {
  it.each([
    ["work", { workers: true, server: false, watch: false }],
    ["serve", { workers: false, server: true, watch: false }],
  ])("has no room for attune %s beside others", async (command, roles) => {
    await expect(contextOf().run(roles)).rejects.toMatchObject({
      code: "NEEDS_SERVER",
      message: expect.stringContaining(`attune ${command} `) as string,
    });
    const connection = await contextOf().connect();
    expect(connection.remote).toBe(false);
    await connection.stop();
  });

  it(
    "is locked against a second process, which is told who holds it while nobody serves",
    { timeout: START_MS },
    async () => {
      const holder = await contextOf().connect();
      const { exit, found } = await childOf("connect").ended;
      await holder.stop();
      expect(exit).toBe(0);
      expect(found).toEqual([
        {
          code: "STORE_LOCKED",
          message: `${join(folder, "data")} is in use by process ${process.pid}`,
        },
      ]);
    },
  );

  it.each([undefined, "a-token-of-some-length"])(
    "is reached over HTTP by a second process while attune start runs (token: %s)",
    { timeout: START_MS },
    async (token) => {
      const app = await contextOf({ ATTUNE_TOKEN: token }).run(ALL);
      apps.push(app);
      const { exit, found, err } = await childOf("connect", { ATTUNE_TOKEN: undefined }).ended;
      expect([exit, err, found]).toEqual([0, "", [{ remote: true, playbook: SHIPPED }]]);
    },
  );

  it("is given back by the deadline although a caller never sends the rest of its request", async () => {
    const app = await contextOf({ ATTUNE_STOP_MS: "100" }).run(ALL);
    const { port } = new URL(app.address ?? "");
    const caller = connect(Number(port), "127.0.0.1");
    caller.write(
      "POST /v1/signals HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n",
    );
    const hungUp = once(caller, "close");
    const [answer] = (await once(caller, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 100 /u);
    await app.stop();
    await hungUp;
  });

  it("is free again once everything has stopped, for the same process too", async () => {
    const first = await contextOf().run(ALL);
    await first.attune.enqueue({
      tenant: "default",
      clock: "database",
      signals: [complaint("s-1", "c-1")],
    });
    const key = { tenant: "default", id: "s-1" };
    await until(
      () => first.attune.signalState(key),
      (state) => state === "decided",
      START_MS,
    );
    await first.stop();
    await first.stop();
    const connection = await contextOf().connect();
    expect(connection.remote).toBe(false);
    expect(await connection.attune.signalState(key)).toBe("decided");
    await connection.stop();
  });
});

const free = async (): Promise<void> => {
  const connection = await contextOf().connect();
  expect(connection.remote).toBe(false);
  await connection.stop();
};

describe("a start that fails", () => {
  it("for a faulty playbook gives the directory back", { timeout: START_MS }, async () => {
    const home = await ownHome();
    await change(home, '"lessThan"', '"lesThan"');
    await expect(contextOf({}, home).run(ALL)).rejects.toMatchObject({ code: "PLAYBOOK_INVALID" });
    await free();
  });

  it("for a folder without rules gives the directory back", { timeout: START_MS }, async () => {
    await expect(contextOf({}, folder).run(ALL)).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
    await free();
  });

  it(
    "for an address in use says so, and gives back what was open by then",
    { timeout: START_MS },
    async () => {
      const other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
      const { port } = other.address() as AddressInfo;
      const { ended, child } = childOf("start", { ATTUNE_PORT: String(port) });
      child.stdin.end();
      const { exit, found, err } = await ended;
      other.close();
      expect([exit, err]).toEqual([0, ""]);
      expect(found).toEqual([
        {
          code: "ADDRESS_UNUSABLE",
          message: expect.stringContaining(`Cannot listen on 127.0.0.1:${port}: `) as string,
        },
      ]);
      await free();
    },
  );
});

const edited = async (): Promise<string> => {
  const home = await ownHome();
  await (await contextOf({}, home).run(ALL)).stop();
  await change(home, "Logistics support", "Night support");
  return home;
};
const liveOf = async (app: RunningApp) => (await app.attune.status()).playbook;
const hashOf = (home: string) => playbookOf(readPlaybookFiles(home)).hash;

describe("the files at a start", () => {
  it("go live when nothing is live", async () => {
    expect(await liveOf(await run(ALL))).toBe(SHIPPED);
  });

  it("stay behind what is live unless they are watched", { timeout: START_MS }, async () => {
    const home = await edited();
    const calm = await run(ALL, home);
    expect(await liveOf(calm)).toBe(SHIPPED);
    await calm.stop();
    const watching = await run({ ...ALL, watch: true }, home);
    expect(await liveOf(watching)).toBe(hashOf(home));
    expect(hashOf(home)).not.toBe(SHIPPED);
    await change(home, "Night support", "Day support");
    await until(
      () => liveOf(watching),
      (live) => live === hashOf(home),
      START_MS,
    );
  });

  it("do not keep attune from starting when they are faulty but something good is live", async () => {
    const home = await edited();
    await change(home, '"lessThan"', '"lesThan"');
    expect(await liveOf(await run({ ...ALL, watch: true }, home))).toBe(SHIPPED);
  });
});

describe("attune inside another program", () => {
  it("starts without a command, and a clean run leaves nothing behind", async () => {
    const app = await startAttune(readConfig(environmentOf()), HOME, {
      workers: true,
      server: false,
      watch: false,
    });
    expect(app.address).toBeUndefined();
    await app.stop();
    const clean = await contextOf({ ATTUNE_DATA: "/nowhere/at/all" }).runClean();
    expect((await clean.attune.status()).playbook).toBe(SHIPPED);
    await clean.stop();
    await clean.stop();
  });
});

const SOMEWHERE: unknown = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/u);

const DEPLOYMENTS = [
  {
    name: "the embedded store",
    present: true,
    task: "start" as const,
    address: SOMEWHERE,
    servers: {},
  },
  {
    name: "PostgreSQL",
    present: postgresUrl !== undefined,
    task: "work" as const,
    address: null,
    servers: { DATABASE_URL: postgresUrl },
  },
  {
    name: "PostgreSQL",
    present: postgresUrl !== undefined,
    task: "start" as const,
    address: SOMEWHERE,
    servers: { DATABASE_URL: postgresUrl },
  },
  {
    name: "PostgreSQL and Redis",
    present: postgresUrl !== undefined && redisUrl !== undefined,
    task: "start" as const,
    address: SOMEWHERE,
    servers: { DATABASE_URL: postgresUrl, REDIS_URL: redisUrl },
  },
];

describe.each(DEPLOYMENTS)("attune $task on $name", ({ present, servers, task, address }) => {
  it.skipIf(!present)(
    "decides what a second process sends, and leaves nothing open when it stops",
    { timeout: 2 * START_MS },
    async () => {
      const { child, spoken, ended } = childOf(task, servers);
      await spoken;
      const connection = await contextOf(servers).connect();
      expect(connection.remote).toBe(servers.DATABASE_URL === undefined);
      const id = `${task}-${child.pid}`;
      const receipt = await connection.attune.enqueue({
        tenant: "default",
        clock: "database",
        signals: [complaint(id, `customer-${id}`)],
      });
      expect(receipt).toEqual({ accepted: [id], refused: [] });
      await until(
        () => connection.attune.signalState({ tenant: "default", id }),
        (state) => state === "decided",
        START_MS,
      );
      await connection.stop();
      child.stdin.end();
      const { exit, signal, err, found } = await ended;
      expect([exit, signal, err]).toEqual([0, null, ""]);
      expect(found).toEqual([{ address }, { stopped: true }]);
    },
  );
});
