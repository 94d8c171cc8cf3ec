/** JSON with comments and trailing commas, as people write the agent's configuration. Pure. */

/** Strings first, so that what looks like a comment or a comma in one stays. An open string or comment goes to the end. */
const commentOrString = /"(?:\\[\s\S]|[^"\\])*"?|\/\/[^\n\r]*|\/\*[\s\S]*?(?:\*\/|$)/g;
const trailingCommaOrString = /"(?:\\[\s\S]|[^"\\])*"?|,(?=\s*[}\]])/g;

/** The text as strict JSON. Everything else that is wrong in it stays, for the parser to find. */
export function stripJsonc(text: string): string {
  const keepStrings = (match: string): string => (match.startsWith('"') ? match : " ");
  return text.replace(commentOrString, keepStrings).replace(trailingCommaOrString, keepStrings);
}
