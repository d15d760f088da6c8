import { describe } from "vitest";
import { openPostgresStore } from "../../src/store/open.ts";
import { postgresFor } from "../suites.ts";
import { storeContract } from "./store.ts";

const NAME = "the store on PostgreSQL";
const url = await postgresFor(NAME);

describe.skipIf(url === undefined)("PostgreSQL", () => {
  storeContract(NAME, async () => (await openPostgresStore(url ?? "")).store);
});
