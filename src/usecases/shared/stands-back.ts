// Two live deployments in one account would write to every owner twice: the one that was there first goes on.
import type { Deployed, Neighbours } from '../ports.ts';

/**
 * The deployment that goes on in place of this one: this one neither sweeps nor writes to owners, and still does what people
 * press. undefined: there is none. One in preview writes to no owner, and is in nobody's way. Throws OutsideError.
 */
export async function standsBackFor({
  deployment,
  isLive,
  deployments,
}: Neighbours): Promise<Deployed | undefined> {
  if (!isLive) return undefined;
  const first = (await deployments()).find((one) => !one.isPreview);
  return first?.name === deployment ? undefined : first;
}
