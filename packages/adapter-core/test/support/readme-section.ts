/** What stands between the marks of a generated part of a README; null where it has no such part. */
export function sectionOf(readme: string, name: string): string | null {
  const between = new RegExp(`<!-- ${name}: [^\\n]* -->\\n\\n([\\s\\S]*?)\\n\\n<!-- /${name} -->`);
  return between.exec(readme)?.[1] ?? null;
}
