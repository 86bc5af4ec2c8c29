import { describe, expect, it } from "vitest";
import { createSessionCodec } from "../../src/session/session-codec.ts";
import { fc } from "../support/property.ts";

const codec = createSessionCodec();

describe("R4: the session codec", () => {
  it.each([
    [{ sessionId: "s1" }, { sessionId: "s1" }],
    ["s1", { sessionId: "s1" }],
    ['{"sessionId":"s1","podDirectory":"/paperclip"}', { sessionId: "s1", podDirectory: "/paperclip" }],
    [{ session_id: "s1" }, { session_id: "s1", sessionId: "s1" }],
  ])("reads %j", (raw, params) => {
    expect(codec.deserialize(raw)).toEqual(params);
  });

  it.each([null, undefined, "", "  ", "{", "{}", {}, [], 5, { sessionId: "" }, { sessionId: 5 }])(
    "takes %j for no session",
    (raw) => {
      expect(codec.deserialize(raw)).toBeNull();
    },
  );

  it("keeps every key through a store and a read", () => {
    const params = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(params, (more) => {
        const stored = JSON.parse(JSON.stringify({ ...more, sessionId: "s1" }));
        const written = codec.serialize(stored);
        expect(written).toEqual(stored);
        expect(codec.deserialize(JSON.parse(JSON.stringify(written)))).toEqual(stored);
        expect(codec.getDisplayId?.(written)).toBe("s1");
      }),
    );
  });

  it("writes null for null, and shows nothing of it", () => {
    expect(codec.serialize(null)).toBeNull();
    expect(codec.getDisplayId?.(null)).toBeNull();
  });
});
