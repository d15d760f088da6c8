/**
 * A second process beside the one that holds the embedded directory, and a first one that must end by itself.
 * `connect`: connects as a command does, says what it found as JSON, stops. `start` / `work`: runs, says where as JSON, stops when stdin ends.
 */
import { once } from "node:events";
import { createContext } from "../src/app.ts";
import type { CliContext, Roles } from "../src/cli/context.ts";
import { readConfig } from "../src/config.ts";
import { AttuneError } from "../src/errors.ts";

const say = (found: object): void => void process.stdout.write(`${JSON.stringify(found)}\n`);

const connect = async (context: CliContext): Promise<void> => {
  const connection = await context.connect();
  const { playbook } = await connection.attune.status();
  say({ remote: connection.remote, playbook });
  await connection.stop();
};

const runUntilInputEnds = async (context: CliContext, roles: Roles): Promise<void> => {
  const app = await context.run(roles);
  say({ address: app.address ?? null });
  process.stdin.resume();
  await once(process.stdin, "end");
  await app.stop();
  await app.stop();
  say({ stopped: true });
};

const [task, home = ""] = process.argv.slice(2);
const context = createContext({ config: readConfig(process.env), home, json: false });
try {
  if (task === "connect") await connect(context);
  else
    await runUntilInputEnds(context, {
      workers: true,
      server: task === "start",
      watch: task === "start",
    });
} catch (error) {
  if (!(error instanceof AttuneError)) throw error;
  say({ code: error.code, message: error.message });
}
