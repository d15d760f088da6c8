/** The command as a process of its own: what it loads, how it ends, what it writes where. Runs from source. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complaint, HOME, START_MS } from "../http/real.ts";

/** Exists and is a file to `stat`, but fails at the first read; on Linux. */
const UNREADABLE = "/proc/self/mem";
const CLI = join(HOME, "src/cli.ts");

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attune-process-"));
});

afterAll(async () => rm(folder, { recursive: true, force: true }));

type Environment = Readonly<Record<string, string>>;

const launch = (
  args: readonly string[],
  environment: Environment = {},
): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, ["--import", "tsx", CLI, ...args], {
    cwd: HOME,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment },
  });

const ended = async (child: ChildProcessWithoutNullStreams) => {
  const [out, err, [exit, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { exit, signal, out, err };
};

const run = (args: readonly string[], environment: Environment = {}, input = "") => {
  const child = launch(args, environment);
  child.stdin.end(input);
  return ended(child);
};

/** Every script that the run loaded, from the coverage that node writes. */
const loadedBy = async (args: readonly string[], input = ""): Promise<string> => {
  const coverage = join(folder, `coverage-${args.join("-")}`);
  await mkdir(coverage);
  const { exit } = await run(args, { NODE_V8_COVERAGE: coverage, ATTUNE_DATA: folder }, input);
  expect(exit).toBe(0);
  const files = await readdir(coverage);
  const texts = await Promise.all(files.map((name) => readFile(join(coverage, name), "utf8")));
  return texts
    .flatMap((one) => (JSON.parse(one) as { result: readonly { url: string }[] }).result)
    .map(({ url }) => url)
    .join("\n");
};

describe("starting up", () => {
  it.each([
    { args: ["--help"], input: "" },
    { args: ["analyse", "--json"], input: '{"text":"hello 你好"}\n' },
  ])(
    "attune $args loads no server, queue or database",
    { timeout: START_MS },
    async ({ args, input }) => {
      const loaded = await loadedBy(args, input);
      expect(loaded).toContain("/node_modules/commander/");
      expect(loaded).not.toMatch(
        /\/node_modules\/(fastify|bullmq|ioredis|pg|kysely|@electric-sql)\//u,
      );
      expect(loaded).not.toMatch(/\/src\/(app|store|queue|http)[./]/u);
    },
  );
});

describe("ending", () => {
  it.each([
    { args: ["statu"], status: 2 },
    { args: ["work"], status: 2 },
    { args: ["serve"], status: 2 },
    { args: ["enqueue", "no-such-file"], status: 2 },
  ])("attune $args ends with status $status", { timeout: START_MS }, async ({ args, status }) => {
    const { exit, out, err } = await run(args);
    expect([exit, out]).toEqual([status, ""]);
    expect(err).toMatch(/^attune: .+\n→ .+\n$/u);
  });

  it.skipIf(!existsSync(UNREADABLE))(
    "says that a file cannot be read also when that shows late",
    { timeout: START_MS },
    async () => {
      const { exit, err } = await run(["enqueue", UNREADABLE], {
        ATTUNE_DATA: join(folder, "read"),
      });
      expect(exit).toBe(2);
      expect(err).toMatch(/^attune: \/proc\/self\/mem cannot be read: .+\n→ .+\n$/u);
    },
  );

  it("is quiet when the reader of stdout has seen enough", { timeout: START_MS }, async () => {
    const child = launch(["analyse", "--json"]);
    child.stdin.on("error", () => undefined);
    for (let line = 0; line < 2000; line += 1) child.stdin.write('{"text":"thank you"}\n');
    await once(child.stdout, "data");
    child.stdout.destroy();
    child.stdin.end('{"text":"one more"}\n');
    const [err, [exit]] = await Promise.all([
      text(child.stderr),
      once(child, "exit") as Promise<[number | null]>,
    ]);
    expect([exit, err]).toEqual([0, ""]);
  });
});

describe("attune start", () => {
  it(
    "holds the store, serves other commands over HTTP, and stops cleanly on SIGTERM",
    { timeout: 2 * START_MS },
    async () => {
      const environment = {
        ATTUNE_DATA: join(folder, "data"),
        ATTUNE_PORT: "0",
        ATTUNE_LOG: "error",
      };
      const holder = launch(["start", "--json"], environment);
      const errors = text(holder.stderr);
      const [first] = (await once(holder.stdout, "data")) as [Buffer];
      const { address } = JSON.parse(first.toString()) as { address: string };
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);

      const signal = `${JSON.stringify(complaint("s-1", "sc-1"))}\n`;
      const sent = await run(["enqueue", "-", "--json"], environment, signal);
      expect(JSON.parse(sent.out)).toEqual({ accepted: 1, refused: 0, faults: [] });
      let after = "";
      for (let look = 0; look < 20 && after === ""; look += 1) {
        const { out } = await run(["inbox", "sc-1", "--json"], environment);
        after =
          (JSON.parse(out) as { replies: readonly { signalId: string }[] }).replies[0]?.signalId ??
          "";
      }
      expect(after).toBe("s-1");

      const second = await run(["start"], environment);
      expect(second.exit).toBe(3);
      expect(second.err).toContain(String(holder.pid));

      holder.kill("SIGTERM");
      const [exit] = (await once(holder, "exit")) as [number | null];
      expect(exit).toBe(0);
      expect(await errors).toBe("attune: stopping; once more to force\n");
      const left = await run(["inbox", "sc-1", "--json"], environment);
      expect(JSON.parse(left.out)).toMatchObject({ next: 1 });
    },
  );
});
