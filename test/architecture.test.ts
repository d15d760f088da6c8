/**
 * The architecture, as a table: which room may import which, and which room each package belongs to.
 * A leak fails here, and so does a clock or a die in the core.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = resolve(import.meta.dirname, "../src");

/** Reading this table is reading the house. `nouns` are the files that stand in src/core itself; `story` tells them together. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: ["nouns"],
  config: ["nouns", "errors"],
  log: ["nouns", "config"],
  nouns: [],
  models: ["nouns"],
  tables: ["nouns", "models", "customers"],
  text: ["nouns", "models"],
  customers: ["nouns", "models"],
  rules: ["nouns", "models", "text", "customers"],
  replies: ["nouns", "models", "text", "customers", "rules"],
  story: ["nouns", "models", "text", "customers", "rules", "replies"],
  backtest: ["nouns", "models", "customers", "rules", "replies", "story"],
  work: ["nouns", "models", "text", "customers", "rules", "replies", "story", "backtest", "errors"],
  queue: ["nouns", "errors"],
  store: ["nouns", "errors"],
  http: ["nouns", "models", "story", "work", "errors"],
  cli: [
    "nouns",
    "models",
    "tables",
    "text",
    "customers",
    "rules",
    "replies",
    "story",
    "backtest",
    "work",
    "errors",
    "config",
  ],
  app: ["nouns", "story", "work", "queue", "store", "http", "cli", "errors", "config", "log"],
  index: ["nouns", "story", "work", "errors", "config", "app", "cli"],
  "cli.ts": ["cli", "app", "config", "errors"],
};

/** The files of src/core that tell the story; every other file there is a noun. */
const STORY: ReadonlySet<string> = new Set([
  "respond.ts",
  "settle.ts",
  "explain.ts",
  "prepare.ts",
  "playbook-change.ts",
  "fold-stored.ts",
  "compare-playbooks.ts",
]);

/** Which rooms may use a package. zod is everywhere a door is. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@node-rs/jieba": ["text"],
  sentiment: ["text"],
  natural: ["text"],
  "ml-kmeans": ["models"],
  "ml-cart": ["models"],
  "ml-regression": ["models"],
  liquidjs: ["replies"],
  re2js: ["rules"],
  yaml: ["rules"],
  "json-rules-engine": ["work"],
  bullmq: ["queue"],
  ioredis: ["queue"],
  pg: ["queue", "store"],
  kysely: ["store"],
  "@electric-sql/pglite": ["store"],
  fastify: ["http"],
  commander: ["cli", "cli.ts"],
  "cli-progress": ["cli"],
  "cli-table3": ["cli"],
  picocolors: ["cli"],
  "string-width": ["cli"],
  "csv-parse": ["cli"],
  tsx: ["work"],
  pino: ["log"],
};

const CORE_ROOMS: ReadonlySet<string> = new Set([
  "nouns",
  "models",
  "tables",
  "text",
  "customers",
  "rules",
  "replies",
  "story",
  "backtest",
]);

const roomOf = (file: string): string => {
  const [first = "", second, third] = relative(SRC, file).split("/");
  if (second === undefined) return first === "cli.ts" ? first : first.replace(/(\.d)?\.ts$/u, "");
  if (first !== "core") return first;
  if (third !== undefined) return second;
  return STORY.has(second) ? "story" : "nouns";
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
  .map((name) => join(SRC, name));

const imports: readonly Import[] = sources.flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)"([^"]+)"/gu)].map(
    ([, target = ""]) => ({
      file: relative(SRC, file),
      room: roomOf(file),
      target,
    }),
  ),
);

const isInside = ({ target }: Import): boolean => target.startsWith(".");
const packageOf = (target: string): string =>
  target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");

describe("the house", () => {
  it("has a row for every room that stands in src", () => {
    expect([...new Set(sources.map(roomOf))].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
  });

  it("has imports that point only where the table allows", () => {
    const leaks = imports.filter(isInside).flatMap(({ file, room, target }) => {
      const to = roomOf(resolve(SRC, dirname(file), target));
      return to === room || MAY_IMPORT[room]?.includes(to) === true ? [] : [`${file} -> ${target}`];
    });
    expect(leaks).toEqual([]);
  });

  it("imports only files that exist", () => {
    const lost = imports
      .filter((one) => isInside(one) && !existsSync(resolve(SRC, dirname(one.file), one.target)))
      .map(({ file, target }) => `${file} -> ${target}`);
    expect(lost).toEqual([]);
  });

  it("keeps every package in its room", () => {
    const strays = imports
      .filter(
        (one) =>
          !isInside(one) && !one.target.startsWith("node:") && packageOf(one.target) !== "zod",
      )
      .filter(({ room, target }) => PACKAGES[packageOf(target)]?.includes(room) !== true)
      .map(({ file, target }) => `${file} -> ${target}`);
    expect(strays).toEqual([]);
  });

  it("opens json-rules-engine at one door", () => {
    const doors = imports
      .filter(({ target }) => target === "json-rules-engine")
      .map(({ file }) => file);
    expect(doors).toEqual(["work/oracle.ts"]);
  });
});

describe("the core", () => {
  it("touches no input, output, clock or die", () => {
    const forbidden =
      /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.|\bprocess\.|\bsetTimeout\b|\bfetch\(/u;
    const wrong = sources
      .filter((file) => CORE_ROOMS.has(roomOf(file)))
      .flatMap((file) => {
        const text = readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gmu, "");
        const clock = forbidden.exec(text)?.[0];
        const outside = /"node:[^"]+"/u.exec(text)?.[0];
        return [clock, outside].flatMap((found) =>
          found === undefined ? [] : [`${relative(SRC, file)}: ${found}`],
        );
      });
    expect(wrong).toEqual([]);
  });
});
