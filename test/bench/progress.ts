// Tells whoever waits how far it is.

/** On standard error: standard output is for what was measured. */
export function progress(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);
}
