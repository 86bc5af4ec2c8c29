/** Name of the agent's container. */
export const CONTAINER_NAME = "agent";
