/**
 * What the kubelet does to command, args and literal env values: `$$` is `$`, `$(NAME)` is a known
 * variable's value and stays as it is when unknown, a `$` before anything else stays.
 */
export function kubernetesExpands(text: string, variables: Readonly<Record<string, string>>): string {
  let result = "";
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== "$" || at + 1 === text.length) {
      result += text[at];
    } else if (text[at + 1] === "$") {
      result += "$";
      at += 1;
    } else if (text[at + 1] === "(" && text.includes(")", at)) {
      const end = text.indexOf(")", at);
      const name = text.slice(at + 2, end);
      result += variables[name] ?? text.slice(at, end + 1);
      at = end;
    } else {
      result += "$";
    }
  }
  return result;
}
