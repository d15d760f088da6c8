import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { remoteAttune } from "../../src/cli/remote.ts";
import type { RunningApp } from "../../src/cli/context.ts";
import { createServer as createDoor } from "../../src/http/server.ts";
import { type Attune, DEFAULT_TENANT, type EnqueueReceipt } from "../../src/work/attune.ts";
import { readPlaybookFiles } from "../../src/work/publish.ts";
import { complaint, HOME, settled, START_MS, startReal } from "./real.ts";

const PAGE = { after: 0, limit: 100 };
const customer = (id: string) => ({ tenant: DEFAULT_TENANT, id });

let app: RunningApp & { readonly address: string };
let remote: Attune;

beforeAll(async () => {
  app = await startReal();
  remote = remoteAttune(app.address);
}, START_MS);

afterAll(async () => app.stop());

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(new URL(path, app.address), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

const send = (...signals: readonly unknown[]): Promise<EnqueueReceipt> =>
  remote.enqueue({ tenant: DEFAULT_TENANT, signals, clock: "database" });

describe("signals sent over HTTP", () => {
  it("are stored before 202, decided, and answered in the inbox", async () => {
    const answer = await post("/v1/signals", complaint("h-1", "h-c1"));
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ accepted: ["h-1"], refused: [] });
    expect(await app.attune.signalState(customer("h-1"))).not.toBe("unknown");
    await settled(app, "h-1");
    const replies = await remote.inbox(customer("h-c1"), PAGE);
    expect(replies).toHaveLength(1);
    expect(replies[0]).toMatchObject({ seq: 1, signalId: "h-1", state: "visible" });
    expect(replies).toEqual(await app.attune.inbox(customer("h-c1"), PAGE));
  });

  it("are taken although their neighbours are refused, each with its faults", async () => {
    const receipt = await send(complaint("h-2", "h-c2"), { kind: "feedback", id: "h-3" }, 7);
    expect(receipt.accepted).toEqual(["h-2"]);
    expect(receipt.refused.map(({ index }) => index)).toEqual([1, 2]);
    const places = receipt.refused[0]?.faults.map(({ place }) => place) ?? [];
    expect(places).toContain("signals[1] › customerId");
    expect(places).toContain("signals[1] › text");
  });

  it("are answered with 422 when every one was refused, and the client still gets the receipt", async () => {
    const answer = await post("/v1/signals", { signals: [{ kind: "order" }, 1] });
    expect(answer.status).toBe(422);
    const body: unknown = await answer.json();
    expect(body).toMatchObject({
      error: { code: "INPUT_INVALID" },
      accepted: [],
      refused: [{ index: 0 }, { index: 1 }],
    });
    expect((await send({ kind: "order" })).refused).toHaveLength(1);
  });

  it.each([
    ['"__proto__":{"admin":true}'],
    ['"properties":{"__proto__":{"admin":true}}'],
    ['"properties":{"deep":[{"constructor":{"prototype":{"admin":true}}}]}'],
    ['"traits":{"custom":{"__proto__":{"admin":true}}}'],
  ])("reach no prototype through %s", async (field) => {
    const common = '"kind":"event","id":"p","customerId":"c","at":"2026-03-01T09:30:00Z"';
    const answer = await fetch(new URL("/v1/signals", app.address), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{${common},"type":"app.opened",${field}}`,
    });
    expect(answer.status).toBe(422);
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });

  it("keep the place that the signal's own clock gives them", async () => {
    const answer = await post("/v1/signals", {
      signals: [complaint("h-4", "h-c4")],
      clock: "signal",
    });
    expect(answer.status).toBe(202);
    await settled(app, "h-4");
    const explanation = await remote.explain(customer("h-4"));
    expect(explanation.decision.now).toBe("2026-03-01T09:30:00.000Z");
  });

  it("sent twice are answered once", async () => {
    const id = "h-5";
    await send(complaint(id, "h-c5"));
    await send(complaint(id, "h-c5"));
    await settled(app, id);
    expect(await remote.inbox(customer("h-c5"), PAGE)).toHaveLength(1);
  });
});

describe("an inbox over HTTP", () => {
  it.each([["a/b"], ["100%"], ["x%2Fy"], ["顾客 甲/乙"], ["q?u#e&s=t+"]])(
    "belongs to the customer %j through and through",
    async (id) => {
      await send(complaint(`for ${id}`, id));
      await settled(app, `for ${id}`);
      const replies = await remote.inbox(customer(id), PAGE);
      expect(replies.map(({ customerId, signalId }) => [customerId, signalId])).toEqual([
        [id, `for ${id}`],
      ]);
      expect(await remote.signalState(customer(`for ${id}`))).toBe("decided");
      expect((await remote.explain(customer(`for ${id}`))).signal.customerId).toBe(id);
      expect(await remote.acknowledge(customer(id), 1)).toBe(1);
    },
  );

  it("is followed by seq without gaps and acknowledged once", async () => {
    await send(complaint("h-6", "h-c6"));
    await settled(app, "h-6");
    const url = new URL("/v1/customers/h-c6/inbox", app.address);
    expect(await (await fetch(url)).json()).toMatchObject({ next: 1, replies: [{ seq: 1 }] });
    expect(await (await fetch(`${url.href}?after=1`)).json()).toEqual({ next: 1, replies: [] });
    expect(await remote.acknowledge(customer("h-c6"), 1)).toBe(1);
    expect(await remote.acknowledge(customer("h-c6"), 1)).toBe(0);
    expect(await remote.inbox(customer("h-c6"), PAGE)).toMatchObject([{ state: "acknowledged" }]);
  });

  it("of a customer nobody knows is empty", async () => {
    expect(await remote.inbox(customer("nobody"), PAGE)).toEqual([]);
  });

  it.each([[{}], [{ seq: 0 }], [{ seq: 1.5 }], [{ seq: "1" }], [{ seq: 1, all: true }]])(
    "is not acknowledged by %j",
    async (body) => {
      expect((await post("/v1/customers/c/inbox/ack", body)).status).toBe(422);
    },
  );
});

describe("the other process", () => {
  it("explains exactly as the one that holds the store", async () => {
    await send(complaint("h-7", "h-c7"));
    await settled(app, "h-7");
    const there = await remote.explain(customer("h-7"));
    expect(there).toEqual(JSON.parse(JSON.stringify(await app.attune.explain(customer("h-7")))));
  });

  it("says what is not known", async () => {
    expect(await remote.signalState(customer("h-none"))).toBe("unknown");
    await expect(remote.explain(customer("h-none"))).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("h-none") as string,
    });
  });

  it("publishes a playbook as a whole, and refuses it as a whole with all faults", async () => {
    const files = readPlaybookFiles(HOME);
    const live = (await remote.status()).playbook;
    expect(await remote.publish(DEFAULT_TENANT, files)).toEqual({ hash: live, changed: false });
    const broken = { ...files, "rules/delivery.json": "{", "models/lexicon.en.json": "[" };
    await expect(remote.publish(DEFAULT_TENANT, broken)).rejects.toMatchObject({
      code: "PLAYBOOK_INVALID",
      faults: expect.arrayContaining([
        expect.objectContaining({ place: expect.stringContaining("delivery") as string }),
        expect.objectContaining({ place: expect.stringContaining("lexicon.en") as string }),
      ]) as unknown,
    });
    expect((await remote.status()).playbook).toBe(live);
  });

  it.each([["../etc/passwd"], ["/etc/passwd"], ["rules/../x.json"], [""]])(
    "takes no file named %j",
    async (name) => {
      await expect(remote.publish(DEFAULT_TENANT, { [name]: "{}" })).rejects.toMatchObject({
        code: "INPUT_INVALID",
      });
    },
  );

  it("folds customers again, page by page", async () => {
    const request = { tenant: DEFAULT_TENANT, write: false, after: "", limit: 1 };
    const page = await remote.rebuildCustomers(request);
    expect(page).toMatchObject({ customers: 1, findings: [] });
    expect(page.signals).toBeGreaterThan(0);
    const all = await remote.rebuildCustomers({ ...request, write: true, limit: 100 });
    expect(all).toMatchObject({ findings: [], next: null });
    await expect(remote.rebuildCustomers({ ...request, limit: 101 })).rejects.toMatchObject({
      code: "INPUT_INVALID",
      faults: [{ place: "body › limit", sentence: expect.stringContaining("100") as string }],
    });
  });

  it("counts and lists", async () => {
    const status = await remote.status();
    expect(status.store.decided + status.store.accepted).toBeGreaterThan(0);
    expect(status.playbook).toMatch(/^[0-9a-f]{64}$/u);
    expect(await remote.deadLetters(10)).toEqual([]);
  });
});

describe("a client", () => {
  it("says who does not answer", async () => {
    const nobody = remoteAttune("http://127.0.0.1:1");
    await expect(nobody.status()).rejects.toMatchObject({
      code: "REMOTE_UNREACHABLE",
      message: expect.stringContaining("127.0.0.1:1") as string,
    });
  });

  it.each([
    [502, "<h1>Bad gateway</h1>"],
    [200, "<h1>Welcome</h1>"],
    [500, '{"error":{"code":"NEW_CODE","message":"from a newer attune"}}'],
  ])("quotes an answer %i %s that it cannot read", async (status, body) => {
    const other = createServer((_request, response) => response.writeHead(status).end(body));
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(remoteAttune(`http://127.0.0.1:${port}`).status()).rejects.toMatchObject({
      code: "REMOTE_FAILED",
      message: expect.stringContaining(JSON.stringify(body).slice(1, 20)) as string,
    });
    other.close();
  });

  it("gets UNAUTHORISED as an error of its own with a wrong token", async () => {
    const guarded = createDoor({ attune: app.attune, token: "right-right-right" });
    const address = await guarded.listen({ host: "127.0.0.1", port: 0 });
    await expect(remoteAttune(address, "wrong-wrong-wrong").status()).rejects.toMatchObject({
      code: "UNAUTHORISED",
    });
    await expect(remoteAttune(address, "right-right-right").status()).resolves.toBeDefined();
    await guarded.close();
  });
});
