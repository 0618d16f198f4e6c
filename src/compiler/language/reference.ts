import { languageSchema, type Schema } from './json-schema.ts';

/** What a table of keys is about, and the schema of it. */
interface Section {
  readonly title: string;
  readonly schema: Schema;
}

/** The reference page of the language, as Markdown: every key with its type, default and meaning. */
export function languageReference(): string {
  const { properties = {}, definitions } = languageSchema();
  const { source = {}, environment = {}, pipeline = {} } = definitions as Record<string, Schema>;
  const { extends: extending = {} } =
    (definitions as Record<string, Schema>).environment_that_extends?.properties ?? {};
  const seen = new Map<string, string>();
  const parts: [string, readonly Section[]][] = [
    ['A file', sectionsOf('', { properties })],
    ['A source', sectionsOf('sources.NAME', source)],
    [
      'An environment',
      sectionsOf('environments.NAME', {
        ...environment,
        properties: { extends: extending, ...environment.properties },
      }),
    ],
    ['A pipeline', sectionsOf('pipelines.NAME', pipeline)],
  ];
  return `${HEAD}\n${parts.map(([title, sections]) => `## ${title}\n\n${tables(sections, seen).join('\n')}`).join('\n')}`;
}

const HEAD = `# The language

Written by \`npx pipegen schema --format markdown\` from the schemas that a spec is checked by; do not edit. Editors get
the same from [pipelines.schema.json](../schema/pipelines.schema.json): begin a file with
\`# yaml-language-server: $schema=…/schema/pipelines.schema.json\`.

A spec is YAML 1.2: one file, or several by \`include\`. A key that is not here is an error.

- **Several files.** \`include: [pipelines/*.yaml]\` joins the maps of the files name by name. An included file may hold
  any key of the first level; its own patterns start from its own folder. A name in two files is an error, so is a
  pattern that matches nothing, a circle, and a file outside of the folder of the spec. Anchors hold within one file.
  All other paths in a spec (\`digest_file\`, \`project\`, handlers) start from the folder of the first file.
- **Merging.** A pipeline is what \`defaults\` say, then what it says itself, then what
  \`environments.NAME.overrides.PIPELINE\` says; an environment that \`extends\` another lies over it. Maps are merged key
  by key, lists and plain values replaced; null takes a key away.
- **Placeholders.** \`\${variables.NAME}\` stands for a variable of the environment; \`\${partition}\`, \`\${slice.NAME}\` and
  the name of a \`for_each\` stand for what a run works on. Inside of \`{}\` and \`[]\` they need quotes around them.
- **Quantities.** A duration is \`30s\`, \`5m\`, \`1h\` or \`2d\`; a share \`1%\` or \`0.5%\`; a size \`500KiB\` or \`64MiB\`.
- **Text or number.** YAML reads \`010\` as 10, \`1.10\` as 1.1 and a number of twenty digits as another one: put quotes
  around what is meant as text. \`no\` and \`12:30\` are text, \`true\` and \`false\` are the only truth values.
`;

/** A table for the object itself, then those of the objects within it. */
function sectionsOf(path: string, schema: Schema): Section[] {
  const options = (schema.oneOf ?? schema.anyOf)?.filter(({ properties }) => properties !== undefined);
  if (options !== undefined && options.length > 0) {
    return options.flatMap((option) => sectionsOf(`${path}${kindOf(option)}`, option));
  }
  if (schema.items !== undefined) return sectionsOf(`${path}[]`, schema.items);
  const own = schema.properties === undefined ? [] : [{ title: path, schema }];
  const inside = Object.entries(schema.properties ?? {}).flatMap(([key, one]) =>
    // A mistake in what is written about a kind is in its options only.
    sectionsOf(path === '' ? key : `${path}.${key}`, one),
  );
  const named =
    typeof schema.additionalProperties === 'object'
      ? sectionsOf(`${path}.NAME`, schema.additionalProperties)
      : [];
  return [...own, ...inside, ...named];
}

/** Which option of a union it is: `<offset>`. */
function kindOf({ properties = {} }: Schema): string {
  const chosen = Object.values(properties).find((one) => one.const !== undefined)?.const;
  return chosen === undefined ? '' : `<${String(chosen)}>`;
}

/** A table that was shown before is named rather than shown again. */
function tables(sections: readonly Section[], seen: Map<string, string>): string[] {
  return sections.flatMap(({ title, schema }) => {
    const table = tableOf(schema);
    const first = seen.get(table);
    seen.set(table, first ?? title);
    const head = title === '' ? '' : `### ${code(title)}\n\n`;
    if (first === undefined)
      return [`${head}| key | type | default | meaning |\n|---|---|---|---|\n${table}\n`];
    return [`${head}As ${code(first)}.\n`];
  });
}

function tableOf(schema: Schema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([key, one]) => {
    const isRequired = schema.required?.includes(key) === true;
    const value = one.default === undefined || isObject(one.default) ? '' : code(JSON.stringify(one.default));
    return `| ${code(key)} | ${typeOf(one)} | ${isRequired ? 'needed' : value} | ${cell(one.description ?? '')} |`;
  });
  return rows.join('\n');
}

function isObject(value: unknown): boolean {
  return value !== null && typeof value === 'object';
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((one) => code(String(one))).join(', ');
  const options = schema.oneOf ?? schema.anyOf;
  if (options !== undefined) return [...new Set(options.map(typeOf))].join(' or ');
  if (schema.type === 'array') return schema.items === undefined ? 'list' : `list of ${typeOf(schema.items)}`;
  if (schema.type === 'object') return 'map';
  if (schema.type === 'string')
    return schema.examples === undefined ? 'text' : `text, as ${exampleOf(schema)}`;
  if (schema.type === 'integer') return `whole number${bounds(schema)}`;
  if (schema.type === 'number') return `number${bounds(schema)}`;
  if (schema.type === 'boolean') return '`true`, `false`';
  if (schema.type === 'null') return 'null';
  return schema.$ref === undefined ? 'any value' : 'map';
}

function exampleOf({ examples }: Schema): string {
  return code(String((examples as unknown[])[0]));
}

/** Nothing for the bounds that every number of JavaScript has. */
function bounds({ minimum, maximum }: Schema): string {
  const from = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? `${minimum}` : '';
  const to = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `${maximum}` : '';
  if (from !== '' && to !== '') return `, ${from} to ${to}`;
  if (from !== '') return `, ${from} or more`;
  return to === '' ? '' : `, ${to} or less`;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
