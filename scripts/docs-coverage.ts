/**
 * Counts the doc comments of the public API: every export of the entries, and every member of an exported class, interface or
 * type. Prints the counts and the names without a comment. Fails below the limits.
 */
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entries = ["index.ts", "client.ts", "kept.ts", "testing/index.ts"];

/** Percent that must have a comment. */
const minimum = { exports: 100, members: 95 } as const;

/** Something that a user can name. */
export interface Documented {
  /** `Session`, or `Session.ask` for a member. */
  readonly name: string;
  /** `folder/file.ts:12`, relative to the source folder. */
  readonly place: string;
  readonly isDocumented: boolean;
}

/** All exports and members, each once, however many entries export it and types inherit it. */
export interface Coverage {
  readonly exports: readonly Documented[];
  readonly members: readonly Documented[];
}

/** Reads the doc comments of the exports of `files`. Declarations of libraries and generated ones do not count. */
export function docsCoverage(folder: string, files: readonly string[], options: ts.CompilerOptions): Coverage {
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    options,
  );
  const checker = program.getTypeChecker();
  const exported = new Map<ts.Declaration, Documented>();
  const members = new Map<ts.Declaration, Documented>();

  const declarationOf = (symbol: ts.Symbol): ts.Declaration | undefined =>
    (symbol.declarations ?? []).find((declaration) => {
      const path = relative(folder, declaration.getSourceFile().fileName);
      return !path.startsWith("..") && !path.startsWith("generated");
    });

  const note = (into: Map<ts.Declaration, Documented>, name: string, symbol: ts.Symbol): boolean => {
    const declaration = declarationOf(symbol);
    if (declaration === undefined || into.has(declaration)) return false;
    const source = declaration.getSourceFile();
    const line = source.getLineAndCharacterOfPosition(declaration.getStart()).line + 1;
    const isDocumented = symbol.getDocumentationComment(checker).length > 0;
    into.set(declaration, { name, place: `${relative(folder, source.fileName)}:${line}`, isDocumented });
    return true;
  };

  /** Members of a type, inherited ones included, and of the object types written inside of them. */
  const noteMembers = (owner: string, type: ts.Type): void => {
    if (type.isUnionOrIntersection()) for (const part of type.types) noteMembers(owner, part);
    for (const property of isObject(type) ? checker.getPropertiesOfType(type) : []) {
      const name = `${declaringType(property) ?? owner}.${readable(property)}`;
      if (!isPublic(property) || !note(members, name, property)) continue;
      for (const written of writtenOut(property)) noteMembers(name, checker.getTypeFromTypeNode(written));
    }
  };

  for (const file of files) {
    const source = program.getSourceFile(join(folder, file));
    const entry = source && checker.getSymbolAtLocation(source);
    if (entry === undefined) throw new Error(`${file} is no module`);
    for (const alias of checker.getExportsOfModule(entry)) {
      const symbol = alias.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(alias) : alias;
      if (!note(exported, alias.name, symbol)) continue;
      if (symbol.flags & ts.SymbolFlags.Type) noteMembers(alias.name, checker.getDeclaredTypeOfSymbol(symbol));
      if (symbol.flags & ts.SymbolFlags.Class) noteMembers(alias.name, checker.getTypeOfSymbol(symbol));
    }
  }
  return { exports: [...exported.values()], members: [...members.values()] };
}

function isObject(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
}

/** Name of the class or interface that declares a member. */
function declaringType(member: ts.Symbol): string | undefined {
  const parent = member.declarations?.[0]?.parent;
  const isNamed = parent !== undefined && (ts.isInterfaceDeclaration(parent) || ts.isClassDeclaration(parent));
  return isNamed ? parent.name?.text : undefined;
}

/** `[Symbol.asyncDispose]` where the checker has `__@asyncDispose@12`. */
function readable({ name }: ts.Symbol): string {
  return name.replace(/^__@(\w+)@\d+$/, "[Symbol.$1]");
}

function isPublic(member: ts.Symbol): boolean {
  return (member.declarations ?? []).every((declaration) => {
    if (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected))
      return false;
    const name = ts.getNameOfDeclaration(declaration);
    return !ts.isSourceFile(declaration) && !(name !== undefined && ts.isPrivateIdentifier(name));
  });
}

/** Object types in the type of a property, of its elements or of its alternatives; not in the types of functions. */
function writtenOut(member: ts.Symbol): ts.TypeLiteralNode[] {
  const found: ts.TypeLiteralNode[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionTypeNode(node)) return;
    if (ts.isTypeLiteralNode(node)) found.push(node);
    else ts.forEachChild(node, visit);
  };
  for (const declaration of member.declarations ?? []) {
    if ((ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration)) && declaration.type) {
      visit(declaration.type);
    }
  }
  return found;
}

/** Prints one line of counts and the names that have no comment; returns whether enough have one. */
function report(kind: keyof Coverage, all: readonly Documented[]): boolean {
  const missing = all.filter(({ isDocumented }) => !isDocumented);
  const percent = ((all.length - missing.length) / all.length) * 100;
  console.log(
    `${kind}: ${all.length - missing.length} of ${all.length} documented (${percent.toFixed(1)} %, minimum ${minimum[kind]} %)`,
  );
  for (const { name, place } of missing) console.log(`  src/${place} ${name}`);
  return percent >= minimum[kind];
}

function main(): void {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const coverage = docsCoverage(join(root, "src"), entries, options);
  const results = [report("exports", coverage.exports), report("members", coverage.members)];
  process.exitCode = results.every(Boolean) ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
