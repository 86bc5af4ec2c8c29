// The API's rules for names, in its own words.

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedPart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const configKey = /^[-._a-zA-Z0-9]+$/;

const subdomainHint =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
  "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelHint =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
  "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const keyHint =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueHint =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const configKeyHint =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  " +
  "or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

const longer = (limit: number): string => `must be no more than ${limit} characters`;

/** What is wrong with a DNS subdomain; empty if nothing. */
export function subdomainProblems(name: string): string[] {
  return [...(name.length > 253 ? [longer(253)] : []), ...(subdomain.test(name) ? [] : [subdomainHint])];
}

/** What is wrong with a DNS label (containers, volumes, namespaces). */
export function labelNameProblems(name: string): string[] {
  return [...(name.length > 63 ? [longer(63)] : []), ...(dnsLabel.test(name) ? [] : [labelHint])];
}

/** What is wrong with the key of a label or an annotation. */
export function qualifiedNameProblems(key: string): string[] {
  const parts = key.split("/");
  const name = parts[parts.length - 1]!;
  const problems: string[] = [];
  if (parts.length > 2) {
    return [`a qualified name must consist of alphanumeric characters, '-', '_' or '.'${keyHint.slice(78)}`];
  }
  if (parts.length === 2) {
    if (parts[0] === "") problems.push("prefix part must be non-empty");
    else problems.push(...subdomainProblems(parts[0]!).map((problem) => `prefix part ${problem}`));
  }
  if (name === "") problems.push("name part must be non-empty");
  else if (name.length > 63) problems.push(`name part ${longer(63)}`);
  if (!qualifiedPart.test(name)) problems.push(keyHint);
  return problems;
}

/** What is wrong with the value of a label. */
export function labelValueProblems(value: string): string[] {
  return [
    ...(value.length > 63 ? [longer(63)] : []),
    ...(value === "" || qualifiedPart.test(value) ? [] : [valueHint]),
  ];
}

/** What is wrong with a key of a Secret or a ConfigMap. */
export function configKeyProblems(key: string): string[] {
  const problems = key.length > 253 ? [longer(253)] : [];
  if (!configKey.test(key)) problems.push(configKeyHint);
  if (key === ".") problems.push("must not be '.'");
  else if (key === "..") problems.push("must not be '..'");
  else if (key.startsWith("..")) problems.push("must not start with '..'");
  return problems;
}

/** What is wrong with the name of an environment variable. */
export function environmentNameProblems(name: string): string[] {
  // Since 1.34 any printable ASCII character but '=' is allowed.
  if (/^[\x20-\x3c\x3e-\x7e]+$/.test(name)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}
