// A user's webhook endpoints and what was sent to them. Every call names the user; somebody else's are as good as absent.
import type { WebhookEndpoint, WebhookMessage, WebhookType } from '../domain/webhook.ts';

export interface EndpointChange {
  url?: string;
  description?: string;
  types?: WebhookType[] | null;
  onlyNamedJobs?: boolean;
  enabled?: boolean;
}

export interface WebhookStore {
  /** Throws `limit_reached`, `request_invalid` for a URL that the user has already, `encryption_key_unavailable`. */
  add(
    userId: string,
    endpoint: { url: string; description: string; types: WebhookType[] | null; onlyNamedJobs: boolean },
  ): Promise<WebhookEndpoint>;
  /**
   * The endpoint with this URL; a new one for named jobs alone if there is none. It makes no room for others for the minute in
   * which the job is created. Throws as `add`.
   */
  forUrl(userId: string, url: string): Promise<WebhookEndpoint>;
  find(userId: string, endpointId: string): Promise<WebhookEndpoint | undefined>;
  list(userId: string): Promise<WebhookEndpoint[]>;
  /** Enabling forgets why it was disabled. Throws `not_found`, `request_invalid` for a URL of another endpoint. */
  change(userId: string, endpointId: string, change: EndpointChange): Promise<WebhookEndpoint>;
  /** With everything that was sent or waits. Throws `not_found`. */
  remove(userId: string, endpointId: string): Promise<void>;
  /** `whsec_…`, as it signs now. Throws `not_found`, and what opening it throws. */
  secret(userId: string, endpointId: string): Promise<string>;
  /** A new secret; the one before signs too for a day. Throws as `secret`. */
  rotate(userId: string, endpointId: string): Promise<string>;
  /** Puts a `webhook.test` out; its id. Throws `not_found`, `state_conflict` when disabled. */
  test(userId: string, endpointId: string): Promise<string>;
  /** Newest first. Throws `not_found`, `request_invalid` for a cursor that we did not make. */
  deliveries(
    userId: string,
    endpointId: string,
    query: { limit: number; cursor?: string },
  ): Promise<{ messages: WebhookMessage[]; nextCursor?: string }>;
  /** Sends it again under the same id. Throws `not_found`, `state_conflict` while it still waits or when disabled. */
  redeliver(userId: string, endpointId: string, messageId: string): Promise<void>;
}
