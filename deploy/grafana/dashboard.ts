// The dashboard as a whole. `npm run dashboard` writes it to dashboards/aiprod.json, which is what Grafana reads.
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';

import { datasource } from './panels.ts';
import { deadLetters } from './rows/dead-letters.ts';
import { instances } from './rows/instances.ts';
import { jobs } from './rows/jobs.ts';
import { promises } from './rows/promises.ts';
import { cost, providers } from './rows/providers.ts';
import { service } from './rows/service.ts';

const rows = {
  Service: service,
  'Jobs and steps': jobs,
  Providers: providers,
  Cost: cost,
  'Dead letters': deadLetters,
  'Promises (SLO)': promises,
  'Routes and processes': instances,
};

/** As text, the same for the same sources. */
export function dashboardJson(): string {
  return `${JSON.stringify(buildDashboard(), null, 2)}\n`;
}

function buildDashboard(): Dashboard {
  const builder = new DashboardBuilder('AIPROD')
    .uid('aiprod')
    .description('Generated from deploy/grafana/dashboard.ts: change it there.')
    .tags(['aiprod'])
    .readonly()
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .annotation(
      new AnnotationQueryBuilder()
        .name('Alerts')
        .datasource(datasource)
        .enable(true)
        .iconColor('red')
        .expr('ALERTS{alertstate="firing"}')
        .titleFormat('{{alertname}}')
        .textFormat('{{severity}} {{instance}}'),
    );
  for (const [title, panels] of Object.entries(rows)) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(panel);
  }
  const built = builder.build();
  // Links to a panel hold its number.
  for (const [index, panel] of (built.panels ?? []).entries()) panel.id = index + 1;
  return built;
}
