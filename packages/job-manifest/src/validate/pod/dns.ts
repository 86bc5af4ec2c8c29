import { isIP } from "node:net";
import { anyText, fields, listOf, named, oneOf, type Rule, text, wrong } from "../rule.ts";
import { isDnsSubdomain } from "../syntax.ts";

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;

const ipAddress: Rule = named(
  // Without a zone, which Kubernetes does not take.
  (address) => typeof address === "string" && isIP(address) !== 0 && !address.includes("%"),
  "an IP address",
);

function isSearch(domain: string): boolean {
  return domain === "." || (typeof domain === "string" && isDnsSubdomain(domain.replace(/\.$/, "")));
}

const nameservers: Rule = (value, at, scope) => {
  listOf(ipAddress)(value, at, scope);
  if ((value as readonly unknown[]).length > MAX_NAMESERVERS)
    wrong(at, `has more than ${MAX_NAMESERVERS}: leave some out`);
};

const searches: Rule = (value, at, scope) => {
  listOf(named(isSearch, "a DNS domain in small letters"))(value, at, scope);
  const domains = value as readonly string[];
  if (domains.length > MAX_SEARCHES || domains.join(" ").length > MAX_SEARCH_CHARACTERS) {
    wrong(
      at,
      `is too long: give at most ${MAX_SEARCHES} domains and ${MAX_SEARCH_CHARACTERS} characters in all`,
    );
  }
};

/** The pod's `dnsConfig`. */
export const dnsConfigRule: Rule = fields({
  nameservers,
  searches,
  options: listOf(fields({ name: text, value: anyText }, ["name"])),
});

/** The pod's `dnsPolicy`. */
export const dnsPolicyRule: Rule = oneOf("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");

/** Entries of the pod's `/etc/hosts`. */
export const hostAliasesRule: Rule = listOf(
  fields({ ip: ipAddress, hostnames: listOf(named(isDnsSubdomain, "a DNS name")) }, ["ip"]),
);
