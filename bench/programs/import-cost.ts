/** `import-cost SPECIFIER`: prints the cost of one import as JSON: `wall` and `cpu` in ms, `resident` in added bytes. */
const [specifier = ""] = process.argv.slice(2);
const rss = process.memoryUsage.rss();
const cpu = process.cpuUsage();
const begun = performance.now();
const entry = await import(specifier);
const wall = performance.now() - begun;
const { user, system } = process.cpuUsage(cpu);
const resident = process.memoryUsage.rss() - rss;
if (Object.keys(entry).length === 0) throw new Error(`${specifier} exports nothing`);
console.log(JSON.stringify({ wall, cpu: (user + system) / 1_000, resident }));
