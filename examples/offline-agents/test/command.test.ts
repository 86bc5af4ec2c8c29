import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const command = fileURLToPath(new URL("../src/command.ts", import.meta.url));

test("The command serves a named script at the URL that it prints, until it is told to end", async () => {
  const child = spawn(process.execPath, [command, "--script", "hello"]);
  const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  const { url, script } = JSON.parse(line);
  expect(script).toBe("hello");
  const body = JSON.stringify({ messages: [{ role: "user", content: "hi" }] });
  const answer = await fetch(`${url}/v1/messages`, { method: "POST", body });
  expect(await answer.text()).toContain("Hello.");
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([0, null]);
});

test("A script that does not exist is told with the ones that do", async () => {
  const child = spawn(process.execPath, [command, "--script", "nonsense"]);
  const [text] = (await once(child.stderr.setEncoding("utf8"), "data")) as [string];
  expect(text).toMatch(/No script named nonsense.*tools/);
  expect(await once(child, "close")).toEqual([2, null]);
});
