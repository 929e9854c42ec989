// Which table the deployed functions keep their records in, as far as the next deployment would leave it for an empty one.

interface Template {
  Resources: {
    Table?: { Properties: { TableName?: string } };
    WorkerLambdaFunction?: { Properties: { Environment: { Variables: { TABLE_NAME: unknown } } } };
  };
}

/** Undefined where the stack goes on with its own table, or has none yet. */
export function tableLeftBy(template: string): string | undefined {
  const { Resources } = JSON.parse(template) as Template;
  // The stacks of earlier versions gave their table a name.
  const fixed = Resources.Table?.Properties.TableName;
  const used = Resources.WorkerLambdaFunction?.Properties.Environment.Variables.TABLE_NAME;
  const [, , given] = (used as { 'Fn::If'?: string[] } | undefined)?.['Fn::If'] ?? [];
  return fixed ?? (given || undefined);
}

/** The framework makes a stack with nothing but its bucket first; so does a first deployment that failed leave one. */
export function isFirst(template: string | undefined): boolean {
  return template === undefined || !(JSON.parse(template) as Template).Resources.WorkerLambdaFunction;
}

/** Of all tables, those that a stack of this name has left behind. */
export function tablesOf(stack: string, names: readonly string[]): string[] {
  return names.filter((name) => name === stack || name.startsWith(`${stack}-Table-`));
}
