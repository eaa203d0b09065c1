// Every schema of the API in one place: the single source of validation, types and the OpenAPI document.
export {
  apiKeysSchema,
  createApiKeySchema,
  rotateApiKeySchema,
  shownApiKeySchema,
  toApiKeyView,
  toShownApiKeyView,
} from './api-key.ts';
export { assetPageSchema, assetSchema, toAssetView } from './asset.ts';
export { estimateSchema, presetsSchema, stylesSchema, voicesSchema } from './catalogue.ts';
export { editStoryboardSchema } from './edit-storyboard.ts';
export { eraseAccountSchema, erasedUserParams, erasingSchema } from './erasure.ts';
export { jobPageSchema, jobSchema, toJobView } from './job.ts';
export { deadLettersSchema, healthSchema, readySchema, statusSchema } from './operations.ts';
export { problemSchema } from './problem.ts';
export { type PushEnvelope, pushEnvelopeSchema } from './push-envelope.ts';
export { stepsSchema, storyboardSchema } from './steps.ts';
export { type CreateVideo, createVideoSchema } from './video-request.ts';
export {
  changeWebhookSchema,
  createWebhookSchema,
  deliveriesSchema,
  toDeliveryView,
  toWebhookView,
  webhookSchema,
  webhookSecretSchema,
  webhooksSchema,
  webhookTestSchema,
} from './webhook.ts';
