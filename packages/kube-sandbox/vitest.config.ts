import { mergeConfig } from "vitest/config";
import shared from "../../vitest.shared.ts";

/** Cases of the contract mostly wait, so many go side by side. */
export default mergeConfig(shared, { test: { maxConcurrency: 50 } });
