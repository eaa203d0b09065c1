// Counts free requests to providers per day on PostgreSQL, one row a provider, so that all instances share a budget.
import type pg from 'pg';

import type { RequestBudget } from '../../ports/request-budget.ts';
import { rowsOf } from './statements.ts';

const today = `(now() AT TIME ZONE 'UTC')::date`;

const countRequest = {
  name: 'request_budget_take',
  text: `
    INSERT INTO provider_requests AS r (provider, day, requests) SELECT $1, ${today}, 1 WHERE $2::integer > 0
    ON CONFLICT (provider) DO UPDATE
      SET day = ${today}, requests = CASE WHEN r.day = ${today} THEN r.requests + 1 ELSE 1 END
      WHERE r.day <> ${today} OR r.requests < $2::integer
    RETURNING 1`,
};

export function createRequestBudget({ pool }: { pool: pg.Pool }): RequestBudget {
  return {
    take: async (provider, most) => (await rowsOf(pool, countRequest, [provider, most])).length > 0,
  };
}
