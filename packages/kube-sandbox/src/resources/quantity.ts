const suffixes: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)?|[eE]([+-]?\d+))$/;

/** The number that a Kubernetes quantity (`250m`, `1.5Gi`, `1e3`) means, or undefined if it is none. */
export function parseQuantity(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, digits, suffix, exponent] = match;
  if (exponent !== undefined) return Number(`${digits}e${exponent}`);
  return Number(digits) * (suffixes[suffix ?? ""] ?? 1);
}

/** The API's own spelling of what it stores: `1.5` becomes `1500m`; whole numbers stay as they are. */
export function canonicalQuantity(text: string): string {
  const plain = /^[+-]?(\d+)?\.(\d+)$/.test(text) ? Number(text) : undefined;
  if (plain === undefined) return text;
  return Number.isInteger(plain) ? String(plain) : `${Math.ceil(plain * 1000)}m`;
}
