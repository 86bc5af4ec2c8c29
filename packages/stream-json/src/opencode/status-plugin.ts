/**
 * A plugin for OpenCode, as the text of its file: it prints to stderr that a session waits for its provider and until
 * when, and that it asks again, one JSON object a line. OpenCode tells that to plugins alone. Named in the config as
 * `plugin: ["file:///…/status.js"]`.
 */
export const openCodeStatusPlugin = `const waiting = new Set();
export const Status = async () => ({
  event: async ({ event: { type, properties } }) => {
    if (type !== "session.status") return;
    const { sessionID, status } = properties;
    if (status.type === "retry") waiting.add(sessionID);
    else if (!waiting.delete(sessionID)) return;
    process.stderr.write(JSON.stringify({ type, properties }) + "\\n");
  },
});
`;
