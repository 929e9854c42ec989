// Rules about JSON that answer with Slack's own words: what is wrong, and a pointer to where.

/** Answers what is wrong with a value; nothing when it is right. */
export type Rule = (value: unknown, at: string) => string[];
export type Fields = Record<string, Rule>;

// The wording is Slack's, as quoted in grafana/oncall #5121, incidentbot #328 and adobe/spacecat-api-service #176.
export function wrong(words: string, at: string): string[] {
  return [`${words} [json-pointer:${at}]`];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const anything: Rule = () => [];

export const flag: Rule = (value, at) =>
  typeof value === 'boolean' ? [] : wrong('must provide a boolean', at);

export const number: Rule = (value, at) => (Number.isFinite(value) ? [] : wrong('must provide a number', at));

export const integer: Rule = (value, at) =>
  Number.isInteger(value) ? [] : wrong('must provide an integer', at);

export function string(max: number, min = 0): Rule {
  return (value, at) => {
    if (typeof value !== 'string') return wrong('must provide a string', at);
    const length = [...value].length;
    if (length < min) return wrong(`must be more than ${min - 1} characters`, at);
    if (length > max) return wrong(`must be less than ${max + 1} characters`, at);
    return [];
  };
}

export function oneOf(...values: string[]): Rule {
  return (value, at) =>
    values.includes(String(value)) ? [] : wrong(`must be one of: ${values.join(', ')}`, at);
}

export function list(item: Rule, max: number, min = 1): Rule {
  return (value, at) => {
    if (!Array.isArray(value)) return wrong('must provide an array', at);
    if (value.length > max) return wrong(`no more than ${max} items allowed`, at);
    if (value.length < min) return wrong(`no less than ${min} items allowed`, at);
    return value.flatMap((one, index) => item(one, `${at}/${index}`));
  };
}

/** An object with these fields and no others; `type` may always be there. */
export function shape(required: Fields, optional: Fields = {}): Rule {
  return (value, at) => {
    if (!isObject(value)) return wrong('must provide an object', at);
    const rules: Fields = { ...required, ...optional, type: anything };
    const missing = Object.keys(required).filter((name) => value[name] === undefined);
    return [
      ...missing.flatMap((name) => wrong(`missing required field: ${name}`, at)),
      ...Object.entries(value).flatMap(([name, field]) => {
        if (field === undefined) return [];
        const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
        return rule ? rule(field, `${at}/${name}`) : wrong(`invalid additional property: ${name}`, at);
      }),
    ];
  };
}

/** Objects told apart by their `type`; a type without a rule is refused. */
export function byType(kinds: Fields): Rule {
  return (value, at) => {
    if (!isObject(value)) return wrong('must provide an object', at);
    const type = String(value.type);
    const rule = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    return rule ? rule(value, at) : wrong(`unsupported type: ${type}`, `${at}/type`);
  };
}

export function both(first: Rule, second: Rule): Rule {
  return (value, at) => [...first(value, at), ...second(value, at)];
}

/** Within a list, no two objects with the same value in this field. */
export function distinct(items: unknown[], field: string, at: string): string[] {
  const seen = new Set<unknown>();
  return items.flatMap((item, index) => {
    const value = isObject(item) ? item[field] : undefined;
    if (value === undefined || !seen.has(value)) {
      seen.add(value);
      return [];
    }
    return wrong(`\`${field}\` already exists: ${value}`, `${at}/${index}/${field}`);
  });
}
