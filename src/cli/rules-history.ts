/** `attune rules history`: what was put in force when, by whom and why, with what changed in numbers. */
import {
  type Counted,
  type PlaybookChange,
  type Publication,
  PUBLICATION_KINDS,
} from "../core/publication.ts";
import { DEFAULT_TENANT } from "../work/attune.ts";
import { padColumns, printable } from "./columns.ts";
import { connected } from "./connected.ts";
import type { Call, Exit, Paint } from "./terminal.ts";

const THINGS: Readonly<Record<keyof PlaybookChange, readonly [one: string, many: string]>> = {
  rules: ["rule", "rules"],
  templates: ["template", "templates"],
  models: ["model file", "model files"],
  articles: ["article", "articles"],
  contactPolicy: ["contact policy", "contact policies"],
  corrections: ["file of corrections", "files of corrections"],
};

const countedInWords = (part: keyof PlaybookChange, counted: Counted): readonly string[] =>
  (["added", "changed", "removed"] as const).flatMap((what) => {
    const count = counted[what];
    return count === 0 ? [] : [`${count} ${THINGS[part][count === 1 ? 0 : 1]} ${what}`];
  });

/** "2 rules changed, 1 template added"; what changes nothing that is counted says so. */
export const changeInWords = (change: PlaybookChange): string =>
  (Object.keys(THINGS) as (keyof PlaybookChange)[])
    .flatMap((part) => countedInWords(part, change[part]))
    .join(", ") || "nothing that decides changed";

const whoAndWhy = ({ by, message }: Publication): string =>
  [by, message]
    .filter((text) => text !== "")
    .map(printable)
    .join(": ");

const lineOf = (publication: Publication, paint: Paint): string => {
  const { at, kind, hash, change, canary } = publication;
  const details = [
    whoAndWhy(publication),
    change === null ? "" : changeInWords(change),
    canary === null
      ? ""
      : `tried on ${canary.percent} % since ${canary.since.replace("T", " ").slice(0, 16)}`,
  ].filter((text) => text !== "");
  return [
    `${at.replace("T", " ").slice(0, 16)}  ${padColumns(PUBLICATION_KINDS[kind], 22)}  ${paint.bold(hash.slice(0, 12))}`,
    ...details.map((text) => `    ${text}`),
  ].join("\n");
};

/** Newest first, as given. */
export const historyAsText = (publications: readonly Publication[], paint: Paint): string =>
  publications.length === 0
    ? "nothing was published here yet, or not since the history is kept"
    : publications.map((publication) => lineOf(publication, paint)).join("\n");

export const rulesHistory = async (
  call: Call,
  { limit }: { readonly limit: number },
): Promise<Exit> => {
  const { terminal, context } = call;
  const publications = await connected(call, ({ attune }) =>
    attune.publications(DEFAULT_TENANT, limit),
  );
  terminal.out(
    context.json ? JSON.stringify({ publications }) : historyAsText(publications, terminal.paint),
  );
  return 0;
};
