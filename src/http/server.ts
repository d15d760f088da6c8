/**
 * The HTTP door over `Attune`: one file per resource, one error shape, no state of its own.
 * It listens nowhere until told; requests are not logged, because their paths carry customers' ids.
 */
import { fastify, type FastifyInstance } from "fastify";
import type { Attune } from "../work/attune.ts";
import { LIMITS } from "../core/limits.ts";
import type { Log } from "../core/ports.ts";
import { backtestRoutes } from "./backtest.ts";
import { correctionRoutes } from "./corrections.ts";
import { createErrorHandler, unknownRoute } from "./answer.ts";
import { customerRoutes } from "./customers.ts";
import { createGuard } from "./guard.ts";
import { inboxRoutes } from "./inbox.ts";
import { readJsonBytes } from "./parse.ts";
import { modelRoutes } from "./models.ts";
import { playbookRoutes } from "./playbook.ts";
import { signalRoutes } from "./signals.ts";
import { topicRoutes } from "./topics.ts";
import { statusRoutes } from "./status.ts";

interface ServerOptions {
  readonly attune: Attune;
  /** Bearer token; without one only loopback hosts are served. */
  readonly token?: string | undefined;
  /** Hears of failures that are ours (5xx). */
  readonly log?: Log | undefined;
}

/** Bytes of a body where the route says nothing else. */
const BODY_BYTES = 64 * 1024;

/** An id of full length, every unit of it three percent-encoded bytes. */
const PARAMETER_CHARS = LIMITS.idChars * 9;

const UNREADABLE_REQUEST = JSON.stringify({
  error: {
    code: "BODY_UNREADABLE",
    message: "This is not an HTTP/1.1 request.",
    remedy: "send HTTP/1.1",
  },
});

const bareServer = (answerError: ReturnType<typeof createErrorHandler>): FastifyInstance =>
  fastify({
    bodyLimit: BODY_BYTES,
    routerOptions: { maxParamLength: PARAMETER_CHARS },
    frameworkErrors: (error, request, reply) => {
      answerError(error, request, reply);
    },
    clientErrorHandler: (_error, socket) => {
      const length = Buffer.byteLength(UNREADABLE_REQUEST);
      if (socket.writable)
        socket.end(
          `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${UNREADABLE_REQUEST}`,
        );
    },
  });

/** A server with every route, not yet listening. */
export const createServer = ({ attune, token, log }: ServerOptions): FastifyInstance => {
  const answerError = createErrorHandler(log);
  const server = bareServer(answerError);
  const guard = createGuard(token);
  server.addHook("onRequest", async (request) => guard(request));
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async (_request: unknown, body: Buffer) => readJsonBytes(body),
  );
  server.setErrorHandler(answerError);
  server.setNotFoundHandler((request, reply) => answerError(unknownRoute(request), request, reply));
  for (const routes of [
    signalRoutes,
    correctionRoutes,
    inboxRoutes,
    playbookRoutes,
    backtestRoutes,
    modelRoutes,
    topicRoutes,
    customerRoutes,
    statusRoutes,
  ])
    routes(server, attune);
  return server;
};

/** Requests under way are answered; a caller that has not sent the rest of its own by the deadline is hung up on, or it could keep the process for ever. */
export const closeServer = async (server: FastifyInstance, deadlineMs: number): Promise<void> => {
  const timer = setTimeout(() => server.server.closeAllConnections(), deadlineMs);
  try {
    await server.close();
  } finally {
    clearTimeout(timer);
  }
};
