/**
 * scikit-learn in a Python process of its own, held to one thread. It is no dependency: without it the benchmark says how to get it.
 * Requests and answers are lines of JSON; tables go by path.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Missing } from "../text/peers.ts";
import type { DataSet } from "./data.ts";

export const SKLEARN = "scikit-learn";

export type SklearnEstimator = "kmeans" | "miniBatch" | "tree" | "boosting" | "logistic" | "ridge";

export interface SklearnRequest {
  readonly estimator: SklearnEstimator;
  readonly options: Readonly<Record<string, number>>;
}

/** CPU seconds of a fit, and how good it is: inertia, AUC or R². */
export interface Outcome {
  readonly seconds: number;
  readonly quality: number;
}

export interface Sklearn {
  readonly version: string;
  readonly fit: (request: SklearnRequest, set: DataSet) => Promise<Outcome>;
  readonly close: () => void;
}

/** Debian's own Python stands second, because another one may come first in the path. */
const PYTHONS = ["python3", "/usr/bin/python3"] as const;

const ONE_THREAD = {
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
} as const;

const versionIn = (python: string): string | undefined => {
  const asked = spawnSync(python, ["-c", "import sklearn; print(sklearn.__version__)"], {
    encoding: "utf8",
  });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
};

const linesOf = (child: ChildProcessWithoutNullStreams): (() => Promise<string>) => {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const line: IteratorResult<string, unknown> = await lines.next();
    if (line.done === true) throw new Error("the Python process ended before it answered");
    return line.value;
  };
};

const openIn = async (python: string, version: string): Promise<Sklearn> => {
  const child = spawn(python, [join(import.meta.dirname, "fit-sklearn.py")], {
    env: { ...process.env, ...ONE_THREAD },
  });
  child.stderr.pipe(process.stderr);
  const nextLine = linesOf(child);
  await nextLine();
  return {
    version,
    fit: async (request, { train, test }) => {
      child.stdin.write(`${JSON.stringify({ ...request, train, test })}\n`);
      return JSON.parse(await nextLine()) as Outcome;
    },
    close: () => {
      child.stdin.end();
    },
  };
};

export const openSklearn = async (): Promise<Sklearn | Missing> => {
  for (const python of PYTHONS) {
    const version = versionIn(python);
    if (version !== undefined) return await openIn(python, version);
  }
  return { name: SKLEARN, command: "apt-get install -y python3-sklearn" };
};
