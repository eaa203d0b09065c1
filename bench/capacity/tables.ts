// The tables of docs/operations/capacity.md, written from the model.
import {
  assumptions,
  oneMachineVideosPerHour,
  type Plan,
  paidMakersUsd,
  plan,
  shapes,
  video,
  videosPerHour,
} from './model.ts';

const volumes = [10, 1_000, 100_000] as const;

/** Markdown. */
export function planTable(): string {
  const plans = volumes.map(plan);
  const row = (name: string, cell: (plan: Plan) => string) => [name, ...plans.map(cell)];
  return table([
    row('Videos a day', ({ videosPerDay }) => whole(videosPerDay)),
    row('in the busiest hour', (each) => whole(each.videosPerHour)),
    row('Workers then (4 cores each)', (each) => whole(each.workers)),
    row('API instances', (each) => whole(each.api)),
    row("The database's cores", (each) => whole(each.databaseCores)),
    row('Connections to it', (each) => whole(each.connections)),
    row('while a version is rolled out', (each) => whole(each.connectionsRollingOut)),
    row('Stored', (each) => `${whole(each.storedGigabytes)} GB`),
    row('USD a month: workers', ({ usd }) => whole(usd.workers)),
    row('API', ({ usd }) => whole(usd.api)),
    row('sweep', ({ usd }) => whole(usd.sweep)),
    row('database, with a stand-by and backups', ({ usd }) => whole(usd.database)),
    row('files', ({ usd }) => whole(usd.storage)),
    row('requests to bucket and KMS', ({ usd }) => whole(usd.requests)),
    row('metrics', ({ usd }) => whole(usd.metrics)),
    row('downloads', ({ usd }) => whole(usd.downloads)),
    row('**all**', ({ usd }) => `**${whole(usd.total)}**`),
    row('**USD a video**', (each) => `**${cents(each.usdPerVideo)}**`),
    row('with paid makers', (each) => cents(each.usdPerVideo + paidMakersUsd())),
    row('One machine would do', (each) =>
      each.fitsOneMachine ? `yes: ${whole(shapes.oneMachine.usdPerMonth)} USD a month` : 'no',
    ),
  ]);
}

/** Markdown. */
export function speedTable(): string {
  const { coresUsed, busyShare } = assumptions;
  const worker = videosPerHour(shapes.worker.cores, coresUsed);
  return table([
    [
      'A machine',
      'videos an hour',
      `at ${whole(100 * busyShare)} %`,
      'a day, when a tenth comes in one hour',
    ],
    ...(
      [
        [
          `2 cores, everything on it (3,600 ÷ ${video.wallSeconds} s, one video after another)`,
          oneMachineVideosPerHour(),
        ],
        ['worker of 4 cores (computed)', worker],
        [
          `${shapes.worker.most} workers of 4 cores, the most that is set up (computed)`,
          shapes.worker.most * worker,
        ],
      ] as const
    ).map(([name, perHour]) => [
      name,
      whole(perHour),
      whole(perHour * busyShare),
      whole((perHour * busyShare) / assumptions.busiestHour),
    ]),
  ]);
}

function table([head, ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head!), line(head!.map(() => '---')).replaceAll(' ', ''), ...rows.map(line)].join('\n');
}

/** Three figures are more than the model is good for. */
function whole(value: number): string {
  const rounded = value < 100 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en');
}

function cents(usd: number): string {
  return usd < 0.1 ? usd.toFixed(4) : usd.toFixed(2);
}
