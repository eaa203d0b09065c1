// What the commands read of the API's answers. The API's schemas are the source.
import type { z } from 'zod';

import type { jobSchema, stepsSchema } from '../api/schemas/index.ts';

export type JobView = z.output<typeof jobSchema>;
export type StepView = z.output<typeof stepsSchema>['steps'][number];
