import { anyText, fields, listOf, oneOf, type Rule, text, whole, wrong } from "../rule.ts";
import { quoted } from "../syntax.ts";

const port: Rule = (value, at) => {
  const isNumber = Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535;
  const isName = typeof value === "string" && /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(value);
  if (!isNumber && !isName) wrong(at, `is ${quoted(value)}: give a port's number or name`);
};

const command: Rule = (value, at, scope) => {
  listOf(anyText)(value, at, scope);
  if ((value as readonly string[]).length === 0) wrong(at, "is empty: give a program");
};

const handlers = {
  exec: fields({ command }, ["command"]),
  httpGet: fields(
    {
      path: anyText,
      port,
      host: text,
      scheme: oneOf("HTTP", "HTTPS"),
      httpHeaders: listOf(fields({ name: text, value: anyText }, ["name"])),
    },
    ["port"],
  ),
  tcpSocket: fields({ port, host: text }, ["port"]),
};

/** Of these, exactly one. */
function oneHandler(value: unknown, at: string, names: readonly string[]): void {
  const given = names.filter((name) => (value as Record<string, unknown>)[name] !== undefined);
  if (given.length !== 1) wrong(at, `has not exactly one of ${names.join(", ")}: give one`);
}

const probe = fields({
  ...handlers,
  grpc: fields({ port: whole(1, 65_535), service: anyText }, ["port"]),
  initialDelaySeconds: whole(0),
  timeoutSeconds: whole(0),
  periodSeconds: whole(0),
  successThreshold: whole(0),
  failureThreshold: whole(0),
  terminationGracePeriodSeconds: whole(1),
});

/** A probe of a container. */
export const probeRule: Rule = (value, at, scope) => {
  probe(value, at, scope);
  oneHandler(value, at, ["exec", "httpGet", "tcpSocket", "grpc"]);
};

/** A readiness probe: it ends nothing. */
export const readinessProbeRule: Rule = (value, at, scope) => {
  probeRule(value, at, scope);
  if ((value as Record<string, unknown>)["terminationGracePeriodSeconds"] === undefined) return;
  wrong(`${at}.terminationGracePeriodSeconds`, "goes with probes that end a container: leave it out");
};

/** A liveness or startup probe: one success is all that it can ask for. */
export const endingProbeRule: Rule = (value, at, scope) => {
  probeRule(value, at, scope);
  const { successThreshold = 1 } = value as { successThreshold?: number };
  if (successThreshold > 1) wrong(`${at}.successThreshold`, "is above 1: leave it out");
};

const hook: Rule = (value, at, scope) => {
  fields({ ...handlers, sleep: fields({ seconds: whole(0) }, ["seconds"]) })(value, at, scope);
  oneHandler(value, at, ["exec", "httpGet", "tcpSocket", "sleep"]);
};

/** Hooks of a container. */
export const lifecycleRule: Rule = fields({ postStart: hook, preStop: hook });
