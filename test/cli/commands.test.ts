import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningApp } from "../../src/cli/context.ts";
import { complaint, settled, START_MS, startReal } from "../http/real.ts";
import { type Captured, runCommand } from "./capture.ts";

let app: RunningApp;
let folder: string;

beforeAll(async () => {
  app = await startReal();
  folder = await mkdtemp(join(tmpdir(), "attune-commands-"));
}, START_MS);

afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true });
});

const run = (args: readonly string[], input = ""): Promise<Captured> =>
  runCommand({ args, input, attune: app.attune });

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

describe("attune enqueue", () => {
  it("takes the good lines, names the bad ones with their numbers, and ends with status 1", async () => {
    const text = [
      line(complaint("c-1", "cc-1")),
      "\n",
      "{broken\n",
      line({ ...complaint("c-2", "cc-1"), customerId: "" }),
      line(complaint("c-3", "cc-1")),
    ].join("");
    const { exit, out, err } = await run(["enqueue", "-"], text);
    expect(exit).toBe(1);
    expect(out).toBe("2 signals accepted, 2 lines refused\n");
    expect(err).toMatch(/^line 3: is not JSON/mu);
    expect(err).toMatch(/^line 4 › customerId: is empty/mu);
    await settled(app, "c-3");
  });

  it("gives JSON and nothing else with --json", async () => {
    const { exit, out } = await run(
      ["enqueue", "-", "--json"],
      `${line(complaint("c-4", "cc-2"))}x\n`,
    );
    expect(exit).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ accepted: 1, refused: 1, faults: [{ line: 2 }] });
  });

  it("sends a long file in order, in batches", async () => {
    const file = join(folder, "long.jsonl");
    const signals = Array.from({ length: 450 }, (_, index) => ({
      kind: "event",
      id: `long-${index}`,
      customerId: "long",
      at: "2026-03-01T09:30:00Z",
      type: "app.opened",
    }));
    await writeFile(file, signals.map(line).join(""));
    const { exit, out } = await run(["enqueue", file]);
    expect([exit, out]).toEqual([0, "450 signals accepted\n"]);
    await settled(app, "long-449");
    const { decision } = await app.attune.explain({ tenant: "default", id: "long-449" });
    expect(decision.customerVersion).toBe(450);
  });

  it("stops after the batch under way when it is told to, and says so", async () => {
    const file = join(folder, "stop.jsonl");
    const events = Array.from({ length: 401 }, (_, index) =>
      line({ ...complaint(`stop-${index}`, "stopper"), text: "ok" }),
    );
    await writeFile(file, events.join(""));
    const stop = AbortSignal.abort();
    const { exit, out, err } = await runCommand({
      args: ["enqueue", file],
      attune: app.attune,
      stop,
    });
    expect([exit, out]).toEqual([1, "200 signals accepted\n"]);
    expect(err).toContain("interrupted");
  });

  it.each([["no/such/file.jsonl"], ["."]])("says that %s cannot be read", async (file) => {
    const { exit, err } = await run(["enqueue", file]);
    expect(exit).toBe(2);
    expect(err).toContain(`${file} cannot be read`);
  });
});

describe("attune inbox", () => {
  it("shows replies, and acknowledges them only when asked", async () => {
    await run(["enqueue", "-"], line(complaint("i-1", "顾客/1")));
    await settled(app, "i-1");
    const shown = await run(["inbox", "顾客/1"]);
    expect(shown.exit).toBe(0);
    expect(shown.out).toMatch(/^#1 .+/u);
    expect(shown.out).toContain("visible");
    const acknowledged = await run(["inbox", "顾客/1", "--ack", "--json"]);
    expect(JSON.parse(acknowledged.out)).toMatchObject({ next: 1, acknowledged: 1 });
    expect((await run(["inbox", "顾客/1"])).out).toContain("acknowledged");
    const after = await run(["inbox", "顾客/1", "--after", "1", "--json", "--ack"]);
    expect(JSON.parse(after.out)).toEqual({ replies: [], next: 1, acknowledged: 0 });
  });

  it("of a stranger is empty", async () => {
    expect(await run(["inbox", "nobody"])).toEqual({ exit: 0, out: "no replies\n", err: "" });
  });
});

describe("attune explain", () => {
  it.each([["replied"], ["unreplied"]])(
    "leaves no rule without a code and no condition without a value on a %s signal",
    async (kind) => {
      const id = `x-${kind}`;
      const said = complaint(id, `xc-${kind}`);
      const { at, customerId } = said;
      const did = { kind: "event", id, customerId, at, type: "app.opened" };
      await run(["enqueue", "-"], line(kind === "replied" ? said : did));
      await settled(app, id);
      const { exit, out } = await run(["explain", id]);
      expect(exit).toBe(0);
      const { rules } = await app.attune.explain({ tenant: "default", id });
      for (const { rule, priority, outcome } of rules)
        expect(out).toContain(`${rule} (priority ${priority}) → ${outcome.code}, `);
      const conditions = out.split("\n").filter((text) => /[✓✗] \S+\.\S+ /u.test(text));
      expect(conditions.length).toBeGreaterThanOrEqual(rules.length);
      for (const condition of conditions) expect(condition).toMatch(/· found \S+/u);
      expect(out.includes("none: no rule matched")).toBe(kind === "unreplied");
    },
  );

  it("gives the same as JSON, and status 1 for a signal nobody knows", async () => {
    await run(["enqueue", "-"], line(complaint("x-2", "xc-2")));
    await settled(app, "x-2");
    const { out } = await run(["explain", "x-2", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ signal: { id: "x-2" }, tenant: "default" });
    const unknown = await run(["explain", "nothing", "--json"]);
    expect([unknown.exit, unknown.out]).toEqual([1, ""]);
    expect(unknown.err).toContain('"nothing"');
  });
});

describe("the commands of operators", () => {
  it("count", async () => {
    const { out } = await run(["status"]);
    expect(out).toMatch(/^signals decided +\d+$/mu);
    expect(JSON.parse((await run(["status", "--json"])).out)).toHaveProperty("store.decided");
  });

  it("list dead letters", async () => {
    expect((await run(["dead-letters"])).out).toBe("no dead letters\n");
    expect(JSON.parse((await run(["dead-letters", "--json"])).out)).toEqual({ deadLetters: [] });
  });

  it("fold customers again and find what is stored", async () => {
    const { exit, out, err } = await run(["customers", "rebuild"]);
    expect([exit, err]).toEqual([0, ""]);
    const found = /^(\d+) customers, \d+ signals folded again: (\d+) as stored, 0 differ\n$/u.exec(
      out,
    );
    expect(found?.[1]).toBe(found?.[2]);
    const { out: json } = await run(["customers", "rebuild", "--write", "--json"]);
    expect(JSON.parse(json)).toMatchObject({ different: 0, written: 0, findings: [] });
  });

  it("publish what is in force already without a change", async () => {
    const { exit, out } = await run(["rules", "publish"]);
    expect(exit).toBe(0);
    expect(out).toMatch(/^playbook [0-9a-f]{64} was in force already\n$/u);
    expect(JSON.parse((await run(["rules", "publish", "--json"])).out)).toMatchObject({
      changed: false,
    });
  });
});

describe("attune rules facts", () => {
  it("finds facts by a part of their name or of what they are, with everything about them", async () => {
    const { exit, out } = await run(["rules", "facts", "URGEN"]);
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^feedback\.urgency +number, 0\.\.1\n {2}how soon a person should look\n {2}from text; such as 0\.7\n/u,
    );
    const { out: json } = await run(["rules", "facts", "sentimentLabel", "--json"]);
    expect(JSON.parse(json)).toMatchObject({
      facts: [{ name: "feedback.sentimentLabel", source: "text", example: "negative" }],
    });
  });

  it("says what was meant when nothing is found", async () => {
    const { exit, err } = await run(["rules", "facts", "feedback.topik"]);
    expect(exit).toBe(1);
    expect(err).toContain('did you mean "feedback.topic"?');
    const { err: last } = await run(["rules", "facts", "sentimant"]);
    expect(last).toContain('did you mean "sentiment"?\n');
  });
});
