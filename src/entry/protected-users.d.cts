// What protected-users.cjs is to the compiler.
export function resources(text: string): { 'Fn::Sub': string }[];
