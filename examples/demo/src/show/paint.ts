/** Colours of the terminal; each function returns its text as it is where there are none. */
export interface Paint {
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** Paints with ANSI escapes if `color`. */
export function createPaint(color: boolean): Paint {
  const style = (code: number) => (text: string) =>
    color && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    dim: style(2),
    bold: style(1),
    green: style(32),
    red: style(31),
    yellow: style(33),
    cyan: style(36),
  };
}
