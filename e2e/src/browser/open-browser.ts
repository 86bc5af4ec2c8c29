import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Page } from "puppeteer-core";
import { findProgram } from "../processes/find-program.ts";
import { waitFor } from "../wait-for.ts";

/** A headless browser with a profile of its own. Disposal ends it. */
export interface TestBrowser extends AsyncDisposable {
  /** Opens a page of the host's UI. */
  open(url: string, options?: OpenPageOptions): Promise<Page>;
}

/** How a page is opened. */
export interface OpenPageOptions {
  /**
   * Takes one line out of the host's own worker, in the browser alone: today's Chromium refuses it, and the host then
   * shows raw lines where it would show what an adapter's parser has made of them. Default false.
   */
  readonly mendWorker?: boolean;
}

/** The browser's program: `PAPERCLIP_K8S_BROWSER`, else Chromium from the `PATH`; undefined where there is none. */
export function findBrowser(env: NodeJS.ProcessEnv): string | undefined {
  return env["PAPERCLIP_K8S_BROWSER"] || findProgram("chromium", env) || findProgram("google-chrome", env);
}

/** Starts it. */
export async function openBrowser(program: string): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), "paperclip-k8s-browser-"));
  const browser = await puppeteer.launch({
    executablePath: program,
    userDataDir: profile,
    // Root has no sandbox of its own; it opens pages of this machine only.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"],
    defaultViewport: { width: 1400, height: 1800 },
  });
  return {
    open: async (url, { mendWorker = false } = {}) => {
      const page = await browser.newPage();
      if (mendWorker) await page.evaluateOnNewDocument(takeStrictnessFromWorkers);
      await page.goto(url, { waitUntil: "domcontentloaded" });
      return page;
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** The text that a page shows, once it matches; rejects after a minute, with the text as it was. */
export async function shownText(page: Page, pattern: RegExp): Promise<string> {
  let text = "";
  const matching = async () => {
    text = String(await page.evaluate("document.body.innerText"));
    return pattern.test(text);
  };
  await waitFor(matching, { what: `the page to show ${pattern}`, withinMs: 60_000, everyMs: 500 }).catch(
    (cause: unknown) => {
      throw new Error(`${String(cause)}; it shows: ${text.slice(0, 2000)}`, { cause });
    },
  );
  return text;
}

/** Runs in the page, before the host's own scripts: in strict mode its worker may not overwrite a getter. */
function takeStrictnessFromWorkers(): void {
  const Original = globalThis.Blob;
  globalThis.Blob = class extends Original {
    constructor(...[parts = [], options]: ConstructorParameters<typeof Blob>) {
      const mended = [...parts].map((part) =>
        typeof part === "string" && part.includes("importScripts")
          ? part.replace(/^\s*"use strict";/, "")
          : part,
      );
      super(mended, options);
    }
  };
}
