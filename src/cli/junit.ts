/** JUnit's XML, which build servers show as tests. */

export interface JunitTest {
  readonly name: string;
  readonly failures: readonly {
    readonly type: string;
    readonly message: string;
    readonly text: string;
  }[];
}

const XML: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Control characters have no place in XML at all. */
const xml = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, " ")
    .replace(/[&<>"]/gu, (char) => XML[char] ?? char);

/** `suite` is the command, such as "rules lint". */
export const asJunit = (suite: string, tests: readonly JunitTest[]): string => {
  const lines = tests.map(({ name, failures }) => {
    const told = failures.map(
      ({ type, message, text }) =>
        `<failure type="${xml(type)}" message="${xml(message)}">${xml(text)}</failure>`,
    );
    return `  <testcase classname="${xml(suite)}" name="${xml(name)}">${told.join("")}</testcase>`;
  });
  const failed = tests.filter(({ failures }) => failures.length > 0).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="attune ${xml(suite)}" tests="${tests.length}" failures="${failed}">`,
    ...lines,
    "</testsuite>",
    "",
  ].join("\n");
};
