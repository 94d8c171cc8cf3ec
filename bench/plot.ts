/** Writes plots as SVG: lines over a logarithmic x axis, readable on light and on dark pages. */
import type { Plot, Series } from "./question.js";

const width = 720;
const height = 320;
const frame = { left: 56, right: 120, top: 36, bottom: 48 } as const;
const colors: Readonly<Record<string, string>> = { ours: "#2f7dd1", official: "#d9822b", bare: "#8a8f98" };

/** The lines with each y divided by the first y of one line. */
export function relativeTo(
  lines: Readonly<Record<string, readonly (readonly [number, number])[]>>,
  reference: string,
): Series[] {
  const unit = lines[reference]?.[0]?.[1] ?? 1;
  return Object.entries(lines).map(([name, points]) => ({
    name,
    points: points.map(([x, y]) => [x, Number((y / unit).toFixed(3))] as const),
  }));
}

/** The plot as an SVG document. The colours of text and grid follow the reader's scheme. */
export function svgOf({ title, x, y, series }: Plot): string {
  const all = series.flatMap(({ points }) => points);
  const xs = all.map(([value]) => Math.log10(value));
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const top = ceiling(Math.max(...all.map(([, value]) => value)));
  const placeX = (value: number): number =>
    frame.left + ((Math.log10(value) - left) / (right - left || 1)) * (width - frame.left - frame.right);
  const placeY = (value: number): number => height - frame.bottom - (value / top) * (height - frame.top - frame.bottom);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * top);
  const sizes = [...new Set(all.map(([value]) => value))].sort((a, b) => a - b);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<style>
text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-size: 15px; font-weight: 600 }
.grid { stroke: #d0d7de } .line { fill: none; stroke-width: 2.5 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .grid { stroke: #3d444d } }
</style>
<text class="title" x="${frame.left}" y="20">${escaped(title)}</text>
${ticks.map((tick) => gridLine(placeY(tick), number(tick))).join("\n")}
${sizes.map((size) => `<text x="${round(placeX(size))}" y="${height - frame.bottom + 18}" text-anchor="middle">${number(size)}</text>`).join("\n")}
<text x="${round((frame.left + width - frame.right) / 2)}" y="${height - 10}" text-anchor="middle">${escaped(x)}</text>
<text transform="rotate(-90)" x="${-round(height / 2)}" y="14" text-anchor="middle">${escaped(y)}</text>
${labelled(series, placeX, placeY).join("\n")}
</svg>
`;
}

function gridLine(at: number, label: string): string {
  const line = `<line class="grid" x1="${frame.left}" x2="${width - frame.right}" y1="${round(at)}" y2="${round(at)}"/>`;
  return `${line}<text x="${frame.left - 8}" y="${round(at + 4)}" text-anchor="end">${label}</text>`;
}

/** Each line with its name at its right end; names keep a distance from each other. */
function labelled(series: readonly Series[], placeX: (x: number) => number, placeY: (y: number) => number): string[] {
  const ends = series.map(({ points }) => placeY(points.at(-1)?.[1] ?? 0));
  const order = ends.map((_end, index) => index).sort((a, b) => (ends[a] ?? 0) - (ends[b] ?? 0));
  const places = new Map<number, number>();
  let lowest = 0;
  for (const index of order) {
    lowest = Math.max(ends[index] ?? 0, lowest + 15);
    places.set(index, lowest);
  }
  return series.map(({ name, points }, index) => {
    const color = colors[name] ?? "#7a55c7";
    const path = points.map(([x, y]) => `${round(placeX(x))},${round(placeY(y))}`).join(" ");
    const dots = points.map(
      ([x, y]) => `<circle cx="${round(placeX(x))}" cy="${round(placeY(y))}" r="3.5" fill="${color}"/>`,
    );
    const text = `<text x="${width - frame.right + 10}" y="${round((places.get(index) ?? 0) + 4)}" style="fill:${color}">${escaped(name)}</text>`;
    return `<polyline class="line" stroke="${color}" points="${path}"/>${dots.join("")}${text}`;
  });
}

/** The next round number. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

function number(value: number): string {
  return value >= 1_000 ? value.toLocaleString("en") : String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
