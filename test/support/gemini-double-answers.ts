// What the double of the Gemini API says, word for word like the real one: generations, refusals, operations.
import { createCanvas } from '@napi-rs/canvas';

/** The members of a request's body that the double looks at. */
export interface GeminiBody {
  systemInstruction: { parts: { text: string }[] };
  contents: { parts: { text: string }[] }[];
  generationConfig: {
    responseModalities?: string[];
    imageConfig?: { aspectRatio: string; imageSize: string };
    responseJsonSchema?: { properties: { scenes: { items: { properties: object } } } };
    maxOutputTokens?: number;
  };
  instances: { prompt: string }[];
  parameters: Record<string, unknown>;
}

export type PlannedByDouble = { text?: string } & Record<string, unknown>;

export const usage = { promptTokenCount: 900, candidatesTokenCount: 300, thoughtsTokenCount: 100 };

export function generation(parts: object[], finishReason = 'STOP'): object {
  return {
    candidates: [{ content: { parts, role: 'model' }, finishReason, index: 0 }],
    usageMetadata: { ...usage, totalTokenCount: 1_300 },
    modelVersion: 'gemini-double',
    responseId: 'r1',
  };
}

/** The texts between the marks: a script to be cut, or scenes without their numbers. */
export function textsIn(body: GeminiBody): { texts: string[]; given: boolean; tells: boolean } {
  const lines = body.contents[0]!.parts[1]!.text.split('\n').slice(1, -1);
  const { items } = body.generationConfig.responseJsonSchema!.properties.scenes;
  const tells = 'text' in items.properties;
  const given = / in exactly \d+ scene/.test(body.contents[0]!.parts[0]!.text);
  const texts =
    given && lines.length > 1 ? lines.map((line) => line.replace(/^\d+\. /, '')) : [lines.join('\n')];
  return { texts, given, tells };
}

/** Sentences as scenes, directed without much thought. */
export function planOf(body: GeminiBody): PlannedByDouble[] {
  const { texts, given, tells } = textsIn(body);
  const pieces = given ? texts : texts.flatMap((text) => text.match(/[^.!?。]+[.!?。]*/gu) ?? []);
  return pieces
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text, index) => ({
      ...(tells && { text }),
      motif: ['sea', 'storm', 'night_sky'][index % 3],
      keywords: ['lighthouse', 'Sailing Ship'],
      emphasis: [text.split(/\s+/u).at(-1)],
      energy: 0.4,
    }));
}

export function pictureOf(aspectRatio: string, colour: string, type: 'png' | 'jpeg'): Buffer {
  const [w, h] = aspectRatio.split(':').map(Number) as [number, number];
  const canvas = createCanvas(64 * w, 64 * h);
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, canvas.width, canvas.height);
  return type === 'png' ? canvas.toBuffer('image/png') : canvas.toBuffer('image/jpeg');
}

const quotaMessage = 'You exceeded your current quota, please check your plan and billing details.';
const tooMany = (quotaId: string, more: object[] = []) => ({
  code: 429,
  status: 'RESOURCE_EXHAUSTED',
  message: quotaMessage,
  details: [
    {
      '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
      violations: [{ quotaId, quotaValue: '250' }],
    },
    ...more,
  ],
});

export const refusals = {
  busy: tooMany('GenerateRequestsPerMinutePerProjectPerModel', [
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' },
  ]),
  quota: tooMany('GenerateRequestsPerDayPerProjectPerModel'),
  key: {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'API key not valid. Please pass a valid API key.',
    details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
  },
  unknown_model: {
    code: 404,
    status: 'NOT_FOUND',
    message: 'models/gemini-0 is not found for API version v1beta.',
  },
  broken: { code: 500, status: 'INTERNAL', message: 'An internal error has occurred.' },
  overloaded: { code: 503, status: 'UNAVAILABLE', message: 'The model is overloaded.' },
  late: {
    code: 504,
    status: 'DEADLINE_EXCEEDED',
    message: 'Deadline expired before operation could complete.',
  },
} as const;

export type ClipOutcome =
  | 'ready'
  | 'never'
  | 'filtered'
  | 'error'
  | 'nothing'
  /** The clip is said to lie on another host; at another address of this one; at one that sends to another host. */
  | 'elsewhere'
  | 'moved'
  | 'moved_elsewhere'
  | 'not_a_clip';

/** A finished operation. */
export function operationOf(name: string, outcome: ClipOutcome, origin: string): object {
  if (outcome === 'error') {
    const message = 'Video generation failed due to an internal server issue.';
    return { name, done: true, error: { code: 13, message } };
  }
  const uri = `${outcome === 'elsewhere' ? 'https://files.example.com' : origin}/v1beta/files/clip1:download?alt=media`;
  const response =
    outcome === 'filtered'
      ? {
          raiMediaFilteredCount: 1,
          raiMediaFilteredReasons: ['The prompt asks for violence. Support code: 61493863'],
        }
      : outcome === 'nothing'
        ? {}
        : { generatedSamples: [{ video: { uri } }] };
  return { name, done: true, response: { generateVideoResponse: response } };
}
