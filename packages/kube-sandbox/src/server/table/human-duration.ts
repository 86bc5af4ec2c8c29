/** A span as kubectl's columns show it: `45s`, `7m7s`, `14m`, `5h3m`, `3d`. */
export function humanDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds}s`;
  const pair = (whole: number, unit: string, rest: number, part: string): string =>
    `${whole}${unit}${rest === 0 ? "" : `${rest}${part}`}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return pair(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return pair(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return pair(days, "d", hours % 24, "h");
  return days < 730 ? `${days}d` : pair(Math.floor(days / 365), "y", days % 365, "d");
}
