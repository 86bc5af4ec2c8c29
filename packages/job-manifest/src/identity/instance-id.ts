import { sha256 } from "./label-value.ts";

/**
 * Names one instance on one volume, as a label value of ten hex digits. Two hosts that share volume
 * and instance get the same one and may take over each other's runs; nobody else's are touched.
 *
 * @param options.volume what identifies the volume in the cluster, such as `namespace/claim`
 * @param options.instance the host's instance, such as "default"
 */
export function instanceId(options: { readonly volume: string; readonly instance: string }): string {
  return sha256(JSON.stringify([options.volume, options.instance])).slice(0, 10);
}
