// node src/command.ts --host H --port P --script NAME: serves a named script until SIGTERM or SIGINT.
import { parseArgs } from "node:util";
import { startScriptedModel } from "./model/scripted-model.ts";
import { namedScripts, scriptByPrompt } from "./scripts/named-scripts.ts";

const { values } = parseArgs({
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "0" },
    script: { type: "string", default: "by-prompt" },
  },
});

const script = values.script === "by-prompt" ? scriptByPrompt() : namedScripts[values.script];
if (script === undefined) {
  console.error(
    `No script named ${values.script}. There are: by-prompt, ${Object.keys(namedScripts).join(", ")}.`,
  );
  process.exit(2);
}
const model = await startScriptedModel({ host: values.host, port: Number(values.port), script });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void model.close());
console.log(JSON.stringify({ url: model.url, script: values.script, pid: process.pid }));
