import { openEmbeddedStore } from "../../src/store/open.ts";
import { storeContract } from "./store.ts";

storeContract("the store in memory, while the session's search_path is another's", async () => {
  const { store, database } = await openEmbeddedStore("memory");
  await database.exec("create schema elsewhere; set search_path to elsewhere");
  return store;
});
