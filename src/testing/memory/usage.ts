/** Tokens and money: of a message, of its session, and whether the context is full. */
import type { ScriptedUsage } from "../reply.js";
import { type Info, noTokens, type Session, type Tokens } from "./records.js";
import type { MemoryServer } from "./server.js";

/** Counts what a step used, for the message and for the session. */
export function addUsage(
  server: MemoryServer,
  session: Session,
  info: Info,
  { input, output, reasoning = 0, cacheRead = 0 }: ScriptedUsage,
): { readonly tokens: Tokens; readonly cost: number } {
  const tokens = {
    total: input + output + reasoning + cacheRead,
    input,
    output,
    reasoning,
    cache: { read: cacheRead, write: 0 },
  };
  const price = server.model.entry(info.modelID).cost;
  const millionths =
    input * (price?.input ?? 0) + (output + reasoning) * (price?.output ?? 0) + cacheRead * (price?.cache_read ?? 0);
  const cost = millionths / 1_000_000;
  info.tokens = tokens;
  info.cost = (info.cost ?? 0) + cost;
  count(session, tokens, cost, 1);
  return { tokens, cost };
}

/** Takes a message that is removed out of its session's sums. */
export function removeUsage(session: Session, info: Info): void {
  if (info.tokens !== undefined) count(session, info.tokens, info.cost ?? 0, -1);
}

/** Adds a message that is copied. */
export function copyUsage(session: Session, info: Info): void {
  if (info.tokens !== undefined) count(session, info.tokens, info.cost ?? 0, 1);
}

function count(session: Session, tokens: Tokens, cost: number, sign: 1 | -1): void {
  const sum = session.tokens;
  session.cost += sign * cost;
  session.tokens = {
    input: sum.input + sign * tokens.input,
    output: sum.output + sign * tokens.output,
    reasoning: sum.reasoning + sign * tokens.reasoning,
    cache: { read: sum.cache.read + sign * tokens.cache.read, write: sum.cache.write + sign * tokens.cache.write },
  };
}

/** A message's tokens. */
export function tokensOf(info: Info): Tokens {
  return info.tokens ?? noTokens();
}

/** True when the next request would not fit into the context of the model of that name. */
export function isFull({ model, config }: MemoryServer, tokens: Tokens, name: string | undefined): boolean {
  const { limit } = model.entry(name);
  if (config.compaction?.auto === false || limit === undefined || limit.context === 0) return false;
  const answer = model.longestAnswer(name);
  const usable = limit.input === undefined ? limit.context - answer : limit.input - Math.min(20_000, answer);
  return (tokens.total ?? 0) >= usable;
}
