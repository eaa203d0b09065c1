// Every schema of the API in one place: the single source of validation, types and the OpenAPI document.
export { type JobView, jobPageSchema, jobSchema, toJobView } from './job.ts';
export { problemSchema } from './problem.ts';
export { stepsSchema, storyboardSchema } from './steps.ts';
export { type CreateVideo, createVideoSchema } from './video-request.ts';
