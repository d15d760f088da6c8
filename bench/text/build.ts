/** What is timed, from the build: tsx names every function at run time, which makes reading a fifth slower (8,700 against 7,100 English texts/s). */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

type Part<Module, Name extends keyof Module> = Pick<Module, Name>;

export type Build = Part<typeof import("../../src/core/text/analyse.ts"), "analyse"> &
  Part<typeof import("../../src/core/text/classifier.ts"), "marginReader"> &
  Part<typeof import("../../src/core/text/classify.ts"), "answererOf"> &
  Part<typeof import("../../src/core/text/grams.ts"), "gramCounter"> &
  Part<typeof import("../../src/core/text/normalise.ts"), "normalise"> &
  Part<typeof import("../../src/core/text/reader.ts"), "openTextReader">;

const MODULES = ["analyse", "classifier", "classify", "grams", "normalise", "reader"] as const;

/** The folder of the build below `home`, as an address. */
export const buildAddress = (home: string): string => pathToFileURL(join(home, "dist")).href;

/** Rejects, if nothing was built. */
export const openBuild = async (home: string): Promise<Build> => {
  const address = buildAddress(home);
  const parts = await Promise.all(
    MODULES.map(async (name) => (await import(`${address}/core/text/${name}.js`)) as object),
  );
  return Object.assign({}, ...parts) as Build;
};
