import { access } from "./cases/access.ts";
import { collection } from "./cases/collection.ts";
import { jobDeletion } from "./cases/job-deletion.ts";
import { jobPods } from "./cases/job-pods.ts";
import { jobs } from "./cases/jobs.ts";
import { kindsOfObjects } from "./cases/kinds.ts";
import { listVersions, watchVersions } from "./cases/list-versions.ts";
import { lists } from "./cases/lists.ts";
import { objects } from "./cases/objects.ts";
import { podEnd } from "./cases/pod-end.ts";
import { podLog } from "./cases/pod-log.ts";
import { podPlacing } from "./cases/pod-placing.ts";
import { podStart } from "./cases/pod-start.ts";
import { refusedObjects } from "./cases/refused-objects.ts";
import { refusedRequests } from "./cases/refused-requests.ts";
import { requestOptions } from "./cases/request-options.ts";
import type { ContractCase } from "./cluster.ts";

/** Every case, by what it is about. */
export const contract: Readonly<Record<string, readonly ContractCase[]>> = {
  access,
  "refused requests": refusedRequests,
  "options of requests": requestOptions,
  "refused objects": refusedObjects,
  objects,
  kinds: kindsOfObjects,
  "garbage collection": collection,
  "lists and watches": lists,
  "versions of lists": listVersions,
  "versions of watches": watchVersions,
  "the life of Jobs": jobs,
  "the pods of Jobs": jobPods,
  "the end of Jobs": jobDeletion,
  "placing pods": podPlacing,
  "starting pods": podStart,
  "ending pods": podEnd,
  "logs of pods": podLog,
};
