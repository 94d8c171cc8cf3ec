/** Prints types of a parsed declaration file small: named schemas by their name, short objects in one line. Pure. */
import ts from "typescript";

const lineLength = 120;
/** A type as one line without comments: equal for equal types. */
export function compact(node: ts.Node): string {
  return bare.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()).replace(/\s*\n\s*/g, " ");
}
const bare = ts.createPrinter({ removeComments: true });

/** Knows types by name, and prints others out. */
export class TypePrinter {
  /** Names by compact type. */
  readonly #names = new Map<string, string>();

  /**
   * Objects of this type are printed as the name from now on. The first name of a type stays. Shorter objects than `shortest`
   * characters are equal by chance (`{ id: string }`): they get no name.
   */
  name(type: ts.Node, name: string, shortest = 0): void {
    const text = compact(type);
    if (ts.isTypeLiteralNode(type) && text.length >= shortest && !this.#names.has(text)) this.#names.set(text, name);
  }

  /** The type as it is written after `indent`. */
  print(type: ts.TypeNode, indent: string): string {
    return (ts.isTypeLiteralNode(type) ? this.#names.get(compact(type)) : undefined) ?? this.printOut(type, indent);
  }

  /** The same, but the type itself has no name. */
  printOut(type: ts.TypeNode, indent: string): string {
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
