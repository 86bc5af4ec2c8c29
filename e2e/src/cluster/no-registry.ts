/** An image of a registry that nobody runs, on each node's own loopback: nothing leaves the machine. */
export const NO_REGISTRY = "127.0.0.1:1/no/such:image";
