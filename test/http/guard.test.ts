import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { createServer } from "../../src/http/server.ts";
import { EMPTY_STATUS, fakeAttune } from "./fake.ts";

const TOKEN = "a-long-random-token-for-tests";
const attune = fakeAttune({ status: async () => EMPTY_STATUS });

describe("a door with a token", () => {
  const server = createServer({ attune, token: TOKEN });

  it.each([
    [undefined],
    [""],
    ["Bearer"],
    ["Bearer "],
    [`Basic ${TOKEN}`],
    [`Bearer ${TOKEN}x`],
    [`Bearer ${TOKEN.slice(0, -1)}`],
    [`Bearer ${TOKEN} ${TOKEN}`],
  ])("refuses the authorization %j", async (authorization) => {
    const answer = await server.inject({
      url: "/v1/status",
      headers: authorization === undefined ? {} : { authorization },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
    expect(answer.json()).toMatchObject({ error: { code: "UNAUTHORISED" } });
  });

  it.each([[`Bearer ${TOKEN}`], [`bearer   ${TOKEN}`]])("lets %j in", async (authorization) => {
    const answer = await server.inject({ url: "/v1/status", headers: { authorization } });
    expect(answer.statusCode).toBe(200);
  });

  it("asks for the token before it says whether a path exists", async () => {
    expect((await server.inject({ url: "/v1/nothing" })).statusCode).toBe(401);
  });

  it("answers /health to everybody", async () => {
    const answer = await server.inject({ url: "/health", headers: { host: "shop.example" } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ status: "ok" });
  });

  it("takes any host", async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, host: "attune.example:8443" };
    expect((await server.inject({ url: "/v1/status", headers })).statusCode).toBe(200);
  });
});

describe("a door without a token", () => {
  const server = createServer({ attune });

  it.each([
    ["localhost"],
    ["localhost:3777"],
    ["LOCALHOST:3777"],
    ["127.0.0.1:3777"],
    ["127.8.9.1"],
    ["[::1]:3777"],
  ])("serves the host %s", async (host) => {
    expect((await server.inject({ url: "/v1/status", headers: { host } })).statusCode).toBe(200);
  });

  it.each([
    ["evil.example"],
    ["localhost.evil.example"],
    ["127.0.0.1.evil.example"],
    ["evil.example:3777"],
    ["192.168.1.7:3777"],
    ["localhost@evil.example"],
  ])("refuses the host %j, which a web page could have rebound", async (host) => {
    const answer = await server.inject({ url: "/v1/status", headers: { host } });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ error: { code: "HOST_REFUSED" } });
  });

  it("refuses a request that names no host", async () => {
    const listening = createServer({ attune });
    const { port } = new URL(await listening.listen({ host: "127.0.0.1", port: 0 }));
    const socket = connect(Number(port), "127.0.0.1");
    await once(socket, "connect");
    socket.write("GET /v1/status HTTP/1.0\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 /u);
    await listening.close();
  });
});
