import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import type { Attune } from "../../src/work/attune.ts";
import { AttuneError } from "../../src/errors.ts";
import type { ErrorBody } from "../../src/http/answer.ts";
import { createServer } from "../../src/http/server.ts";
import { fakeAttune } from "./fake.ts";

const failing = (error: unknown): Partial<Attune> => ({
  status: async () => {
    throw error;
  },
});

const BROKEN_UTF8 = Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]);
const TOO_MANY = JSON.stringify({ signals: Array.from({ length: 201 }, () => ({})) });

const post = (body: string | Buffer, type: string | undefined = "application/json") =>
  createServer({ attune: fakeAttune() }).inject({
    method: "POST",
    url: "/v1/signals",
    headers: type === undefined ? {} : { "content-type": type },
    payload: body,
  });

describe("an error body", () => {
  it.each([
    { what: "broken JSON", body: "{", status: 400, code: "BODY_UNREADABLE" },
    { what: "nothing", body: "", status: 400, code: "BODY_UNREADABLE" },
    { what: "invalid UTF-8", body: BROKEN_UTF8, status: 400, code: "BODY_UNREADABLE" },
    { what: "too many signals", body: TOO_MANY, status: 422, code: "INPUT_INVALID" },
    { what: "no signals", body: '{"signals":[]}', status: 422, code: "INPUT_INVALID" },
    { what: "no list", body: '{"signals":{}}', status: 422, code: "INPUT_INVALID" },
    {
      what: "no known clock",
      body: '{"signals":[{}],"clock":"wall"}',
      status: 422,
      code: "INPUT_INVALID",
    },
    {
      what: "an unknown field",
      body: '{"signals":[{}],"clok":"signal"}',
      status: 422,
      code: "INPUT_INVALID",
    },
  ])("answers $what", async ({ body, status, code }) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(status);
    const { error } = answer.json<ErrorBody>();
    expect(error.code).toBe(code);
    expect(error.message).not.toBe("");
    expect(error.remedy).not.toBe("");
  });

  it("quotes where and what for every fault of a request", async () => {
    const answer = await post('{"signals":[],"clock":"wall"}');
    expect(answer.json<ErrorBody>().error.faults?.map((fault) => fault.place)).toEqual([
      "body › signals",
      "body › clock",
    ]);
  });

  it.each([["text/plain"], ["application/x-www-form-urlencoded"], ["application/xml"]])(
    "refuses a body of type %s, which a web page may send without asking",
    async (type) => {
      const answer = await post('{"signals":[]}', type);
      expect(answer.statusCode).toBe(415);
      expect(answer.json()).toMatchObject({ error: { code: "MEDIA_TYPE" } });
    },
  );

  it("answers 413 to a body that is too large", async () => {
    const answer = await createServer({ attune: fakeAttune() }).inject({
      method: "POST",
      url: "/v1/customers/c/inbox/ack",
      headers: { "content-type": "application/json" },
      payload: `{"seq":${" ".repeat(70_000)}1}`,
    });
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ error: { code: "BODY_TOO_LARGE" } });
  });

  it.each([
    [new AttuneError("STORE_UNREACHABLE", "The store is away."), "STORE_UNREACHABLE"],
    [new AttuneError("QUEUE_UNREACHABLE", "The queue is away."), "QUEUE_UNREACHABLE"],
    [Object.assign(new Error("connect"), { code: "ECONNREFUSED" }), "STORE_UNREACHABLE"],
  ])("answers 503 with Retry-After to %s", async (error, code) => {
    const answer = await createServer({ attune: fakeAttune(failing(error)) }).inject("/v1/status");
    expect(answer.statusCode).toBe(503);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    expect(answer.json()).toMatchObject({ error: { code } });
  });

  it("keeps the text of a bug for the log", async () => {
    const heard: unknown[] = [];
    const server = createServer({
      attune: fakeAttune(failing(new Error("select secret from customer"))),
      log: (severity, sentence, details) => heard.push([severity, sentence, details]),
    });
    const answer = await server.inject("/v1/status");
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain("secret");
    expect(answer.json()).toMatchObject({ error: { code: "INTERNAL" } });
    expect(JSON.stringify(heard)).toContain("select secret");
  });

  it("is given for an unknown path, a wrong method and a broken escape", async () => {
    const server = createServer({ attune: fakeAttune() });
    expect((await server.inject("/v2/signals")).json()).toMatchObject({
      error: { code: "NOT_FOUND" },
    });
    expect((await server.inject({ method: "DELETE", url: "/v1/status" })).statusCode).toBe(404);
    const broken = await server.inject("/v1/signals/%E0%A4%A");
    expect(broken.statusCode).toBe(400);
    expect(broken.json()).toMatchObject({ error: { code: "USAGE" } });
  });

  it("is given even to what is not HTTP", async () => {
    const server = createServer({ attune: fakeAttune() });
    const address = new URL(await server.listen({ host: "127.0.0.1", port: 0 }));
    const raw = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect(Number(address.port), "127.0.0.1", () =>
        socket.write("nonsense\r\n\r\n"),
      );
      socket.on("data", (chunk) => (text += chunk.toString()));
      socket.on("close", () => resolve(text));
      socket.on("error", reject);
    });
    await server.close();
    expect(raw).toMatch(/^HTTP\/1\.1 400 /u);
    expect(JSON.parse(raw.split("\r\n\r\n")[1] ?? "")).toMatchObject({
      error: { code: "BODY_UNREADABLE" },
    });
  });
});

it("names a file of a playbook that cannot be one, and says how to name it", async () => {
  const answer = await createServer({ attune: fakeAttune() }).inject({
    method: "PUT",
    url: "/v1/playbook",
    payload: { files: { "../../etc/passwd": "x" } },
  });
  expect(answer.json<ErrorBody>().error.faults).toEqual([
    {
      place: "body › files.../../etc/passwd",
      sentence: 'is not a file of a playbook; name it like "rules/delivery.json"',
    },
  ]);
});

describe("query text", () => {
  it.each([
    ["after=-1"],
    ["after=1.5"],
    ["after=x"],
    ["limit=0"],
    ["limit=501"],
    ["limit=1&limit=2"],
    ["aftr=3"],
  ])("refuses ?%s", async (query) => {
    const answer = await createServer({ attune: fakeAttune() }).inject(
      `/v1/customers/c/inbox?${query}`,
    );
    expect(answer.statusCode).toBe(422);
    expect(answer.json<ErrorBody>().error.faults).toHaveLength(1);
  });
});

describe("an id in a path", () => {
  it.each([
    ["a/b"],
    ["100%"],
    ["a%2Fb"],
    ["顾客-甲"],
    ["a b?c#d&e=f"],
    ["a+b"],
    ["..x"],
    ["a:b;c,d@e"],
    ["顾".repeat(200)],
  ])("reaches attune as %j", async (id) => {
    const asked: unknown[] = [];
    const attune = fakeAttune({
      inbox: async (customer) => {
        asked.push(customer);
        return [];
      },
    });
    const answer = await createServer({ attune }).inject(
      `/v1/customers/${encodeURIComponent(id)}/inbox`,
    );
    expect(answer.statusCode).toBe(200);
    expect(asked).toEqual([{ tenant: "default", id }]);
  });

  it.each([["a\u0000b"], ["a\nb"], ["x".repeat(201)], ["x".repeat(5000)]])(
    "is refused as %j",
    async (id) => {
      const answer = await createServer({ attune: fakeAttune() }).inject(
        `/v1/customers/${encodeURIComponent(id)}/inbox`,
      );
      expect(answer.statusCode).toBe(422);
    },
  );
});
