// Two statements in one round trip: what makes a change of role cost next to nothing. The only place that knows how the
// driver speaks to the server.
import pg from 'pg';

/** What the driver's connection has beyond its published types. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  parse(statement: { text: string }): void;
  bind(parameters: { values: string[] }): void;
  describe(portal: { type: 'P' }): void;
  execute(portal: object): void;
}

/**
 * Runs `first` and then `query`, in one transaction when there is none yet: the server commits where it is asked to answer,
 * and that is asked once. Resolves to the result of `query`. A pool's connection is dropped when either fails, as the driver
 * does; a client on which a named `query` failed must be dropped by its owner.
 */
export async function queryAfter<Row extends pg.QueryResultRow>(
  executor: pg.Pool | pg.PoolClient,
  first: { text: string; values: string[] },
  query: { name?: string; text: string; values: unknown[] },
): Promise<pg.QueryResult<Row>> {
  if (!(executor instanceof pg.Pool)) return submit(executor, first, query);
  const client = await executor.connect();
  let failed = true;
  try {
    const result = await submit<Row>(client, first, query);
    failed = false;
    return result;
  } finally {
    client.release(failed);
  }
}

function submit<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  first: { text: string; values: string[] },
  query: { name?: string; text: string; values: unknown[] },
): Promise<pg.QueryResult<Row>> {
  return new Promise((resolve, reject) => {
    // The simple protocol, which the driver takes for a query without values, would not wait for the end of the message.
    const config: pg.QueryConfig & { queryMode: string } = { ...query, queryMode: 'extended' };
    const both = new pg.Query(config, (error, results) => {
      if (error) return reject(error);
      // The driver gives one result for each statement that the server completed.
      resolve((results as unknown as pg.QueryResult<Row>[])[1]!);
    });
    const submitQuery = both.submit;
    both.submit = (connection) => {
      const wire = connection as unknown as Wire;
      wire.stream.cork();
      wire.parse({ text: first.text });
      wire.bind({ values: first.values });
      wire.describe({ type: 'P' });
      wire.execute({});
      const fault = submitQuery.call(both, connection);
      wire.stream.uncork();
      return fault;
    };
    client.query(both);
  });
}
