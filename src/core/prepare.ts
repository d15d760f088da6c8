/**
 * A playbook made ready to decide: every file parsed, checked and compiled once.
 * It is refused as a whole, with the faults of all of its files, so that no half of a playbook is ever in force.
 */
import { type Checked, didYouMean, type Fault, faulty, sound } from "./fault.ts";
import { MODEL_TASKS, modelPath } from "./models/model-file.ts";
import { type Models, openModels } from "./models/predict.ts";
import type { Playbook, PlaybookFiles } from "./playbook.ts";
import { checkTemplates, openReplies, type ReplyKit } from "./replies/reply-kit.ts";
import { openRules } from "./rules/open.ts";
import type { Rules } from "./rules/rules.ts";
import { ARTICLES_FOLDER } from "./text/articles.ts";
import { CATALOGUE_FILE } from "./text/catalogue.ts";
import { CORRECTIONS_FILE } from "./text/corrections.ts";
import { openTextReader, TEXT_FILES, type TextReader } from "./text/reader.ts";

export interface PreparedPlaybook {
  readonly hash: string;
  readonly text: TextReader;
  readonly models: Models;
  readonly rules: Rules;
  readonly replies: ReplyKit;
}

const faultsIn = (checked: Checked<unknown>): readonly Fault[] =>
  checked.kind === "faulty" ? checked.faults : [];

/** What is read by its folder and ending; models and lexicons are read by name. */
const READ_PATHS = /^rules\/[^/]+\.(?:json|ya?ml)$|^rules\/templates\/[^/]+\.liquid$/u;
const READ_MODELS: ReadonlySet<string> = new Set([
  ...Object.values(TEXT_FILES),
  CATALOGUE_FILE,
  CORRECTIONS_FILE,
  ...MODEL_TASKS.map(modelPath),
]);

/** A file that nothing reads would only change the hash and be carried to every worker. */
const strayFiles = (files: PlaybookFiles): readonly Fault[] =>
  Object.keys(files)
    .filter(
      (path) =>
        !READ_PATHS.test(path) && !path.startsWith(ARTICLES_FOLDER) && !READ_MODELS.has(path),
    )
    .map((path) => ({
      place: path,
      sentence: `is not part of a playbook${didYouMean(path, READ_MODELS) || "; leave it out"}`,
    }));

/** Opens every part of the playbook; costs tens of milliseconds, so callers keep the result. */
export const preparePlaybook = (playbook: Playbook): Checked<PreparedPlaybook> => {
  const stray = strayFiles(playbook.files);
  // Refused before anything is parsed: there may be thousands of them.
  if (stray.length > 0) return faulty(stray);
  const text = openTextReader(playbook.files);
  const models = openModels(playbook.files);
  const rules = openRules(playbook.files);
  const replies = openReplies(playbook.files);
  if (
    text.kind === "faulty" ||
    models.kind === "faulty" ||
    rules.kind === "faulty" ||
    replies.kind === "faulty"
  )
    return faulty([text, models, rules, replies].flatMap(faultsIn));
  const { inOrder, resting } = rules.value;
  const uses = [...inOrder, ...resting].map(({ place, action }) => ({
    place,
    template: action.params.template,
    values: action.values.map(([name]) => name),
  }));
  const unmatched = checkTemplates(uses, replies.value);
  if (unmatched.length > 0) return faulty(unmatched);
  return sound({
    hash: playbook.hash,
    text: text.value,
    models: models.value,
    rules: rules.value,
    replies: replies.value,
  });
};
