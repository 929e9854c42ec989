// A cell of a table for spreadsheets.

/** RFC 4180. What a spreadsheet would take for a formula becomes text: names and tags are anybody's words. */
export function quoted(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
