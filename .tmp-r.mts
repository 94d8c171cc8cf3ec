import { createOpencode } from "./src/index.js";
import { existsSync, rmSync, mkdtempSync } from "node:fs";
for (const isolation of ["inherit","clean"] as const) {
 for (const f of ["mcp-ran","plugin-ran"]) rmSync("/tmp/repo/"+f,{force:true});
 const home = mkdtempSync("/tmp/old-work-");
 const oc = await createOpencode({ directory: "/tmp/repo", isolation, binary: process.argv[2]!, logLevel: "off", env: { HOME: home, XDG_CONFIG_HOME: home+"/c", XDG_DATA_HOME: home+"/d", XDG_STATE_HOME: home+"/s", XDG_CACHE_HOME: home+"/x", npm_config_registry: "http://127.0.0.1:9", OPENCODE_DISABLE_MODELS_FETCH: "1" } });
 const at = () => ["mcp-ran","plugin-ran"].map((f) => f+"="+existsSync("/tmp/repo/"+f)).join(" ");
 console.log(isolation, "after start:", at());
 await oc.client.GET("/config"); await new Promise((r) => setTimeout(r, 1500)); console.log("after GET /config:", at());
 await oc.createSession(); await new Promise((r) => setTimeout(r, 2500)); console.log("after createSession:", at());
 await oc.agents(); await oc.models(); await new Promise((r) => setTimeout(r, 2500)); console.log("after models:", at(), JSON.stringify(await oc.loaded()));
 await oc.close();
}
process.exit(0);
