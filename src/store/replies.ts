/** The inbox of one customer: read by `seq`, acknowledged by `seq`. Nobody reads it by anything else, so that nothing is missed or seen twice. */
import type { Kysely } from "kysely";
import type { CustomerKey, PageRequest } from "../core/ports.ts";
import type { InboxReply } from "../core/reply.ts";
import { inboxReplyOf, iso } from "./rows.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

/** Places are PostgreSQL's `integer`: whoever names one beyond its largest means the end. */
const placeOf = (seq: number): number => Math.min(seq, 2 ** 31 - 1);

export const inbox = async (
  db: Db,
  customer: CustomerKey,
  page: PageRequest,
): Promise<readonly InboxReply[]> => {
  const rows = await db
    .selectFrom("attune.reply as r")
    .select([
      "r.tenant",
      "r.customer_id",
      "r.seq",
      "r.signal_id",
      "r.rule",
      "r.slot",
      "r.category",
      "r.locale",
    ])
    .select(["r.title", "r.body", "r.handover", "r.state", iso("r.at").as("at")])
    .where("r.tenant", "=", customer.tenant)
    .where("r.customer_id", "=", customer.id)
    .where("r.seq", ">", placeOf(page.after))
    .orderBy("r.seq")
    .limit(page.limit)
    .execute();
  return rows.map(inboxReplyOf);
};

export const acknowledge = async (db: Db, customer: CustomerKey, seq: number): Promise<number> => {
  const changed = await db
    .updateTable("attune.reply")
    .set({ state: "acknowledged" })
    .where("tenant", "=", customer.tenant)
    .where("customer_id", "=", customer.id)
    .where("seq", "<=", placeOf(seq))
    .where("state", "=", "visible")
    .executeTakeFirst();
  return Number(changed.numUpdatedRows);
};
