// Which table the deployed functions keep their records in, as far as the next deployment would leave it for an empty one.

interface Template {
  Resources: {
    Table?: { Properties: { TableName?: string } };
    WorkerLambdaFunction?: { Properties: { Environment: { Variables: { TABLE_NAME: unknown } } } };
  };
}

/** Undefined where the stack goes on with its own table, or with none: the framework makes a stack without functions first. */
export function tableLeftBy(template: string): string | undefined {
  const { Resources } = JSON.parse(template) as Template;
  // The stacks of earlier versions gave their table a name.
  const fixed = Resources.Table?.Properties.TableName;
  const used = Resources.WorkerLambdaFunction?.Properties.Environment.Variables.TABLE_NAME;
  const [, , given] = (used as { 'Fn::If'?: string[] } | undefined)?.['Fn::If'] ?? [];
  return fixed ?? (given || undefined);
}
