import type { FakeFileSystem } from "./fake-file-system.ts";

/** Keeps the reads of files that are opened from now on waiting. `answer` lets the last one go on. */
export function holdReads(fs: FakeFileSystem): { answer(): void } {
  let answer!: () => void;
  const open = fs.open.bind(fs);
  fs.open = async (path) => {
    const file = await open(path);
    const read: typeof file.read = async (...args) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return file.read(...args);
    };
    return { ...file, read };
  };
  return { answer: () => answer() };
}
