// What an agent prints reaches a terminal: it must not steer it.

// CSI and OSC sequences with what they carry, then every other escape.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const sequences = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b./g;
// All but newline and tab; the C1 range and the marks that turn the reading direction too.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** The text without escape sequences and control characters. A carriage return begins a line: it goes back to write over one. */
export function printable(text: string): string {
  return text
    .replace(/\r+\n?/g, "\n")
    .replace(sequences, "")
    .replace(controls, "")
    .replaceAll("\t", "  ");
}
