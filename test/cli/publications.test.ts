/** Publishing, the way back and canaries as a support lead meets them: in the process that holds the store, and over HTTP from another one. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { remoteAttune } from "../../src/cli/remote.ts";
import type { RunningApp } from "../../src/cli/context.ts";
import { complaint, HOME, settled, START_MS, startReal } from "../http/real.ts";
import { type Captured, runCommand } from "./capture.ts";

let app: RunningApp & { readonly address: string };
let home: string;

beforeAll(async () => {
  app = await startReal();
  home = await mkdtemp(join(tmpdir(), "attune-publications-"));
  for (const folder of ["rules", "models", "fixtures/articles"])
    await cp(join(HOME, folder), join(home, folder), { recursive: true });
}, START_MS);

afterAll(async () => {
  await app.stop();
  await rm(home, { recursive: true });
});

const run = (args: readonly string[]): Promise<Captured> =>
  runCommand({ args, folder: home, attune: remoteAttune(app.address) });

/** Another sentence in a rule file: another playbook. */
const edit = async (sentence: string): Promise<void> => {
  const path = join(home, "rules/delivery.json");
  const file = JSON.parse(await readFile(path, "utf8")) as object;
  await writeFile(path, JSON.stringify({ ...file, description: sentence }));
};

describe("from another process", () => {
  it("a change goes live, is told with who and why, and is taken back", async () => {
    const before = (await app.attune.status()).playbook;
    await edit("For the sale.");
    const published = await run(["rules", "publish", "--by", "Ann", "--note", "for the sale"]);
    expect(published.out).toMatch(/^playbook [0-9a-f]{64} is in force\n$/u);
    const { out } = await run(["rules", "history", "--limit", "1"]);
    expect(out).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d {2}published +[0-9a-f]{12}\n {4}Ann: for the sale\n {4}\d+ rules changed\n$/u,
    );
    const back = await run(["rules", "rollback", "--json", "--by", "Ann"]);
    expect(JSON.parse(back.out)).toEqual({ hash: before, changed: true });
    expect((await app.attune.status()).playbook).toBe(before);
    const history = JSON.parse((await run(["rules", "history", "--json"])).out) as {
      publications: readonly { kind: string; by: string }[];
    };
    expect(history.publications.slice(0, 2)).toMatchObject([
      { kind: "rollback", by: "Ann" },
      { kind: "publish", by: "Ann" },
    ]);
    const named = await run(["rules", "rollback", "--to", "abcdef01"]);
    expect(named.exit).toBe(1);
    expect(named.err).toContain('a hash that begins with "abcdef01"');
  });

  it("a canary is begun, looked at, refused a second one, and promoted", async () => {
    expect((await run(["rules", "canary"])).out).toContain("no canary runs");
    expect(JSON.parse((await run(["rules", "canary", "--json"])).out)).toEqual({ canary: null });
    await edit("Tried on some.");
    const begun = await run(["rules", "publish", "--percent", "50", "--note", "try"]);
    expect(begun.out).toMatch(/is tried on 50 % of the customers/u);
    const signals = Array.from({ length: 12 }, (_, at) => complaint(`k-${at}`, `kc-${at}`));
    await app.attune.enqueue({ tenant: "default", signals, clock: "database" });
    for (const { id } of signals) await settled(app, id);
    const { out } = await run(["rules", "canary"]);
    expect(out).toMatch(/ {2}customers +\d+ +\d+\n/u);
    expect(out).toMatch(/guardrails \(from 50 signals of the candidate on\)\n {2}errors +holds/u);
    const state = JSON.parse((await run(["rules", "canary", "--json"])).out) as {
      canary: { figures: Record<"live" | "candidate", { customers: number }>; hash: string };
    };
    const { live, candidate } = state.canary.figures;
    expect(live.customers + candidate.customers).toBe(12);
    await edit("Another one.");
    const refused = await run(["rules", "publish"]);
    expect(refused.exit).toBe(1);
    expect(refused.err).toContain("is tried on 50 % of the customers since");
    expect((await run(["rules", "canary", "--promote", "--end"])).exit).toBe(2);
    const promoted = await run(["rules", "canary", "--promote"]);
    expect(promoted.out).toBe(`playbook ${state.canary.hash} is in force for all\n`);
    expect((await app.attune.status()).playbook).toBe(state.canary.hash);
    const ended = await run(["rules", "canary", "--end", "--json"]);
    expect(ended.exit).toBe(1);
    expect(ended.err).toContain("No canary runs.");
    expect((await run(["rules", "history", "--limit", "1"])).out).toMatch(
      /canary promoted[\s\S]*tried on 50 % since/u,
    );
  });

  it.each([
    [["publish", "--percent", "0"]],
    [["publish", "--percent", "100"]],
    [["publish", "--percent", ""]],
    [["history", "--limit", "0"]],
    [["rollback", "--to", "xyz"]],
  ])("%j is a call that cannot be meant", async (args) => {
    const { exit, err } = await run(["rules", ...args]);
    expect(exit).toBe(2);
    expect(err).not.toBe("");
  });
});
