/** The estimators that are timed, from the build: tsx names every function at run time, which makes small ones slower. */
import { buildAddress } from "../text/build.ts";

type Part<Module, Name extends keyof Module> = Pick<Module, Name>;

export type ModelsBuild = Part<typeof import("../../src/core/models/kmeans.ts"), "fitKMeans"> &
  Part<typeof import("../../src/core/models/cart.ts"), "fitCart" | "predictCart"> &
  Part<typeof import("../../src/core/models/boosting-fit.ts"), "fitBoosting"> &
  Part<typeof import("../../src/core/models/boosting.ts"), "openBoosting" | "predictBoosting"> &
  Part<typeof import("../../src/core/models/ridge.ts"), "fitRidge" | "predictRidge"> &
  Part<typeof import("../../src/core/models/logistic.ts"), "fitLogistic" | "predictLogistic"> &
  Part<typeof import("../../src/core/models/predict.ts"), "openModels" | "predictValues">;

const MODULES = [
  "models/kmeans",
  "models/cart",
  "models/boosting-fit",
  "models/boosting",
  "models/ridge",
  "models/logistic",
  "models/predict",
] as const;

/** Rejects, if nothing was built. */
export const openModelsBuild = async (home: string): Promise<ModelsBuild> => {
  const address = buildAddress(home);
  const parts = await Promise.all(
    MODULES.map(async (name) => (await import(`${address}/core/${name}.js`)) as object),
  );
  return Object.assign({}, ...parts) as ModelsBuild;
};
