/** A tree drawn with lines, as `explain` shows it. Labels may hold several lines; the lines of the tree go on beside them. */

export interface TreeNode {
  readonly label: string;
  readonly children?: readonly TreeNode[];
}

const drawChildren = (children: readonly TreeNode[], indent: string): readonly string[] =>
  children.flatMap((child, index) => {
    const last = index === children.length - 1;
    const below = indent + (last ? "   " : "│  ");
    const [first = "", ...rest] = child.label.split("\n");
    return [
      `${indent}${last ? "└─ " : "├─ "}${first}`,
      ...rest.map((line) => below + line),
      ...drawChildren(child.children ?? [], below),
    ];
  });

/** The tree as text, without a line break at its end. */
export const drawTree = (root: TreeNode): string =>
  [root.label, ...drawChildren(root.children ?? [], "")].join("\n");
