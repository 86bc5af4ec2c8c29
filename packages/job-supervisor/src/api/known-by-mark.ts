/**
 * Lets `instanceof` hold for errors of other copies of a class as well: two bundles in one process, or one that was
 * loaded anew, have a class each, and share what throws. For the `static` block of the class.
 */
export function knownByMark(errorClass: { readonly prototype: Error }, name: string): void {
  const mark = Symbol.for(`@paperclip-k8s/${name}`);
  Object.defineProperty(errorClass.prototype, mark, { value: true });
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      // A class that extends this one inherits the method, and knows its own by itself.
      if (this !== errorClass) return Function.prototype[Symbol.hasInstance].call(this, value);
      return typeof value === "object" && value !== null && mark in value;
    },
  });
}
