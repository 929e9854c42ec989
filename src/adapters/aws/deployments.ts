// The deployments of keyrotate in an account, in whatever region: each has a role whose path tells which one it is.
import { type IAMClient, paginateListRoles, type Role } from '@aws-sdk/client-iam';
import type { Deployed } from '../../usecases/ports.ts';
import { calling } from '../sdk-error.ts';

/** serverless.yml gives the worker's role the path `/keyrotate/<stage>/<region>/`. */
const PathPrefix = '/keyrotate/';
/** Somebody may keep roles of their own below the prefix, such as readers. */
const OF_A_DEPLOYMENT = /^\/keyrotate\/([A-Za-z0-9-]{1,44})\/([a-z]{2,}(?:-[a-z]+)+-\d)\/$/;

/** So serverless.yml describes the role; one of an earlier version has no description, and may be live. */
const IN_PREVIEW = 'keyrotate, preview';

/** Oldest first. Throws OutsideError. */
export async function deploymentsIn(client: IAMClient): Promise<Deployed[]> {
  const found = (await rolesUnder(PathPrefix, client)).flatMap(({ Path = '', CreateDate, Description }) => {
    const [, stage, region] = OF_A_DEPLOYMENT.exec(Path) ?? [];
    const isPreview = Description === IN_PREVIEW;
    return stage ? [{ name: `${stage} in ${region}`, since: CreateDate?.getTime() ?? 0, isPreview }] : [];
  });
  return found.sort((a, b) => a.since - b.since);
}

/** All roles whose path begins so. Throws OutsideError. */
export async function rolesUnder(path: string, client: IAMClient): Promise<Role[]> {
  const found: Role[] = [];
  const collect = async (): Promise<void> => {
    for await (const { Roles = [] } of paginateListRoles({ client }, { PathPrefix: path }))
      found.push(...Roles);
  };
  await calling('ListRoles', collect());
  return found;
}
