/** A one-shot client by hand: `two-fetches SERVER PROMPT` creates a session, sends the prompt, and prints the answer. */
const [server = "", prompt = ""] = process.argv.slice(2);

async function post(path: string, body: object) {
  const headers = { "content-type": "application/json", authorization: process.env["BENCH_AUTHORIZATION"] ?? "" };
  const response = await fetch(server + path, { method: "POST", headers, body: JSON.stringify(body) });
  return response.json();
}

const { id } = await post("/session", { title: "bench" });
const { parts } = await post(`/session/${id}/message`, { parts: [{ type: "text", text: prompt }] });
for (const { text = "" } of parts) process.stdout.write(text);
process.stdout.write("\n");
