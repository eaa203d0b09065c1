// What a migration must not do to a database that others work with. Reads SQL as text: good enough for files that people
// write and review, and no parser.

/** Each thing that would lock a table for long or break programs of the version before, with what to do instead. */
export function dangersOf(fileName: string, sql: string): string[] {
  const text = strip(sql);
  const statements = text
    .split(';')
    .map((statement) => statement.trim().replaceAll(/\s+/g, ' '))
    .filter((statement) => statement !== '');
  if (fileName.endsWith('.concurrent.sql')) return dangersOfConcurrent(statements);
  const fresh = new Set(
    statements.flatMap((statement) => /^CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)/i.exec(statement)?.[1] ?? []),
  );
  const version = fileName.slice(0, 4);
  const unusedSince = /^-- Unused since: (\d{4})$/m.exec(sql)?.[1];
  const worksWith = /^-- Works with: (\d{4})$/m.exec(sql)?.[1] ?? version;
  const mayDrop = unusedSince !== undefined && unusedSince < version && worksWith >= unusedSince;
  return statements.flatMap((statement) => dangersOfStatement(statement, fresh, mayDrop));
}

/** Without comments, bodies of functions and texts. */
function strip(sql: string): string {
  return sql
    .replaceAll(/--[^\n]*/g, '')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replaceAll(/'(?:[^']|'')*'/g, "''");
}

function dangersOfConcurrent(statements: string[]): string[] {
  const one = /^CREATE (UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS \w+ ON /i;
  const good = statements.length === 1 && one.test(statements[0]!);
  return good
    ? []
    : ['a .concurrent.sql holds one CREATE INDEX CONCURRENTLY IF NOT EXISTS, and nothing else'];
}

function dangersOfStatement(statement: string, fresh: Set<string>, mayDrop: boolean): string[] {
  const dangers: string[] = [];
  const table = tableOf(statement);
  const isFresh = table !== undefined && fresh.has(table);
  const say = (wrong: boolean, danger: string) => {
    if (wrong && !isFresh) dangers.push(danger);
  };
  const has = (pattern: RegExp) => pattern.test(statement);

  say(
    has(/^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)/i),
    'an index on a table that exists: put it into a .concurrent.sql',
  );
  say(has(/\bCONCURRENTLY\b/i), 'CONCURRENTLY cannot run in a transaction: put it into a .concurrent.sql');
  say(has(/^(VACUUM|CLUSTER|REINDEX|LOCK|TRUNCATE)\b/i), 'locks a whole table');
  say(has(/^(UPDATE|DELETE|INSERT)\b/i), 'changes rows under locks: let the program do it, a few at a time');
  say(
    has(/\b(DROP (TABLE|COLUMN|CONSTRAINT|FUNCTION|TRIGGER|INDEX)|RENAME (TO|COLUMN|CONSTRAINT))\b/i) &&
      !mayDrop,
    'takes away what the version before uses: say from which schema version on no program does, "-- Unused since: NNNN"',
  );
  if (!has(/^ALTER TABLE/i)) return dangers;

  for (const [column] of statement.matchAll(
    /\bADD (?:COLUMN )?(?!CONSTRAINT|CHECK|FOREIGN|PRIMARY|UNIQUE|EXCLUDE).*?(?=, (?:ADD|ALTER|DROP)\b|$)/gi,
  )) {
    const initial = /\bDEFAULT (.*)$/i.exec(column)?.[1];
    const isVolatile =
      initial !== undefined &&
      /\w\s*\(/.test(initial.replaceAll(/\b(now|statement_timestamp|transaction_timestamp)\(\)/gi, ''));
    say(isVolatile, 'a default that differs from row to row rewrites the table: add the column without it');
    say(/\b(GENERATED|(small|big)?serial)\b/i.test(column), 'a generated column rewrites the table');
    say(
      /\bNOT NULL\b/i.test(column) && initial === undefined,
      'NOT NULL without a default: rows that exist have none, and the version before gives none',
    );
    say(
      /\b(REFERENCES|CHECK|UNIQUE|PRIMARY KEY)\b/i.test(column),
      'a constraint that is checked under a lock: add it apart, NOT VALID, and validate it in a later migration',
    );
  }
  say(has(/\bALTER (COLUMN )?\w+ (SET DATA )?TYPE\b/i), 'another type rewrites the table: add a column');
  say(
    has(/\bSET NOT NULL\b/i),
    'reads the whole table under a lock: a CHECK … NOT VALID first, validated later',
  );
  say(
    has(/\bADD (CONSTRAINT \w+ )?(CHECK|FOREIGN KEY)\b/i) && !has(/\bNOT VALID\b/i),
    'a constraint that is checked under a lock: add it NOT VALID, and validate it in a later migration',
  );
  say(
    has(/\bADD (CONSTRAINT \w+ )?(PRIMARY KEY|UNIQUE|EXCLUDE)\b/i) && !has(/\bUSING INDEX\b/i),
    'builds an index under a lock: build it in a .concurrent.sql, then ADD … USING INDEX',
  );
  return dangers;
}

function tableOf(statement: string): string | undefined {
  const patterns = [
    /^CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?\w* ?ON (?:ONLY )?"?(\w+)/i,
    /^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?"?(\w+)/i,
    /^(?:UPDATE|DELETE FROM|INSERT INTO|TRUNCATE(?: TABLE)?|LOCK(?: TABLE)?) "?(\w+)/i,
  ];
  return patterns.map((pattern) => pattern.exec(statement)?.[1]).find((name) => name !== undefined);
}
