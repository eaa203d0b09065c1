// The yardstick of bench:api: one Fastify route that answers a fixed job, with nothing around it. Prints its address.
import Fastify from 'fastify';

const job = {
  job_id: '0190f2c0-0000-7000-8000-000000000000',
  status: 'pending',
  stage: null,
  progress: 0,
  payload: { script: 'One more job waits in line.', style: 'cinematic', mood: 'neutral' },
  created_at: '2026-01-01T00:00:00.000Z',
  error: null,
};

const server = Fastify();
server.get('/v1/videos/:job_id', () => job);
process.stdout.write(`${await server.listen({ host: '127.0.0.1', port: 0 })}\n`);
process.once('SIGTERM', () => void server.close());
