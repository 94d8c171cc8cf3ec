/** The functions that take most of the processor's time, by V8's sampling profiler. */
import { Session } from "node:inspector/promises";

const shown = 10;

/** The functions with the largest shares of the time in which the process did anything, the largest first. */
export async function profiled(work: () => Promise<unknown>): Promise<[name: string, share: number][]> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
  await work();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  const hits = new Map<string, number>();
  for (const { callFrame, hitCount = 0 } of profile.nodes) {
    const { functionName, url } = callFrame;
    if (functionName === "(idle)" || hitCount === 0) continue;
    const name = `${functionName || "(anonymous)"}${originOf(url)}`;
    hits.set(name, (hits.get(name) ?? 0) + hitCount);
  }
  const all = [...hits.values()].reduce((sum, count) => sum + count, 0);
  const sorted = [...hits].sort(([, a], [, b]) => b - a).slice(0, shown);
  return sorted.map(([name, count]) => [name, Number((count / all).toFixed(3))]);
}

/** Whose function it is, without a path of this machine. */
function originOf(url: string): string {
  if (url.startsWith("node:")) return ` (${url.replace("node:internal/", "node:")})`;
  const [, library] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (library !== undefined) return ` (${library})`;
  if (url === "") return "";
  return url.includes("/dist/") ? " (opencode-ts)" : " (bench)";
}
