// The deployments of keyrotate in an account, in whatever region: each has a role whose path tells which one it is.
import { type IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import type { Instant } from '../../domain/time.ts';
import type { Deployed } from '../../usecases/ports.ts';
import { calling } from '../sdk-error.ts';

/** serverless.yml gives the worker's role the path `/keyrotate/<stage>/<region>/`. */
const PathPrefix = '/keyrotate/';

/** Oldest first. Throws OutsideError. */
export async function deploymentsIn(client: IAMClient): Promise<Deployed[]> {
  const found: { name: string; since: Instant }[] = [];
  await calling('ListRoles', collect());
  return found.sort((a, b) => a.since - b.since);

  async function collect(): Promise<void> {
    for await (const { Roles = [] } of paginateListRoles({ client }, { PathPrefix }))
      for (const { Path = '', CreateDate } of Roles)
        found.push({ name: nameIn(Path), since: CreateDate?.getTime() ?? 0 });
  }
}

/** `/keyrotate/prod/eu-central-1/` is `prod in eu-central-1`. */
function nameIn(path: string): string {
  return path.slice(PathPrefix.length).split('/').filter(Boolean).join(' in ');
}
