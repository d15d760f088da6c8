/** `/v1/signals/:id/correction` and `/v1/corrections`: what people corrected. */
import type { FastifyInstance } from "fastify";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import { idOf } from "./parse.ts";

/** Registers the routes of corrections. */
export const correctionRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.put("/v1/signals/:id/correction", async (request) =>
    attune.correct({ tenant: DEFAULT_TENANT, id: idOf(request.params) }, request.body),
  );
  server.get("/v1/corrections", async () => ({
    corrections: await attune.corrections(DEFAULT_TENANT),
  }));
};
