// The dashboard of deploy/grafana for Managed Service for Prometheus beside Cloud Run, where nothing is recorded and alerts
// are Cloud Monitoring's: recorded names are written out, and what shows alerts is left out.
import { dashboardJson } from '../grafana/dashboard.ts';
import { recordings, writeOut } from './alert-rules.ts';

interface Panel {
  title: string;
  gridPos: { x: number; w: number };
  targets?: { expr: string }[];
}

/** As text, the same for the same sources. */
export function googleDashboardJson(): string {
  const dashboard = JSON.parse(dashboardJson()) as { panels: Panel[] };
  const recorded = recordings();
  const panels = dashboard.panels.filter((panel) => !showsAlerts(panel));
  for (const target of panels.flatMap(({ targets = [] }) => targets)) {
    target.expr = writeOut(target.expr, recorded);
  }
  const ours = {
    ...dashboard,
    title: 'AIPROD on Google Cloud',
    uid: 'aiprod-google',
    annotations: { list: [] },
    panels,
  };
  return `${JSON.stringify(ours, null, 2)}\n`;
}

function showsAlerts({ targets = [] }: Panel): boolean {
  return targets.some(({ expr }) => expr.includes('ALERTS'));
}
