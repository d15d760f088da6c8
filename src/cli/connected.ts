/** Asks attune one thing and lets go of it, whatever happens: a command never leaves the embedded directory locked. */
import type { Connection } from "./context.ts";
import type { Call } from "./terminal.ts";

export const connected = async <T>(
  { context }: Call,
  ask: (connection: Connection) => Promise<T>,
): Promise<T> => {
  const connection = await context.connect();
  try {
    return await ask(connection);
  } finally {
    await connection.stop();
  }
};
