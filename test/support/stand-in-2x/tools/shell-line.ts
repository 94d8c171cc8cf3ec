/** The commands of a shell line, as resources of a permission request. */
import type { SyntaxNode } from "unbash";

export interface ShellCommands {
  readonly resources: readonly string[];
  /** The prefixes that an answer `always` saves. */
  readonly save: readonly string[];
}

/** A line that cannot be read is one resource. */
export async function parseLine(line: string): Promise<ShellCommands> {
  const { parse, forEachChild } = await import("unbash");
  const found: string[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.type === "Command") found.push(line.slice(node.pos, node.end).trim());
    forEachChild(node, visit);
  };
  try {
    visit(parse(line));
  } catch {
    found.length = 0;
  }
  const resources = found.filter((one) => one !== "");
  if (resources.length === 0) return { resources: [line.trim()], save: [line.trim()] };
  return { resources, save: [...new Set(resources.map((one) => `${one.split(/\s/)[0]} *`))] };
}
