/** The frame of every HTML page that a command writes: one file, no script, no outside call, light and dark. What comes from data must pass through `escaped`. */

/** Text that may stand in an element or in a quoted attribute. Control characters, which HTML forbids, are left out. */
export const escaped = (text: string): string =>
  text
    .replaceAll(/(?![\t\n])\p{Cc}/gu, "")
    .replaceAll(/[&<>"']/gu, (char) => `&#${char.codePointAt(0) ?? 0};`);

export interface TableParts {
  readonly head: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly string[])[];
  /** What the table shows; read aloud where it is scrolled to. */
  readonly name: string;
}

/** A table of plain text that scrolls sideways where it is wider than the page. A line break in a cell is kept. */
export const tableOf = ({ head, rows, name }: TableParts): string => {
  const inCell = (text: string): string => escaped(text).replaceAll("\n", "<br>");
  const top = head.map((text) => `<th scope="col">${inCell(text)}</th>`).join("");
  const body = rows.map(([first = "", ...rest]) => {
    const cells = rest.map((text) => `<td>${inCell(text)}</td>`).join("");
    return `<tr><th scope="row">${inCell(first)}</th>${cells}</tr>`;
  });
  return `<div class="wide" role="region" tabindex="0" aria-label="${escaped(name)}"><table class="numbers"><thead><tr>${top}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
};

const STYLE = `:root{color-scheme:light dark;--ink:#1c2733;--paper:#fff;--panel:#f3f5f7;--line:#d8dee4;--muted:#566370;--accent:#1769aa;--rival:#8a97a5;--base:#c3cbd3;--good:#1a7544;--bad:#b93a26}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf0;--paper:#12181f;--panel:#1d262f;--line:#364350;--muted:#a3b0bc;--accent:#5eb0ef;--rival:#7f8e9c;--base:#4d5b69;--good:#55c990;--bad:#ff8370}}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:var(--ink);background:var(--paper)}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}a{color:var(--accent)}
table{border-collapse:collapse}td,th{padding:.25rem .5rem;border:1px solid var(--line);text-align:right;font-weight:normal}
th{background:var(--panel)}td:first-child,th:first-child{text-align:left}.wide{overflow-x:auto}.numbers td{white-space:nowrap}`;

export interface PageParts {
  /** Plain text. */
  readonly title: string;
  /** Rules of this page beside those of the frame. */
  readonly style: string;
  /** HTML below the heading. */
  readonly body: string;
}

/** The whole page, with its title as heading. */
export const page = ({ title, style, body }: PageParts): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}
${style}</style></head><body>
<h1>${escaped(title)}</h1>
${body}
</body></html>
`;
