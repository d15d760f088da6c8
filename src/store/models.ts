/** Trained models and which one was put in force when. Promotions are only ever added: going back is one more of them. */
import { type Kysely, sql } from "kysely";
import type { ListedModel, NewPromotion, Promotion, TrainedModel } from "../core/ports.ts";
import type { PlaybookFiles } from "../core/playbook.ts";
import { filesOf, storeParts } from "./playbooks.ts";
import { iso } from "./rows.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

export const addModel = async (
  db: Db,
  tenant: string,
  { id, model }: { readonly id: string; readonly model: TrainedModel },
): Promise<void> => {
  const parts = JSON.stringify(await storeParts(db, model.files));
  await sql`
    insert into attune.model (tenant, task, id, parts, verdict, report)
    values (${tenant}, ${model.task}, ${id}, ${parts}::json, ${JSON.stringify(model.verdict)}::json, ${JSON.stringify(model.report)}::json)
    on conflict (tenant, task, id) do update
    set verdict = excluded.verdict, report = excluded.report, trained_at = statement_timestamp(), place = default`.execute(
    db,
  );
};

export const models = async (db: Db, tenant: string): Promise<readonly ListedModel[]> => {
  const rows = await db
    .selectFrom("attune.model as m")
    .select(["m.task", "m.id", "m.report", "m.verdict"])
    .select(iso("m.trained_at").as("trained_at"))
    .where("m.tenant", "=", tenant)
    .orderBy("m.place", "desc")
    .execute();
  return rows.map(({ task, id, trained_at: trainedAt, report, verdict }) => ({
    task,
    id,
    trainedAt,
    report,
    verdict,
  }));
};

export const modelFiles = async (
  db: Db,
  tenant: string,
  { task, id }: { readonly task: string; readonly id: string },
): Promise<PlaybookFiles | undefined> => {
  const row = await db
    .selectFrom("attune.model as m")
    .select("m.parts")
    .where("m.tenant", "=", tenant)
    .where("m.task", "=", task)
    .where("m.id", "=", id)
    .executeTakeFirst();
  return row === undefined ? undefined : filesOf(db, row.parts);
};

export const addPromotion = async (
  db: Db,
  tenant: string,
  { task, kind, id, previous }: NewPromotion,
): Promise<void> => {
  await db
    .insertInto("attune.promotion")
    .values({ tenant, task, kind, id, previous: JSON.stringify(await storeParts(db, previous)) })
    .execute();
};

export const promotions = async (db: Db, tenant: string): Promise<readonly Promotion[]> =>
  db
    .selectFrom("attune.promotion as p")
    .select(["p.task", "p.kind", "p.id"])
    .select(iso("p.at").as("at"))
    .where("p.tenant", "=", tenant)
    .orderBy("p.place", "desc")
    .execute();

/** A rollback takes the newest promotion back that none has taken back yet: promotions are a stack. */
const toTakeBack = <Row extends { readonly kind: Promotion["kind"] }>(
  newestFirst: readonly Row[],
): Row | undefined => {
  let takenBack = 0;
  for (const row of newestFirst) {
    if (row.kind === "rollback") takenBack += 1;
    else if (takenBack > 0) takenBack -= 1;
    else return row;
  }
  return undefined;
};

export const filesBefore = async (
  db: Db,
  tenant: string,
  task: string,
): Promise<PlaybookFiles | undefined> => {
  const rows = await db
    .selectFrom("attune.promotion as p")
    .select(["p.kind", "p.previous"])
    .where("p.tenant", "=", tenant)
    .where("p.task", "=", task)
    .orderBy("p.place", "desc")
    .execute();
  const row = toTakeBack(rows);
  return row === undefined ? undefined : filesOf(db, row.previous);
};
