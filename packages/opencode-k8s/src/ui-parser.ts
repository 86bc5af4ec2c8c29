// Built as a CommonJS text of its own: the host evaluates it in a browser worker without imports and globals.
import { stdoutLineParser } from "@paperclip-k8s/adapter-core/ui";
import { openCodeToTranscript } from "@paperclip-k8s/stream-json";

/** The entries of one line of OpenCode's output, for the host's transcript. Stateless, never throws. */
export const parseStdoutLine = stdoutLineParser(openCodeToTranscript);
