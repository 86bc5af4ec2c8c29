/**
 * Replaces `$(NAME)` by the variable's value and `$$` by `$`, as the kubelet does in `command`, `args` and
 * literal `env` values. A name that is not known, and a `$` before anything else, stay as they are.
 */
export function expandVariables(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) => {
    if (name === undefined) return "$";
    return lookUp(name) ?? whole;
  });
}
