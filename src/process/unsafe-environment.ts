/** The environment handed to an agent process, and what never belongs in it. */

/** Variables of a process; `undefined` means not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that debuggers and bundlers set for the process they start, and that break or hijack a child which inherits
 * them: Node and Bun would wait for an inspector, Electron would run as Node, and a compiled Bun program (the agent is
 * one) would act as Bun itself.
 */
const hijacking =
  /^(NODE_OPTIONS|NODE_INSPECT.*|VSCODE_INSPECTOR_OPTIONS|ELECTRON_RUN_AS_NODE|BUN_INSPECT.*|BUN_OPTIONS|BUN_BE_BUN)$/i;

/** True for a variable that must not reach the agent by inheritance. */
export function isHijacking(name: string): boolean {
  return hijacking.test(name);
}
