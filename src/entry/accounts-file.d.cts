// What accounts-file.cjs is to the compiler.
export function isFile(text: string): boolean;
