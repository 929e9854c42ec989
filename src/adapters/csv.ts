// Comma-separated values as RFC 4180 has them, which no spreadsheet takes for more than text.

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** What a spreadsheet would take for a formula becomes text: names, tags and reasons are anybody's words. */
export function quoted(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
