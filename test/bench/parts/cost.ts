// What a month costs, counted as docs/COST.md counts it.
import { costs, counted } from '../../cost/page.ts';
import type { Sizes } from '../arguments.ts';
import { line, type Measured } from '../figures.ts';
import { progress } from '../progress.ts';

export async function cost({ users }: Pick<Sizes, 'users'>): Promise<Measured<'cost'>> {
  progress('cost: two months are played');
  const { 'Secrets Manager': secrets, ...rest } = costs(users, await counted());
  const usd = Object.values(rest).reduce((sum, one) => sum + one, 0);
  return {
    figures: { usd },
    lines: [
      line(`a month of ${users} users, secrets aside, no free tier`, usd, { unit: 'USD', most: 2 }),
      ...Object.entries(rest).map(([service, each]) => line(`of it, ${service}`, each, { unit: 'USD' })),
      line('the secrets', secrets, { unit: 'USD' }),
    ],
  };
}
