/** Calls of the command line that the documentation shows, and what is wrong with one. */
import type { Command, Option } from "commander";
import { createProgram } from "../../src/cli/program.ts";
import { createPaint } from "../../src/cli/terminal.ts";
import { fencesOf, type Page, pageText, withoutFences } from "./pages.ts";

/** Words of a command line as a shell reads them; what follows a bar, an ampersand or a comment is left out. */
const wordsOf = (line: string): readonly string[] =>
  [...(line.split(/ (?:[|&]|#)/u)[0] ?? "").matchAll(/'([^']*)'|"([^"]*)"|(\S+)/gu)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  );

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The real command line; its commands do nothing. */
export const program = createProgram({
  version: "0",
  terminal: {
    out: () => undefined,
    note: () => undefined,
    input: nothing(),
    live: false,
    columns: 100,
    paint: createPaint(false),
    stop: new AbortController().signal,
  },
  run: async () => undefined,
});

interface Taken {
  readonly command: Command;
  readonly given: readonly string[];
  readonly options: readonly { readonly name: string; readonly value: string | undefined }[];
}

/** Whether the word after an option is its value. */
const takesWord = (option: Option | undefined, next: string | undefined): boolean =>
  option?.required === true || (option?.optional === true && next?.startsWith("--") === false);

/** Walks to the command that a line names; the word after an option that takes a value, or may take one, is its value, and so are the words up to the next option where it takes several. */
const take = (words: readonly string[]): Taken => {
  let command: Command = program;
  const given: string[] = [];
  const options: { name: string; value: string | undefined }[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const next = command.commands.find((one) => one.name() === word);
    if (word.startsWith("--")) {
      const option = command.options.find(({ long }) => long === word);
      const takesValue = takesWord(option, words[at + 1]);
      if (takesValue) at += 1;
      options.push({ name: word, value: takesValue ? words[at] : undefined });
      if (option?.variadic === true) {
        const after = words.findIndex((one, index) => index > at && one.startsWith("--"));
        at = (after === -1 ? words.length : after) - 1;
      }
    } else if (next === undefined) given.push(word);
    else command = next;
  }
  return { command, given, options };
};

const optionFaults = ({ command, options }: Taken): readonly string[] =>
  options.flatMap(({ name, value }) => {
    if (name === "--help") return [];
    const option = command.options.find(({ long }) => long === name);
    if (option === undefined) return [`no option ${name}`];
    return value !== undefined && option.argChoices?.includes(value) === false
      ? [`${name} does not take ${value}`]
      : [];
  });

const argumentFaults = ({ command, given }: Taken, complete: boolean): readonly string[] => {
  const { registeredArguments } = command;
  if (given.length > registeredArguments.length)
    return [`no command or argument ${given.join(" ")}`];
  const wrong = given.filter(
    (word, index) => registeredArguments[index]?.argChoices?.includes(word) === false,
  );
  const needed = registeredArguments.filter(({ required }) => required).length;
  return [
    ...wrong.map((word) => `${word} is not a choice`),
    ...(complete && given.length < needed ? ["arguments are missing"] : []),
  ];
};

/** What is wrong with a call of `attune`. In a block every argument must be there; in a sentence it may be left out. */
export const callFaults = (line: string, complete: boolean): readonly string[] => {
  const [, ...words] = wordsOf(line);
  const taken = take(words.filter((word) => word !== "…"));
  return [...optionFaults(taken), ...argumentFaults(taken, complete)].map(
    (fault) => `${line}: ${fault}`,
  );
};

export const blockCalls = (page: Page): readonly string[] =>
  fencesOf(page).flatMap(({ info, body }) => {
    if (info !== "console" && info !== "sh") return [];
    const lines = body.split("\n").flatMap((line) => {
      if (info === "sh") return [line];
      return line.startsWith("$ ") ? [line.slice(2)] : [];
    });
    return lines
      .map(
        (line) =>
          /(?:^|\| |&& )((?:npx )?attune .*)$/u.exec(line)?.[1]?.replace(/^npx /u, "") ?? "",
      )
      .filter((line) => line !== "");
  });

export const inlineCalls = (page: Page): readonly string[] =>
  [...withoutFences(pageText(page)).matchAll(/`(attune [^`]+)`/gu)].map(([, line = ""]) => line);
