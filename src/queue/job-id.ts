/**
 * Foreign ids made fit for BullMQ, which refuses ":" and whole numbers and keeps ids in keys.
 * A letter stands before the hash, so that no hash is ever taken for a number.
 */
import { createHash } from "node:crypto";

/** The BullMQ id of a job: `s` and the SHA-256 of the caller's id, in hex (65 characters). The same id always gives the same job. */
export const jobIdOf = (id: string): string =>
  `s${createHash("sha256").update(id, "utf8").digest("hex")}`;
