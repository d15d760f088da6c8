/** Customers' rows outside of a group: reading one or a page of them, and putting what was folded again in the place of one. */
import { type Kysely, sql } from "kysely";
import type { Customer } from "../core/customer.ts";
import type { CustomerKey, CustomerPage } from "../core/ports.ts";
import { withWaiting } from "./waiting.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

const COLUMNS = [
  "c.tenant",
  "c.id",
  "c.version",
  "c.traits",
  "c.history",
  "c.contacts",
  "c.last_seq",
  "c.waiting",
] as const;

export const customer = async (db: Db, key: CustomerKey): Promise<Customer | undefined> => {
  const row = await db
    .selectFrom("attune.customer as c")
    .select(COLUMNS)
    .where("c.tenant", "=", key.tenant)
    .where("c.id", "=", key.id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const [found] = await withWaiting(db, [row]);
  return found;
};

/** In the order of the key, which is byte order. */
export const customers = async (
  db: Db,
  tenant: string,
  { after, limit }: CustomerPage,
): Promise<readonly Customer[]> => {
  const rows = await db
    .selectFrom("attune.customer as c")
    .select(COLUMNS)
    .where("c.tenant", "=", tenant)
    .where("c.id", ">", after)
    .orderBy("c.id")
    .limit(limit)
    .execute();
  return await withWaiting(db, rows);
};

/** A group that holds the row is waited for; if it moved the customer on, nothing is written. The inbox's `last_seq` stays whatever it is. */
export const replaceCustomer = async (db: Db, content: Customer): Promise<boolean> => {
  const { tenant, id, version, traits, history, contacts } = content;
  const written = await sql<{ id: string }>`
    update attune.customer c
    set traits = ${JSON.stringify(traits)}::json, history = ${JSON.stringify(history)}::json,
      contacts = ${JSON.stringify(contacts)}::json
    where c.tenant = ${tenant} and c.id = ${id} and c.version = ${version}
    returning c.id`.execute(db);
  return written.rows.length === 1;
};
