import { mergeConfig } from "vitest/config";
import shared from "../../vitest.shared.ts";

/** Cases of the contract mostly wait, so many go side by side; and a busy machine takes its time. */
export default mergeConfig(shared, { test: { maxConcurrency: 50, expect: { poll: { timeout: 20_000 } } } });
