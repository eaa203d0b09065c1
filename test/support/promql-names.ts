// Reads PromQL only as far as to tell which metrics an expression names, so that a test can hold rules and panels to what
// is exported. Whether it is valid is for Prometheus to say.

const aggregators = 'sum|min|max|avg|group|stddev|stdvar|count|count_values|bottomk|topk|quantile';
/** Words that are followed by a list of labels. */
const labelLists = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
const words = new RegExp(
  `^(?:${aggregators}|and|or|unless|bool|offset|atan2|group_left|group_right|inf|nan)$`,
  'i',
);

/** The names of metrics and recorded series, each once, in order of appearance. */
export function metricNames(expression: string): string[] {
  const bare = expression
    .replaceAll(/#.*$/gm, ' ')
    .replaceAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/g, '""')
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(labelLists, ' ');
  const names = bare.matchAll(/(?<![\w:.$])([a-zA-Z_:][\w:]*)(?!\s*\(|[\w:])/g);
  return [...new Set([...names].map(([, name]) => name!).filter((name) => !words.test(name)))];
}
