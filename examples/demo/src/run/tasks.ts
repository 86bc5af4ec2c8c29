// What the agent is asked, and how the scripted model would answer: the second task needs what the first one left.
import type { Script, Step } from "@paperclip-k8s/offline-agents";

/** The task of the fresh session. */
export const firstTask =
  "Print a greeting with the shell, write it to greeting.txt, and read the file back. Answer in one sentence.";

/** The task of the resumed session. */
export const secondTask =
  "Which file did you write before? Read it again, then remove it. Answer in one sentence.";

/** Slow enough to be watched. */
const pace = { betweenMs: 25, chunkLength: 12 };

const firstAnswers: readonly Step[] = [
  {
    kind: "blocks",
    pace,
    blocks: [
      { type: "thinking", thinking: "First the shell, then the file." },
      { type: "text", text: "I start with the shell." },
      {
        type: "tool_use",
        name: "Bash",
        input: { command: 'echo "hello from the pod"', description: "Print a greeting" },
      },
    ],
  },
  {
    kind: "tool",
    pace,
    text: "Now I write it to a file on the shared volume.",
    name: "Write",
    input: { file_path: "greeting.txt", content: "hello from the pod\n" },
  },
  {
    kind: "tool",
    pace,
    text: "And read it back.",
    name: "Bash",
    input: { command: "cat greeting.txt", description: "Read the file back" },
  },
  { kind: "text", pace, text: 'Done: the shell and the file both say "hello from the pod".' },
];

const secondAnswers: readonly Step[] = [
  {
    kind: "tool",
    pace,
    text: "That was greeting.txt. I look whether it is still there.",
    name: "Bash",
    input: { command: "cat greeting.txt", description: "Read the file of the first run" },
  },
  {
    kind: "tool",
    pace,
    text: "It is. Now I remove it.",
    name: "Bash",
    input: { command: "rm greeting.txt && echo removed", description: "Remove the file" },
  },
  { kind: "text", pace, text: "It was greeting.txt, another pod wrote it, and now it is gone." },
];

/** Answers by the conversation alone: one prompt in it means a fresh session, more a resumed one. */
export const scriptOfBothTasks: Script = ({ prompts, index }) => {
  const answers = prompts > 1 ? secondAnswers : firstAnswers;
  return answers[index] ?? { kind: "text", text: "That was all." };
};
