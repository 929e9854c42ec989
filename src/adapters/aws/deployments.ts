// The deployments of keyrotate in an account, in whatever region: each has a role whose path tells which one it is.
import { type IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import type { Instant } from '../../domain/time.ts';
import type { Deployed } from '../../usecases/ports.ts';
import { calling } from '../sdk-error.ts';

/** serverless.yml gives the worker's role the path `/keyrotate/<stage>/<region>/`. */
const PathPrefix = '/keyrotate/';
/** Somebody may keep roles of their own below the prefix, such as readers. */
const OF_A_DEPLOYMENT = /^\/keyrotate\/([A-Za-z0-9-]{1,44})\/([a-z]{2,}(?:-[a-z]+)+-\d)\/$/;

/** Oldest first. Throws OutsideError. */
export async function deploymentsIn(client: IAMClient): Promise<Deployed[]> {
  const found: { name: string; since: Instant }[] = [];
  await calling('ListRoles', collect());
  return found.sort((a, b) => a.since - b.since);

  async function collect(): Promise<void> {
    for await (const { Roles = [] } of paginateListRoles({ client }, { PathPrefix }))
      for (const { Path = '', CreateDate } of Roles) {
        const [, stage, region] = OF_A_DEPLOYMENT.exec(Path) ?? [];
        if (stage) found.push({ name: `${stage} in ${region}`, since: CreateDate?.getTime() ?? 0 });
      }
  }
}
