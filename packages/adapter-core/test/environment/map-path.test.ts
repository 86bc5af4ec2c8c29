import { describe, expect, it } from "vitest";
import { mapPath } from "../../src/environment/map-path.ts";
import { fc } from "../support/property.ts";

const views = { volumeHostPath: "/data/volume", volumeMountPath: "/paperclip" };
const map = (hostPath: string) => mapPath({ ...views, hostPath });

describe("the pod's path of a host path", () => {
  it.each([
    ["/data/volume", "/paperclip"],
    ["/data/volume/", "/paperclip"],
    ["/data/volume/a/b", "/paperclip/a/b"],
    ["/data/volume/a/../b/", "/paperclip/b"],
    ["/data/volume/..a", "/paperclip/..a"],
  ])("maps %s", (host, pod) => {
    expect(map(host)).toBe(pod);
  });

  it.each(["/data/volumes", "/data", "/", "/data/volume/../other", "data/volume/a", "", "/data/volume/\0"])(
    "does not map %j, which is not on the volume (K5)",
    (host) => {
      expect(map(host)).toBeNull();
    },
  );

  it("maps the whole file system where that is the volume", () => {
    expect(mapPath({ hostPath: "/a/b", volumeHostPath: "/", volumeMountPath: "/host" })).toBe("/host/a/b");
  });

  it("never leaves the volume, and is the same path where both sides see it at one place", () => {
    const part = fc.constantFrom("..", ".", "a", "b.c", "", "data", "volume");
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const hostPath = `/data/volume/${parts.join("/")}`;
        const pod = map(hostPath);
        if (pod === null) return;
        expect(`${pod}/`).toMatch(/^\/paperclip\//);
        expect(pod.split("/")).not.toContain("..");
        const same = mapPath({ hostPath: pod, volumeHostPath: "/paperclip", volumeMountPath: "/paperclip" });
        expect(same).toBe(pod);
      }),
    );
  });
});
