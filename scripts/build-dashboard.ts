// Writes the dashboards that Grafana loads: `npm run dashboard`. Tests fail while the files are not what their sources say.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { googleDashboardJson } from '../deploy/google-cloud/dashboard.ts';
import { dashboardJson } from '../deploy/grafana/dashboard.ts';

const deploy = resolve(import.meta.dirname, '../deploy');
writeFileSync(`${deploy}/grafana/dashboards/aiprod.json`, dashboardJson());
writeFileSync(`${deploy}/google-cloud/dashboard.json`, googleDashboardJson());
