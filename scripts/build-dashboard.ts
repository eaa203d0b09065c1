// Writes the dashboard that Grafana loads: `npm run dashboard`. A test fails while the file is not what its source says.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { dashboardJson } from '../deploy/grafana/dashboard.ts';

const file = join(import.meta.dirname, '../deploy/grafana/dashboards/aiprod.json');
writeFileSync(file, dashboardJson());
console.log(`written: ${file}`);
