// What operators tell users about trouble and planned work, as the status page shows it.

export const incidentImpacts = ['maintenance', 'degraded', 'outage'] as const;

export interface Incident {
  title: string;
  impact: (typeof incidentImpacts)[number];
  /** In the future for work that is planned. */
  startedAt: Date;
  /** Null while it lasts. */
  resolvedAt: Date | null;
  /** What was said of it, oldest first. */
  updates: { at: Date; text: string }[];
}

const shownAfterwardsMs = 14 * 86_400_000;

/** What a status page should still show: what lasts, what is planned, and what ended within two weeks; newest first. */
export function incidentsToShow(incidents: Incident[], now: Date): Incident[] {
  return incidents
    .filter(
      ({ resolvedAt }) => resolvedAt === null || now.getTime() - resolvedAt.getTime() < shownAfterwardsMs,
    )
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
}
