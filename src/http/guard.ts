/**
 * Who may come in. With a token: only its bearers. Without: only requests whose Host header is loopback, because a web page
 * can point a name of its own at 127.0.0.1 (DNS rebinding) and would else read inboxes through the customer's browser.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { quote } from "../core/fault.ts";
import { AttuneError } from "../errors.ts";

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/iu;

const digest = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest();

/** Equal digests, compared in constant time: neither length nor prefix of the token can be measured. */
const isBearer = (header: string | undefined, expected: Buffer): boolean => {
  const presented = /^Bearer +(\S+) *$/iu.exec(header ?? "")?.[1];
  return timingSafeEqual(digest(presented ?? ""), expected) && presented !== undefined;
};

const checkHost = (request: FastifyRequest): void => {
  const host = request.headers.host ?? "";
  if (!LOOPBACK_HOST.test(host))
    throw new AttuneError(
      "HOST_REFUSED",
      `Host ${quote(host)} is not loopback, and no token is configured.`,
    );
};

/** A check to run before every route; `/health` needs no token. Throws UNAUTHORISED or HOST_REFUSED. */
export const createGuard = (token: string | undefined): ((request: FastifyRequest) => void) => {
  if (token === undefined) return checkHost;
  const expected = digest(token);
  return (request) => {
    if (request.routeOptions.url === "/health") return;
    if (!isBearer(request.headers.authorization, expected))
      throw new AttuneError("UNAUTHORISED", "The bearer token is missing or wrong.");
  };
};
