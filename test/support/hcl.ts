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
