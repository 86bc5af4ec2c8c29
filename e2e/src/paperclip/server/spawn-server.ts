import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostUser } from "../../namespace/host-user.ts";
import { runCommand } from "../../processes/run-command.ts";
import { pathWithWorkspaceNode, workspaceNode } from "../../processes/workspace-node.ts";
import { becomeUser } from "./become-user.ts";
import { freePort } from "./free-port.ts";
import { serverConfig, serverEnvironment } from "./server-environment.ts";
import type { StartServerOptions } from "./start-server.ts";

/** A server to spawn: all that `startServer` takes, with nothing left open. */
export interface SpawnServerOptions extends Omit<StartServerOptions, "modules" | "version"> {
  readonly home: string;
  readonly port: number;
  /** The file that Node runs. */
  readonly entry: string;
}

/** The process, and the file with its output. */
export interface SpawnedServer {
  readonly child: ChildProcess;
  readonly logFile: string;
}

/**
 * Makes the folders of a server and spawns it, with the same pid from beginning to end.
 *
 * It is not ready then. Its output goes to `server.log`, after that of earlier starts.
 */
export async function spawnServer(options: SpawnServerOptions): Promise<SpawnedServer> {
  const { folder, home, port, user, env, entry } = options;
  // The server loads a `.env` of its working folder, so that is an empty one of its own.
  const folders = {
    home,
    userHome: join(folder, "home"),
    temporary: join(folder, "tmp"),
    cwd: join(folder, "cwd"),
  };
  for (const path of [folder, ...Object.values(folders)]) await ownFolder(path, user);
  const configFile = join(folder, "config.json");
  await writeFile(configFile, serverConfig(home, await freePort()), { mode: 0o644 });
  const registry = await npmRegistry(env);
  const { podAddress, extraEnvironment: extra } = options;
  const environment = serverEnvironment({ env, port, ...folders, configFile, registry, podAddress, extra });
  const [command, ...args] = await becomeUser({ user, folder, command: [workspaceNode(), entry] });
  const logFile = join(folder, "server.log");
  const log = openSync(logFile, "a");
  // A group of its own, so that Ctrl-C in the terminal does not stop it under a test that is cleaning up.
  const child = spawn(command, args, {
    cwd: folders.cwd,
    env: environment,
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  return { child, logFile };
}

async function ownFolder(path: string, user: HostUser): Promise<void> {
  await mkdir(path, { recursive: true });
  if (user.mustSwitch) await chown(path, user.uid, user.gid);
}

async function npmRegistry(env: NodeJS.ProcessEnv): Promise<string> {
  const npmEnv = { ...env, PATH: pathWithWorkspaceNode(env) };
  return (
    await runCommand({ command: "npm", args: ["config", "get", "registry"], env: npmEnv })
  ).stdout.trim();
}
