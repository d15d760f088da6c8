/**
 * Files of playbooks once each, by the hash of their text: a correction makes a new playbook that differs in one small file, and models weigh megabytes.
 * Playbooks of older versions keep their `files`; new ones have `parts`, path → hash of the text.
 */
export const PLAYBOOK_FILES: readonly string[] = [
  `create table attune.playbook_file (hash text collate "C" not null primary key, text text not null)`,
  `alter table attune.playbook alter column files drop not null`,
  `alter table attune.playbook add column parts json`,
  `alter table attune.playbook add constraint playbook_has_content check ((files is null) <> (parts is null))`,
];
