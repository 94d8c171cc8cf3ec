/** Client, agent and simulation as one file, with a fault put into it where that is asked for. */
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

/** The package's folder. */
export const root: string = join(dirname(fileURLToPath(import.meta.url)), "../../..");

/** A small change of one source file. */
export interface Patch {
  /** Relative to the package's folder. */
  readonly file: string;
  /** Is there exactly once. */
  readonly from: string;
  readonly to: string;
}

/** A world begins with a new process, which has made no id yet: its ids must not follow those of the world before. */
const freshIds: Patch = {
  file: "src/util/ids.ts",
  from: "let lastTime = 0;",
  to: 'let lastTime = 0; Reflect.set(globalThis, Symbol.for("opencode-ts.simulation.fresh"), () => { lastTime = 0; counter = 0; });',
};

/** Writes the bundle into `folder`; resolves to its path. Throws when a patch does not apply exactly once. */
export async function bundleSimulation(folder: string, faults: readonly Patch[] = []): Promise<string> {
  const patches = [freshIds, ...faults];
  const outfile = join(folder, "simulate.mjs");
  await build({
    entryPoints: [join(root, "test/simulation/main.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "error",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    plugins: [patching(patches)],
  });
  return outfile;
}

/** The file's text with the patch. */
export function patched(text: string, { file, from, to }: Patch): string {
  const pieces = text.split(from);
  if (pieces.length !== 2)
    throw new Error(`${file}: the text to be replaced is there ${pieces.length - 1} times: ${from}`);
  return pieces.join(to);
}

function patching(patches: readonly Patch[]): Plugin {
  const missing = new Set(patches);
  return {
    name: "patches",
    setup: (context) => {
      context.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const own = patches.filter(({ file }) => file === relative(root, path));
        if (own.length === 0) return undefined;
        let contents = readFileSync(path, "utf8");
        for (const patch of own) {
          contents = patched(contents, patch);
          missing.delete(patch);
        }
        return { contents, loader: "ts" };
      });
      context.onEnd(() => {
        for (const { file } of missing) throw new Error(`${file} is not part of the simulation`);
      });
    },
  };
}
