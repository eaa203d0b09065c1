// Sends signed messages to URLs that users named, and to no address that they must not reach.
import type { MessageType } from '../domain/webhook.ts';

export interface SignedMessage {
  url: string;
  messageId: string;
  body: string;
  /** `whsec_…`; each signs, so that a receiver may know the new one or the one before. */
  secrets: string[];
}

export interface SendOutcome {
  /** Null when no answer came. */
  status: number | null;
  /** Null = delivered: the answer was 2xx. */
  error: string | null;
  durationMs: number;
  /** The beginning of the answer's body. */
  answer: string;
  /** For how long the receiver asked to be left alone. */
  retryAfterMs?: number;
}

export interface WebhookSender {
  /** Says why this URL may not be called, at once or by what its host resolves to now; undefined when it may. */
  faultOf(url: string): Promise<string | undefined>;
  /** Never rejects but for `signal`. */
  send(message: SignedMessage, signal: AbortSignal): Promise<SendOutcome>;
}

/** A message that is to be sent now, and is held until `lease` says. */
export interface DueMessage {
  messageId: string;
  endpointId: string;
  userId: string;
  type: MessageType;
  url: string;
  body: string;
  /** This one counted. */
  attempts: number;
  /** Throws `encryption_key_unavailable`, `sealed_unreadable`. */
  openSecrets(): Promise<string[]>;
}
