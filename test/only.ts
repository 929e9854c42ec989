// A stand-in for a port of which a test needs but a part. Anything else that is asked of it fails the test.

export function only<Port extends object>(part: Partial<Port>): Port {
  return new Proxy(part, {
    get(target, name) {
      if (Reflect.has(target, name)) return Reflect.get(target, name);
      throw new Error(`this test does not expect a call of ${String(name)}`);
    },
  }) as Port;
}
