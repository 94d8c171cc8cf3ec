/**
 * Bundles the library and the command into few files: each file costs time when it loads, and each byte, too.
 *
 * A chunk has the modules that load together. The chunks below are in order: a module belongs to the first chunk with a root that imports it
 * statically, directly or through others. So chunks import each other in one direction, no module is in two of them, and `opencode-ts/client`
 * loads no module of Node. Each other target of `import()` is the root of a chunk, too: its modules load when they are used.
 */
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import {
  type GetManualChunk,
  type ModuleInfo,
  type OutputAsset,
  type OutputChunk,
  type Plugin,
  rollup,
} from "@rollup/wasm-node";
import { transform } from "esbuild";

/** A chunk: what its roots reach. */
interface Chunk {
  readonly name: string;
  readonly roots: readonly string[];
  /** Only modules that this module reaches, too. */
  readonly within?: string;
}

const chunks: readonly Chunk[] = [
  // Help and version load these, and nothing else.
  { name: "command", roots: ["cli/exit.ts", "cli/failures.ts", "cli/package-files.ts"] },
  { name: "program", roots: ["cli/program.ts"] },
  // Requests and errors: what a status of kept servers and every other use need.
  { name: "base", roots: ["daemon/manage.ts"], within: "client.ts" },
  { name: "core", roots: ["client.ts"] },
  { name: "node", roots: ["index.ts"] },
  { name: "session", roots: ["session/operations.ts"] },
  { name: "daemon", roots: ["daemon/manage.ts"] },
  { name: "kept", roots: ["kept.ts"] },
  { name: "terminal", roots: ["cli/terminal.ts", "cli/run-command.ts", "cli/sizes.ts", "cli/target.ts"] },
  { name: "warm", roots: ["cli/preload.ts"] },
];

/** What `exports` and `bin` of package.json name, and the program that a supervisor runs. */
const entries = ["index", "client", "kept", "testing/index", "cli/main", "node/notice-sender"];

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
  let names: ReadonlyMap<string, string> | undefined;
  return (id, { getModuleInfo, getModuleIds }) => {
    names ??= chunkNames(
      [...getModuleIds()],
      (from) => getModuleInfo(from) ?? { importedIds: [], dynamicallyImportedIds: [] },
    );
    return names.get(id);
  };
}

type Imports = Pick<ModuleInfo, "importedIds" | "dynamicallyImportedIds">;

/** The chunk of each module. */
function chunkNames(ids: readonly string[], importsOf: (id: string) => Imports): ReadonlyMap<string, string> {
  const onDemand = [
    ...ids.flatMap((id) => importsOf(id).dynamicallyImportedIds),
    ...entries.map((name) => join(source, `${name}.ts`)),
  ];
  const all = [
    ...chunks.map(({ name, roots, within }) => ({
      name,
      roots: roots.map((root) => join(source, root)),
      within: within === undefined ? undefined : reached([join(source, within)], importsOf),
    })),
    ...onDemand.map((root) => ({ name: nameOf(root), roots: [root], within: undefined })),
  ];
  const names = new Map<string, string>();
  for (const { name, roots, within } of all) {
    for (const id of reached(roots, importsOf)) {
      if (!names.has(id) && within?.has(id) !== false) names.set(id, name);
    }
  }
  return names;
}

/** The modules themselves, and what they import statically. */
function reached(roots: readonly string[], importsOf: (id: string) => Imports): Set<string> {
  const found = new Set(roots);
  for (const id of found) for (const imported of importsOf(id).importedIds) found.add(imported);
  return found;
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
