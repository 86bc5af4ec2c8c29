import { defineConfig } from "tsup";
import { adapterBundles } from "../../tsup.adapter.ts";

export default defineConfig(adapterBundles);
