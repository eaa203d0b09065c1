// Reads Terraform files as far as to tell blocks and the text of their attributes. Expressions are not evaluated; whether a
// file is valid is for Terraform to say.

export interface Block {
  type: string;
  labels: string[];
  /** Name to the text of the expression, without comments at its end. */
  attributes: Record<string, string>;
  blocks: Block[];
}

/** The top-level blocks. Throws for what it does not understand. */
export function readHcl(text: string): Block[] {
  const lines = text.split('\n').map((line) => line.trim());
  let at = 0;

  function readBody(): Pick<Block, 'attributes' | 'blocks'> {
    const body: Pick<Block, 'attributes' | 'blocks'> = { attributes: {}, blocks: [] };
    for (; at < lines.length; at += 1) {
      const line = lines[at]!;
      if (line === '' || line.startsWith('#')) continue;
      if (line === '}') return body;
      const [, type, labels] = /^(\w+)((?: "[^"]+")*) \{$/.exec(line) ?? [];
      if (type !== undefined) {
        at += 1;
        body.blocks.push({
          type,
          labels: [...labels!.matchAll(/"([^"]+)"/g)].map(([, label]) => label!),
          ...readBody(),
        });
        continue;
      }
      const [, name, start] = /^([\w-]+)\s+= (.+)$/.exec(line) ?? [];
      if (name === undefined) throw new Error(`line ${at + 1} is not understood: ${line}`);
      body.attributes[name] = readExpression(start!);
    }
    return body;
  }

  /** To the line on which all its brackets are closed. */
  function readExpression(start: string): string {
    let expression = start;
    while (depthOf(expression) > 0) {
      at += 1;
      if (at === lines.length) throw new Error(`the expression never ends: ${start}`);
      expression += `\n${lines[at]}`;
    }
    return expression;
  }

  return readBody().blocks;
}

function depthOf(expression: string): number {
  const bare = expression.replaceAll(/"(?:\\.|[^"\\])*"/g, '').replaceAll(/#.*/g, '');
  return (bare.match(/[([{]/g) ?? []).length - (bare.match(/[)\]}]/g) ?? []).length;
}

/** Of a block itself, not of what it describes. */
const metaArguments = ['for_each', 'iterator', 'depends_on', 'provider', 'lifecycle'];
const reference =
  /\b(?:data\.|ephemeral\.)?(?:google_\w+|random_password)\.\w+(?:\[[^\]]*\])?(?:\.\w+|\[\d+\])*/g;

/**
 * An expression whose value is what a resource would be given, as an object in which blocks are lists of objects, or one such
 * object per key of its `for_each`. References to other resources are replaced by `(reference)`, so that Terraform can
 * evaluate it without a provider.
 */
export function expressionOf(resource: Block): string {
  const { depends_on: _, ...attributes } = resource.attributes;
  const own = { ...resource, attributes };
  const { for_each: items } = attributes;
  const made =
    items === undefined ? objectOf(own) : `{ ${forEach('each', items)} : each.key => ${objectOf(own)} }`;
  return made.replaceAll(reference, '"(reference)"');
}

function objectOf({ attributes, blocks }: Block): string {
  const entries = Object.entries(attributes)
    .filter(([name]) => !metaArguments.includes(name) || name === 'depends_on')
    .map(([name, expression]) => `"${name}" = ${expression}`);
  const types = new Set(blocks.map(nameOf).filter((name) => !metaArguments.includes(name)));
  for (const type of types) {
    const lists = blocks.filter((block) => nameOf(block) === type).map(listOf);
    entries.push(`"${type}" = concat(${lists.join(', ')})`);
  }
  return `{\n${entries.join('\n')}\n}`;
}

const nameOf = ({ type, labels }: Block) => (type === 'dynamic' ? labels[0]! : type);

function listOf(block: Block): string {
  if (block.type !== 'dynamic') return `[${objectOf(block)}]`;
  const { for_each: items, iterator = nameOf(block) } = block.attributes;
  const content = block.blocks.find(({ type }) => type === 'content')!;
  return `[${forEach(iterator, items!)} : ${objectOf(content)}]`;
}

const forEach = (name: string, items: string) =>
  `for ${name} in [for key, value in ${items} : { key = key, value = value }]`;
