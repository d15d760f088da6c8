/**
 * A process to be killed. `lock DIR`: waits for a line on stdin, takes the lock, says "held" or the error's code, and stays.
 * `write DIR`: decides one signal after another in the store of DIR and says each one's id once it is committed.
 */
import { once } from "node:events";
import { AttuneError } from "../../src/errors.ts";
import { lockDirectory } from "../../src/store/directory-lock.ts";
import { openEmbeddedStore } from "../../src/store/open.ts";
import { aFeedback, decide, incoming } from "../builders.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const takeLock = async (directory: string): Promise<void> => {
  say("ready");
  await once(process.stdin, "data");
  try {
    await lockDirectory(directory);
    say("held");
  } catch (error) {
    say(error instanceof AttuneError ? `${error.code} ${error.message}` : String(error));
  }
};

const writeForEver = async (directory: string): Promise<void> => {
  const { store } = await openEmbeddedStore(directory);
  for (let index = 0; ; index += 1) {
    const signal = aFeedback({
      id: `signal-${index}`,
      customerId: `customer-${index % 3}`,
      text: "x".repeat(5_000),
    });
    await store.group(async (transaction) => {
      const [before] = await transaction.lockCustomers([
        { tenant: "default", id: signal.customerId },
      ]);
      const { open } = await transaction.claim([incoming(signal)]);
      const [accepted] = open;
      if (before === undefined || accepted === undefined)
        throw new Error(`${signal.id} is not open`);
      const { decided, customer } = decide(accepted, before);
      await transaction.write([decided], [customer]);
    });
    say(signal.id);
  }
};

const [task, directory = ""] = process.argv.slice(2);
await (task === "lock" ? takeLock(directory) : writeForEver(directory));
