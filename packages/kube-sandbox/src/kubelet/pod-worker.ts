/** What the kubelet knows of a pod that it runs. */
export interface PodWorker {
  /** Ends the pod: SIGTERM, and after `graceSec` SIGKILL. Called once. */
  stop(graceSec: number): void;
  /** A container (all by default) is killed for using too much memory. */
  oomKill(container?: string): void;
  /** The node ends the pod for a reason of its own. */
  evict(message: string): void;
  /** Ends everything at once, without a word; resolves when no process is left. */
  close(): Promise<void>;
  /** Sends SIGKILL and waits for nothing: this process is about to end. */
  kill(): void;
}
