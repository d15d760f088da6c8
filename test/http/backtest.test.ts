import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { FastifyInstance } from "fastify";
import { remoteAttune } from "../../src/cli/remote.ts";
import { AttuneError } from "../../src/errors.ts";
import { closeServer, createServer } from "../../src/http/server.ts";
import type { Attune } from "../../src/work/attune.ts";
import type { BacktestReport } from "../../src/work/backtest.ts";
import { FILES, SHIPPED } from "../work/room.ts";
import { fakeAttune } from "./fake.ts";
import { complaint, settled, START_MS, startReal } from "./real.ts";

const REPORT = { candidate: "a", hash: "b" } as unknown as BacktestReport;
const ASKED = { days: 30, readAgain: false, samples: 10 };

let server: FastifyInstance | undefined;
// The client of a request that was given up connects anew, and asks nothing.
afterEach(() => (server === undefined ? undefined : closeServer(server, 500)));

/** Answers as the door gives them to the command line. */
const remote = async (backtest: Attune["backtest"]): Promise<Attune> => {
  server = createServer({ attune: fakeAttune({ backtest }) });
  return remoteAttune(await server.listen({ host: "127.0.0.1", port: 0 }));
};

describe("a back-test over HTTP", () => {
  it("tells how far it is, then what it found", async () => {
    const asked: unknown[] = [];
    const attune = await remote(async (tenant, request, watch) => {
      asked.push(tenant, request);
      watch?.onProgress?.("back-test", 1, 2);
      await new Promise((later) => setImmediate(later));
      watch?.onProgress?.("back-test", 2, 2);
      return REPORT;
    });
    const said: unknown[] = [];
    const files = { "rules/a.json": "{}" };
    const report = await attune.backtest(
      "default",
      { ...ASKED, files },
      { onProgress: (...told) => void said.push(told) },
    );
    expect(report).toEqual(REPORT);
    expect(said).toEqual([
      ["back-test", 1, 2],
      ["back-test", 2, 2],
    ]);
    expect(asked).toEqual(["default", { ...ASKED, files }]);
  });

  it("is refused as everything is, before its first signal and after it", async () => {
    const refusal = new AttuneError("PLAYBOOK_INVALID", "It has faults:", {
      faults: [{ place: "rules/a.json", sentence: "is empty" }],
    });
    const before = await remote(async () => {
      throw refusal;
    });
    await expect(before.backtest("default", ASKED)).rejects.toMatchObject({
      code: "PLAYBOOK_INVALID",
      faults: refusal.faults,
    });
    await server?.close();
    const after = await remote(async (_tenant, _request, watch) => {
      watch?.onProgress?.("back-test", 1, 2);
      throw new AttuneError("STORE_UNREACHABLE", "The store is gone.");
    });
    await expect(after.backtest("default", ASKED)).rejects.toMatchObject({
      code: "STORE_UNREACHABLE",
    });
    await server?.close();
    const bug = await remote(async (_tenant, _request, watch) => {
      watch?.onProgress?.("back-test", 1, 2);
      throw new Error("secret");
    });
    await expect(bug.backtest("default", ASKED)).rejects.toMatchObject({
      code: "INTERNAL",
      message: expect.not.stringContaining("secret") as string,
    });
  });

  it("ends when the caller hangs up", async () => {
    let heard: AbortSignal | undefined;
    const attune = await remote(async (_tenant, _request, watch) => {
      heard = watch?.stop;
      watch?.onProgress?.("back-test", 1, 2);
      return await new Promise((_found, refuse) => {
        watch?.stop?.addEventListener("abort", () => refuse(new Error("stopped")));
      });
    });
    const stop = new AbortController();
    const asked = attune.backtest("default", ASKED, {
      stop: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(asked).rejects.toMatchObject({ code: "INTERRUPTED" });
    await vi.waitUntil(() => heard?.aborted === true, { timeout: 5_000 });
  });

  it("says what is wrong with the request", async () => {
    server = createServer({ attune: fakeAttune() });
    const { statusCode, body } = await server.inject({
      method: "POST",
      url: "/v1/backtest",
      headers: { host: "127.0.0.1" },
      payload: { days: 0, files: { "../x": "" }, more: 1 },
    });
    expect(statusCode).toBe(422);
    const { error } = JSON.parse(body) as { error: { faults: { place: string }[] } };
    expect(error.faults.map(({ place }) => place).toSorted()).toEqual([
      "body",
      "body › days",
      "body › files.../x",
    ]);
  });
});

describe("a real process asked", () => {
  let app: Awaited<ReturnType<typeof startReal>>;
  beforeAll(async () => {
    app = await startReal();
    const signals = [complaint("f-1", "c1"), complaint("f-2", "c2")];
    await app.attune.enqueue({ tenant: "default", signals, clock: "signal" });
    for (const { id } of signals) await settled(app, id);
  }, START_MS);
  afterAll(() => app.stop());

  it("gives the same report over HTTP as at home", async () => {
    const files = {
      ...FILES,
      "rules/templates/late-delivery.en.liquid": "Sorry\n\nWe are sorry.\n",
    };
    const request = { ...ASKED, files };
    const report = await remoteAttune(app.address).backtest("default", request);
    expect(report).toEqual(await app.attune.backtest("default", request));
    expect(report).toMatchObject({ customersAffected: 2, replies: { changed: 2 } });
  });

  it("gives stored playbooks by the beginning of their hash", async () => {
    const attune = remoteAttune(app.address);
    const { hash, files } = await attune.playbookNamed("default", "live");
    expect({ hash, files }).toEqual(SHIPPED);
    expect((await attune.playbookNamed("default", hash.slice(0, 6))).hash).toBe(hash);
    for (const name of ["beef", "no hash", hash.slice(0, 3)])
      await expect(attune.playbookNamed("default", name)).rejects.toMatchObject({
        code: "NOT_FOUND",
      });
  });
});
