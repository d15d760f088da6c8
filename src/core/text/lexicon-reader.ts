/** What reading a text needs before any model: the lexicons and settings of a playbook, opened. */
import type { CueLexicon } from "./cues.ts";
import type { ScriptTable } from "./language.ts";
import type { LanguageModel } from "./language-model.ts";
import type { Lexicons } from "./marks.ts";
import type { ReadingSettings } from "./settings.ts";

/** Enough to train on. */
export interface LexiconReader {
  readonly lexicons: Lexicons;
  readonly simplified: ReadonlyMap<string, string>;
  readonly scripts: ScriptTable;
  readonly settings: ReadingSettings;
  readonly cues: CueLexicon;
  readonly language: LanguageModel;
}
