/**
 * One PostgreSQL and one Redis for the whole test run, started when the first suite asks, and the closing line that names the suites which could not run.
 * Test files run in processes of their own: they ask this desk over loopback HTTP (see `suites.ts`).
 */
import { createServer, type IncomingMessage, type Server as HttpServer } from "node:http";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { INSTALL_COMMAND, type Server, startPostgres, startRedis } from "./servers.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where a test file asks for servers. */
    serverDesk: string;
  }
}

/** What a suite asks the desk: a database of its own, or to be named as one that could not run. */
export interface DeskRequest {
  readonly want: "postgres" | "redis" | "nothing";
  readonly suite: string;
}

interface Desk {
  readonly absent: Set<string>;
  readonly postgres: () => Promise<Server | undefined>;
  readonly redis: () => Promise<Server | undefined>;
  /** Databases handed out so far, of both kinds. */
  handedOut: number;
}

const once = <T>(start: () => Promise<T>): (() => Promise<T>) => {
  let started: Promise<T> | undefined;
  return () => (started ??= start());
};

const newDatabase = async (server: Server, name: string): Promise<string> => {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  return Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
};

const serve = async (desk: Desk, request: DeskRequest): Promise<string | undefined> => {
  const server = request.want === "nothing" ? undefined : await desk[request.want]();
  if (server === undefined) {
    desk.absent.add(request.suite);
    return undefined;
  }
  desk.handedOut += 1;
  return request.want === "postgres"
    ? newDatabase(server, `suite_${desk.handedOut}`)
    : `${server.url}/${desk.handedOut % 256}`;
};

const bodyOf = async (request: IncomingMessage): Promise<DeskRequest> => {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const parsed: unknown = JSON.parse(body);
  return parsed as DeskRequest;
};

const open = (desk: Desk): Promise<HttpServer> =>
  new Promise((resolve) => {
    const server = createServer((request, reply) => {
      bodyOf(request)
        .then((wanted) => serve(desk, wanted))
        .then((url) => reply.end(JSON.stringify({ url })))
        .catch((error: unknown) => reply.writeHead(500).end(String(error)));
    });
    server.listen(0, "127.0.0.1", () => resolve(server));
  });

const closingLine = (absent: ReadonlySet<string>): string =>
  `\nNot run for want of servers: ${[...absent].toSorted().join(", ")}. To run them: ${INSTALL_COMMAND}\n`;

/** Called by vitest before the first test file; what it gives is called after the last. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const started: Server[] = [];
  const remember = (start: () => Promise<Server | undefined>) =>
    once(async () => {
      const server = await start();
      if (server !== undefined) started.push(server);
      return server;
    });
  const desk: Desk = {
    absent: new Set(),
    postgres: remember(startPostgres),
    redis: remember(startRedis),
    handedOut: 0,
  };
  const http = await open(desk);
  const address = http.address();
  if (address === null || typeof address === "string")
    throw new Error("the server desk has no port");
  project.provide("serverDesk", `http://127.0.0.1:${address.port}`);
  return async () => {
    http.closeAllConnections();
    http.close();
    await Promise.all(started.map((server) => server.stop()));
    if (desk.absent.size > 0) process.stdout.write(closingLine(desk.absent));
  };
};
