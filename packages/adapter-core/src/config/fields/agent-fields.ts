import { configField, configFieldWithDefault } from "../config-field.ts";
import { absolutePath, choice, verbatim } from "../values/plain-values.ts";
import { keyValues, wordList } from "../values/structured-values.ts";

const group = "Agent";

/** What the agent CLI gets. */
export const agentFields = {
  env: configFieldWithDefault(
    keyValues(/^[A-Za-z_][A-Za-z0-9_]*$/u, "a variable's name of letters, digits and _"),
    {},
    {
      label: "Environment",
      hint: "Variables of the agent: an object, its JSON, or lines of NAME=value.",
      type: "textarea",
      group,
      // The host has an editor of its own for it, with secret references that a text would lose.
      hidden: true,
      levels: 1,
    },
  ),
  inheritEnv: configFieldWithDefault(choice(["providers", "all", "none"]), "providers", {
    label: "Inherit variables of the host",
    hint: "Provider credentials, proxies, certificates, locale and git identity; all but the host's own secrets; or none.",
    type: "select",
    group,
    options: [
      { label: "What agents need", value: "providers" },
      { label: "All but the host's secrets", value: "all" },
      { label: "None", value: "none" },
    ],
  }),
  home: configFieldWithDefault(choice(["shared", "agent"]), "shared", {
    label: "Home folder",
    hint: "Shared: the root of the volume, with its login. Agent: a folder of its own.",
    type: "select",
    group,
    options: [
      { label: "Shared", value: "shared" },
      { label: "One for each agent", value: "agent" },
    ],
  }),
  cwd: configField(absolutePath(), {
    label: "Working folder",
    hint: "As the Paperclip host sees it, on the shared volume. Default: the workspace that Paperclip gives the run.",
    type: "text",
    group,
  }),
  instructionsFilePath: configField(absolutePath(), {
    label: "Instructions file",
    hint: "A file on the Paperclip host with standing instructions. Its text travels with the run.",
    type: "text",
    group,
    hidden: true,
  }),
  promptTemplate: configField(verbatim(), {
    label: "Prompt template",
    hint: "The text that starts a run, with {{agent.name}}, {{context.issueId}} and the like. Default: the host's.",
    type: "textarea",
    group,
    // A host with instructions bundles refuses an agent that is created with it.
    hidden: true,
  }),
  bootstrapPromptTemplate: configField(verbatim(), {
    label: "Bootstrap prompt template",
    hint: "A text in front of the prompt of a fresh session only.",
    type: "textarea",
    group,
    hidden: true,
  }),
  extraArgs: configFieldWithDefault(wordList(), [], {
    label: "More arguments",
    hint: "Arguments of the agent CLI after all others: words with spaces or lines between them, quoted as in a shell, or a JSON list.",
    type: "textarea",
    group,
  }),
} as const;
