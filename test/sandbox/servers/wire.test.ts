// The wire: calls that are held back outlive the patience of those who made them, and can be waited for.
import { afterEach, expect, it } from 'vitest';
import { sandboxClock } from '../clock.ts';
import { type Backend, startWire, type Wire } from './wire.ts';

let wire: Wire;
afterEach(() => wire.close());

async function given() {
  const performed: string[] = [];
  const backend: Backend = {
    read: ({ path }) => ({ service: 'any', action: path, input: {}, caller: undefined }),
    async perform({ action }) {
      performed.push(action);
      return { status: 200, body: '' };
    },
    refusal: (_, { status }) => ({ status, body: '' }),
  };
  wire = await startWire(sandboxClock(new Date(0)), backend);
  return performed;
}

it('a call whose caller has given up takes effect before the wire is idle', async () => {
  const performed = await given();
  const patience = new AbortController();
  let isHeld = () => {};
  const held = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  let letGo = () => {};
  wire.interfere(async () => {
    isHeld();
    await new Promise<void>((resolve) => {
      letGo = resolve;
    });
    return undefined;
  });
  const call = fetch(`${wire.url}/act`, { signal: patience.signal });
  await held;
  patience.abort();
  await expect(call).rejects.toThrow();
  expect(performed).toEqual([]);
  const idle = wire.idle();
  letGo();
  await idle;
  expect(performed).toEqual(['/act']);
});

it('a call that is never answered keeps nobody waiting', async () => {
  await given();
  wire.interfere(() => ({ kind: 'hang', takesEffect: true }));
  const patience = new AbortController();
  const call = fetch(`${wire.url}/act`, { signal: patience.signal });
  while (wire.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await wire.idle();
  patience.abort();
  await expect(call).rejects.toThrow();
});
