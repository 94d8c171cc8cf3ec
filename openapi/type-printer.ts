/** Prints types of a parsed declaration file small: named schemas by their name, short objects in one line. Pure. */
import ts from "typescript";

const lineLength = 120;
/** A type as one line without comments: equal for equal types. */
export function compact(node: ts.Node): string {
  return bare.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()).replace(/\s*\n\s*/g, " ");
}
const bare = ts.createPrinter({ removeComments: true });

/** Prints an object that has a name out where it is defined, and as its name elsewhere. */
export class TypePrinter {
  /** Definitions by compact type. */
  readonly #definitions = new Map<string, { readonly type: ts.TypeNode; readonly name: string }>();

  /**
   * Gives an object type a name: equal objects elsewhere are printed as the name. The first name stays. An object of fewer than
   * `shortest` characters gets none: it may be equal by chance (`{ id: string }`).
   */
  name(type: ts.TypeNode, name: string, shortest = 0): void {
    const text = compact(type);
    const isNamed = ts.isTypeLiteralNode(type) && text.length >= shortest && !this.#definitions.has(text);
    if (isNamed) this.#definitions.set(text, { type, name });
  }

  /** The type as it is written in a line that begins with `indent`. */
  print(type: ts.TypeNode, indent: string): string {
    const definition = ts.isTypeLiteralNode(type) ? this.#definitions.get(compact(type)) : undefined;
    if (definition !== undefined && definition.type !== type) return definition.name;
    if (ts.isTypeLiteralNode(type)) return this.#object(type, indent);
    if (ts.isUnionTypeNode(type)) return type.types.map((one) => this.print(one, indent)).join(" | ");
    if (ts.isIntersectionTypeNode(type)) return type.types.map((one) => this.print(one, indent)).join(" & ");
    if (ts.isTupleTypeNode(type)) return `[${type.elements.map((one) => this.print(one, indent)).join(", ")}]`;
    if (ts.isParenthesizedTypeNode(type)) return `(${this.print(type.type, indent)})`;
    if (ts.isArrayTypeNode(type)) return `${this.print(type.elementType, indent)}[]`;
    if (ts.isIndexedAccessTypeNode(type)) return schemaReference(type);
    if (ts.isTypeReferenceNode(type) && type.typeArguments !== undefined) {
      return `${compact(type.typeName)}<${type.typeArguments.map((one) => this.print(one, indent)).join(", ")}>`;
    }
    if (isLeaf(type)) return compact(type);
    throw new Error(`openapi/type-printer.ts knows no ${ts.SyntaxKind[type.kind]}: ${compact(type)}`);
  }

  #object(type: ts.TypeLiteralNode, indent: string): string {
    const inner = `${indent}  `;
    const members = type.members.map((member) => ({
      comment: description(member),
      text: this.#member(member, inner),
    }));
    const line = `{ ${members.map(({ text }) => text).join("; ")} }`;
    const isShort = members.every(({ comment }) => comment === undefined) && !line.includes("\n");
    if (isShort && indent.length + line.length < lineLength - 20) return line;
    const lines = members.flatMap(({ comment, text }) => [
      ...(comment === undefined ? [] : [`${inner}/** ${comment} */`]),
      `${inner}${text};`,
    ]);
    return ["{", ...lines, `${indent}}`].join("\n");
  }

  #member(member: ts.TypeElement, indent: string): string {
    if (ts.isIndexSignatureDeclaration(member)) {
      const [key] = member.parameters;
      if (key?.type !== undefined)
        return `[${key.name.getText()}: ${compact(key.type)}]: ${this.print(member.type, indent)}`;
    }
    if (ts.isPropertySignature(member) && member.type !== undefined) {
      return `${member.name.getText()}${member.questionToken ? "?" : ""}: ${this.print(member.type, indent)}`;
    }
    throw new Error(`openapi/type-printer.ts knows no ${ts.SyntaxKind[member.kind]}`);
  }
}

/** `components["schemas"]["Name"]` */
function schemaReference(type: ts.IndexedAccessTypeNode): string {
  const text = compact(type);
  const name = /^components\["schemas"\]\[("[^"]+")\]$/.exec(text)?.[1];
  if (name === undefined) throw new Error(`openapi/type-printer.ts expected a schema, got ${text}`);
  return `Schemas[${name}]`;
}

function isLeaf(type: ts.TypeNode): boolean {
  return ts.isLiteralTypeNode(type) || ts.isTypeReferenceNode(type) || ts.isToken(type);
}

/** What the document says about a property; not what the type says already (`@enum`, `@constant`). */
function description(member: ts.TypeElement): string | undefined {
  const [tag] = ts.getJSDocTags(member).filter(({ tagName }) => tagName.text === "description");
  const text = ts.getTextOfJSDocComment(tag?.comment)?.replace(/\s+/g, " ").trim();
  return text === "" ? undefined : text;
}
