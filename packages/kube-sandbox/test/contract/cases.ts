import { jobDeletion } from "./cases/job-deletion.ts";
import { jobs } from "./cases/jobs.ts";
import { lists } from "./cases/lists.ts";
import { objects } from "./cases/objects.ts";
import { podEnd } from "./cases/pod-end.ts";
import { podPlacing } from "./cases/pod-placing.ts";
import { podStart } from "./cases/pod-start.ts";
import { refusedObjects } from "./cases/refused-objects.ts";
import { refusedRequests } from "./cases/refused-requests.ts";
import type { ContractCase } from "./cluster.ts";

/** Every case, by what it is about. */
export const contract: Readonly<Record<string, readonly ContractCase[]>> = {
  "refused requests": refusedRequests,
  "refused objects": refusedObjects,
  objects,
  "lists and watches": lists,
  "the life of Jobs": jobs,
  "the end of Jobs": jobDeletion,
  "placing pods": podPlacing,
  "starting pods": podStart,
  "ending pods": podEnd,
};
