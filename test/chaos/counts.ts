/** Counts what came of all prompts. */
import type { Finding, Verdict } from "./check.js";
import type { FaultLog } from "./fault-log.js";
import type { FaultKind } from "./faults.js";
import type { Outcome } from "./outcome.js";
import type { Kind } from "./plan.js";

/** Ends of prompts. */
export interface Ends {
  prompts: number;
  right: number;
  typedErrors: number;
  breaches: number;
}

/** A kind of error that came. */
export interface ErrorCount {
  count: number;
  /** Of the first prompt that met it. */
  readonly firstToken: string;
  /** What that prompt had met, oldest first. */
  readonly firstTrail: readonly string[];
}

/** The sums of a run. */
export class Counts {
  readonly total: Ends = noEnds();
  readonly byFault: Map<FaultKind, Ends> = new Map();
  readonly byKind: Map<Kind, Ends> = new Map();
  readonly errors: Map<string, ErrorCount> = new Map();
  readonly findings: Finding[] = [];
  /** By token of a prompt with a breach: what it had met, oldest first. */
  readonly trails: Map<string, readonly string[]> = new Map();
  bytes = 0;

  add(outcome: Outcome, { findings, bytes }: Verdict, log: FaultLog): void {
    const { prompt, result, startedAt, endedAt, sessionId } = outcome;
    const faults = log.touching(startedAt, endedAt, sessionId);
    const trail = (): string[] => log.trail(startedAt, endedAt, sessionId);
    this.findings.push(...findings);
    if (findings.length > 0) this.trails.set(prompt.token, trail());
    this.bytes += bytes;
    const end = findings.length > 0 ? "breaches" : result.type === "answer" ? "right" : "typedErrors";
    const met = new Set(faults.map(({ kind }) => kind));
    for (const ends of [
      this.total,
      entry(this.byKind, prompt.kind),
      ...[...met].map((kind) => entry(this.byFault, kind)),
    ]) {
      ends.prompts += 1;
      ends[end] += 1;
    }
    if (result.type !== "typed error") return;
    const text = `${result.error.name}: ${generic(result.error.message)}`;
    const known = this.errors.get(text);
    if (known !== undefined) known.count += 1;
    else {
      const { token, kind } = prompt;
      this.errors.set(text, { count: 1, firstToken: `${token} (${kind})`, firstTrail: trail() });
    }
  }
}

/** Without what differs from one occurrence to the next. */
function generic(message: string): string {
  return message.replace(/(ses|msg|prt|per|err)_\w+/g, "$1_…").replace(/127\.0\.0\.1:\d+/g, "127.0.0.1");
}

function entry<K>(map: Map<K, Ends>, key: K): Ends {
  const ends = map.get(key) ?? noEnds();
  map.set(key, ends);
  return ends;
}

function noEnds(): Ends {
  return { prompts: 0, right: 0, typedErrors: 0, breaches: 0 };
}
