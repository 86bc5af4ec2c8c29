/** What the kernel takes for one variable, its name, `=` and the closing NUL included (MAX_ARG_STRLEN of Linux). */
export const MAX_VARIABLE_BYTES = 128 * 1024;

/** Whether a program can be started with a variable of this value. */
export function canBeExecuted(name: string, value: string): boolean {
  return Buffer.byteLength(name) + 1 + Buffer.byteLength(value) + 1 <= MAX_VARIABLE_BYTES;
}
