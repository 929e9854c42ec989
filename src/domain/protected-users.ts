// Which IAM users PROTECTED_USERS names. What keeps keyrotate off them is the worker's role.

/** `paths`: `protected/*`, as IAM matches a resource: `*` is any text, `?` any character. `user`: its path and name, `protected/ci`. */
export function isAmong(paths: readonly string[], user: string): boolean {
  return paths.some((path) => patternOf(path.replace(/^\/+/, '')).test(user));
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.+]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`);
}
