// How far a command on somebody's machine has come.

/** One line that is written over, where somebody is looking. */
export function progressOn(stream: NodeJS.WriteStream): (words: string) => void {
  if (!stream.isTTY) return () => undefined;
  return (words) => stream.write(`\r\u001b[K${words}`);
}
