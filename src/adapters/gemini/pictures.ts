// Gemini's image models as painter: one picture per scene, kept as it came and looked at before it is used.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Prices } from '../../domain/prices.ts';
import { kindOf, mediaLimits, sniffMediaType } from '../../domain/user-media.ts';
import type { MadeFile } from '../../ports/made-file.ts';
import type { PaidAnswer } from '../../ports/paid-calls.ts';
import type { Visuals, VisualsInput } from '../../ports/providers.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { type GeminiAccess, type Generated, generate, invalid, partsOf, readGenerated } from './api.ts';
import { askTwice, pay } from './pay.ts';
import { closestRatio, picturePrompt } from './picture-prompt.ts';

export interface GeminiPicturesDeps extends GeminiAccess {
  model: string;
  prices: Pick<Prices, 'gemini_picture_1k' | 'gemini_picture_2k'>;
  /** Of one request. */
  deadlineMs?: number;
}

const revision = 1;
const ratios = ['16:9', '9:16', '1:1', '4:5', '5:4', '4:3', '3:4', '3:2', '2:3', '21:9'];
/** Up to this many pixels of the frame's shorter side the smaller size will do. */
const smallSide = 720;
/** Base64 takes four bytes for three; some words may come along. */
const mostAnswerBytes = Math.ceil((mediaLimits.imageBytes * 4) / 3) + 100_000;

export function createGeminiPictures(deps: GeminiPicturesDeps): Visuals {
  return {
    id: 'gemini/pictures',
    version: `${deps.model}+${revision}`,
    expectedMicroUsd: ({ scenes }) => scenes * deps.prices.gemini_picture_2k,
    illustrate: async (input, context) => ({ picture: await paint(input, context, deps) }),
  };
}

function paint(input: VisualsInput, context: WorkContext, deps: GeminiPicturesDeps): Promise<MadeFile> {
  const { client, model, prices, deadlineMs = 80_000 } = deps;
  const isSmall = Math.min(input.width, input.height) <= smallSide;
  const priceMicroUsd = isSmall ? prices.gemini_picture_1k : prices.gemini_picture_2k;
  const imageConfig = { aspectRatio: closestRatio(input, ratios), imageSize: isSmall ? '1K' : '2K' };
  const body = {
    contents: [{ role: 'user', parts: [{ text: `Make one picture: ${picturePrompt(input)}` }] }],
    generationConfig: { responseModalities: ['IMAGE'], imageConfig },
  };
  return askTwice('picture', async (name) => {
    const send = async () => {
      const { signal, scratch } = context;
      const request = { model, body, deadlineMs, mostBytes: mostAnswerBytes, signal };
      const generated = await generate(deps, request);
      const bytes = imageIn(generated);
      const answer = await write(join(scratch, name), bytes ?? generated);
      return { answer, costMicroUsd: bytes === undefined ? 0 : priceMicroUsd };
    };
    const call = { name, estimateMicroUsd: priceMicroUsd, send };
    return pictureOf(await client.inTurn(context, () => pay(context, call)));
  });
}

function imageIn({ candidates }: Generated): Buffer | undefined {
  const parts = candidates[0]?.content?.parts ?? [];
  const image = parts.find(({ inlineData, thought }) => inlineData !== undefined && !thought);
  return image && Buffer.from(image.inlineData!.data, 'base64');
}

/** The picture under the type that its bytes tell, or why there is none. */
async function write(path: string, made: Buffer | Generated): Promise<MadeFile> {
  await writeFile(path, Buffer.isBuffer(made) ? made : JSON.stringify(made));
  if (!Buffer.isBuffer(made)) return { path, mediaType: 'application/json' };
  const mediaType = sniffMediaType(made);
  const isImage = mediaType !== undefined && kindOf(mediaType) === 'image';
  return { path, mediaType: isImage ? mediaType : 'application/octet-stream' };
}

/** Throws `provider_refused` and `provider_answer_invalid`. */
async function pictureOf({ path, mediaType }: PaidAnswer): Promise<MadeFile> {
  if (mediaType === 'application/json') {
    partsOf(readGenerated(await readFile(path, 'utf8')));
    throw invalid('Gemini answered with words instead of a picture.');
  }
  if (mediaType === 'application/octet-stream') throw invalid('Gemini sent something that is no picture.');
  return { path, mediaType };
}
