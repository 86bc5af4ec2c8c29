declare module "tail" {
  export class Tail {
    constructor(
      path: string,
      options: {
        readonly fromBeginning?: boolean;
        readonly useWatchFile?: boolean;
        readonly fsWatchOptions?: { readonly interval?: number };
      },
    );
    on(event: "line" | "error", listener: (value: unknown) => void): void;
    unwatch(): void;
  }
}
