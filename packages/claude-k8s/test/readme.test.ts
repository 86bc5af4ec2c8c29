import { testAdapterReadme } from "../../adapter-core/test/support/adapters/adapter-readme.ts";
import { claude } from "../src/definition.ts";

await testAdapterReadme({ root: new URL("..", import.meta.url), definition: claude });
