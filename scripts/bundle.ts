/**
 * Bundles the library and the command into few files: each file costs time when it loads, and each byte, too.
 *
 * A chunk has the modules that load together. The roots below are in order: a module belongs to the first root that imports it
 * statically, directly or through others. So the chunks have no cycles, no module is in two chunks, and `client` reaches no module of Node.
 * Each other target of `import()` is a root, too: its modules load when they are used.
 */
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { type GetManualChunk, type OutputAsset, type OutputChunk, type Plugin, rollup } from "@rollup/wasm-node";
import { transform } from "esbuild";

/** Modules of the package that name a chunk, in order. */
const roots: Readonly<Record<string, string>> = {
  core: "client.ts",
  node: "index.ts",
  session: "session/operations.ts",
  kept: "kept.ts",
  warm: "cli/preload.ts",
};

/** What `exports` and `bin` of package.json name. */
const entries = ["index", "client", "kept", "testing/index", "cli/main"];

/** Stays outside: the optional peer dependency. */
const peers = /^@modelcontextprotocol\/sdk\//;

/**
 * Libraries of libraries that are left out: their text instead. `debug` prints the address of a proxy with its password; the logins of
 * `proxy-agent-negotiate` are not offered.
 */
const leftOut: Readonly<Record<string, string>> = {
  debug: "export default () => () => {};",
  "proxy-agent-negotiate": "export const createNegotiateAuth = undefined;",
};

const source = join(dirname(dirname(fileURLToPath(import.meta.url))), "src");

/** Writes the bundles into a folder. Resolves with their files. */
export async function bundle(folder: string): Promise<readonly (OutputChunk | OutputAsset)[]> {
  const build = await rollup({
    input: Object.fromEntries(entries.map((name) => [name, join(source, `${name}.ts`)])),
    external: peers,
    plugins: [
      sources(),
      withoutLeftOut(),
      nodeResolve({ preferBuiltins: true, exportConditions: ["node"] }),
      callable(commonjs)({ strictRequires: "auto" }),
      compact(),
    ],
    treeshake: { moduleSideEffects: (id) => id.endsWith("/cli/main.ts") },
    onLog: (level, log) => {
      if (level === "warn") throw new Error(log.message);
    },
  });
  try {
    const { output } = await build.write({
      dir: folder,
      format: "es",
      entryFileNames: "[name].js",
      chunkFileNames: "chunks/[name]-[hash].js",
      manualChunks: chunkOf(),
      hoistTransitiveImports: false,
      generatedCode: { preset: "es2015", symbols: false },
    });
    return output;
  } finally {
    await build.close();
  }
}

/** Which chunk a module belongs to. */
function chunkOf(): GetManualChunk {
  let chunks: Map<string, string> | undefined;
  return (id, { getModuleInfo, getModuleIds }) => {
    if (chunks === undefined) {
      chunks = new Map();
      const dynamic = [...getModuleIds()].flatMap((from) => getModuleInfo(from)?.dynamicallyImportedIds ?? []);
      const named = Object.entries(roots).map(([name, file]) => [name, join(source, file)] as const);
      const others = [...dynamic, ...entries.map((name) => join(source, `${name}.ts`))];
      for (const [name, root] of [...named, ...others.map((file) => [nameOf(file), file] as const)]) {
        claim(root, name, chunks, (from) => getModuleInfo(from)?.importedIds ?? []);
      }
    }
    return chunks.get(id);
  };
}

/** Gives a chunk all modules that a root reaches and that have no chunk. */
function claim(
  root: string,
  chunk: string,
  chunks: Map<string, string>,
  importsOf: (id: string) => readonly string[],
): void {
  const waiting = [root];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (chunks.has(id)) continue;
    chunks.set(id, chunk);
    waiting.push(...importsOf(id));
  }
}

/** `cli/commands/web.ts` of ours is `cli-commands-web`; a library has its own name. */
function nameOf(file: string): string {
  const library = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  return (library ?? relative(source, file).replace(/\.ts$/, "")).replace(/[^\w-]+/g, "-");
}

/** An import names the built file. */
function sources(): Plugin {
  return {
    name: "sources",
    resolveId: (name, importer) =>
      name.startsWith(".") && importer?.startsWith(source + sep) === true
        ? join(dirname(importer), name.replace(/\.js$/, ".ts"))
        : undefined,
  };
}

function withoutLeftOut(): Plugin {
  const prefix = "left-out:";
  return {
    name: "left-out",
    resolveId: (source) => (Object.hasOwn(leftOut, source) ? prefix + source : undefined),
    load: (id) => (id.startsWith(prefix) ? leftOut[id.slice(prefix.length)] : undefined),
  };
}

/** Comments are in the declarations. Our own code stays readable for stack traces; that of libraries becomes small. */
function compact(): Plugin {
  return {
    name: "compact",
    transform: async (code, id) => {
      const isOurs = id.startsWith(source + sep);
      if (!isOurs && !id.endsWith("js")) return null;
      const loader = isOurs ? "ts" : "js";
      const small = await transform(code, { loader, target: "node20.19", legalComments: "none", minify: !isOurs });
      return { code: small.code, map: null };
    },
  };
}

/** The types of the plugin are those of CommonJS, where the function is `default`; the module is the function. */
function callable<T>(plugin: { readonly default: T }): T {
  return plugin as unknown as T;
}
