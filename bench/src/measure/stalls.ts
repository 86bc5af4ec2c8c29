/** Watches for times at which the event loop did not turn. The result ends the watch: the longest one in ms. */
export function watchStalls(): () => number {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // A timer of 1 ms is due after 1 ms; what goes beyond that is a stall.
    longest = Math.max(longest, now - last - 1);
    last = now;
  }, 1);
  return () => {
    clearInterval(timer);
    return Math.max(longest, performance.now() - last - 1);
  };
}
