/** Everything that decides, as files: rule sets, templates, contact policy, lexicons, models. Immutable; named by the hash of its content. */

/** Path relative to the project (`rules/delivery.json`, `models/churn.json`) → text of the file. */
export type PlaybookFiles = Readonly<Record<string, string>>;

export interface Playbook {
  /** Lower-case hexadecimal SHA-256 of the sorted paths and contents. */
  readonly hash: string;
  readonly files: PlaybookFiles;
}
