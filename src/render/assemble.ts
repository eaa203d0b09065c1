// Joins rendered scenes and the mix to the finished MP4: pictures copied, sound encoded, index first, chapters, titles.
// Judges nothing; inspect.ts measures what came out.
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  AV_DISPOSITION_DEFAULT,
  AV_LOG_ERROR,
  AVERROR_EOF,
  AVFMT_FLAG_BITEXACT,
  Dictionary,
  FormatContext,
  Log,
  Packet,
  Rational,
  type Stream,
} from 'node-av';
import type { MadeFile } from '../ports/made-file.ts';
import type { AssembleInput } from '../ports/media-tools.ts';
import type { WorkContext } from '../ports/work-context.ts';
import { createBreather } from '../sound/breather.ts';
import { openWavReader } from '../sound/wav.ts';
import { audioRate, type EncodedAudio, encodeAudio } from './encode-audio.ts';
import { finishMp4 } from './finish-mp4.ts';
import { iso639Part2 } from './language-codes.ts';
import { check, openMp4 } from './media-calls.ts';

/**
 * Contract: see MediaTools. The sound is cut or filled with silence to the pictures' length. Same input, same bytes.
 * Throws `storage_full`; a plain Error when scenes are unreadable or do not fit each other.
 */
export async function assemble(input: AssembleInput, context: WorkContext): Promise<MadeFile> {
  const breathe = createBreather(context.signal);
  const joined = path.join(context.scratch, 'joined.mp4');
  const unfinished = path.join(context.scratch, 'video.mp4.part');
  const finished = path.join(context.scratch, 'video.mp4');

  const scenes = input.scenes.map(readScene);
  const frames = scenes.reduce((sum, scene) => sum + scene.frames, 0);
  const wav = openWavReader(input.mix);
  let sound: EncodedAudio | undefined;
  try {
    sound = await encodeAudio(wav, Math.round((frames * audioRate) / input.format.fps), breathe);
    context.onProgress?.(0.6);
    await join(joined, input, scenes, sound, breathe);
  } finally {
    wav.close();
    sound?.free();
  }
  context.onProgress?.(0.9);
  await finishMp4(joined, unfinished, input.chapters);
  await rm(joined);
  await rename(unfinished, finished);
  context.onProgress?.(1);
  return { path: finished, mediaType: 'video/mp4' };
}

interface RenderedScene {
  path: string;
  frames: number;
  /** Codec setup; scenes join only where it is the same. */
  setup: Buffer;
}

function readScene(file: string): RenderedScene {
  const input = openMp4(file);
  try {
    const stream = theVideo(input);
    return {
      path: file,
      frames: Number(stream.nbFrames),
      setup: Buffer.from(stream.codecpar.extradata ?? []),
    };
  } finally {
    input.closeInputSync();
  }
}

function theVideo(input: FormatContext): Stream {
  const stream = input.streams[0];
  if (stream === undefined || input.nbStreams !== 1)
    throw new Error(`a scene has ${input.nbStreams} streams`);
  return stream;
}

async function join(
  target: string,
  { format, title, comment, language }: AssembleInput,
  scenes: RenderedScene[],
  sound: EncodedAudio,
  breathe: () => Promise<void>,
): Promise<void> {
  const [first] = scenes;
  if (first === undefined) throw new Error('no scenes to assemble');
  if (scenes.some(({ setup }) => !setup.equals(first.setup)))
    throw new Error('scenes are encoded differently');
  Log.setLevel(AV_LOG_ERROR);
  const output = new FormatContext();
  check(output.allocOutputContext2(null, 'mp4', target), 'open the output');
  const tags = [Dictionary.fromObject({ title, comment })];
  using packet = new Packet();
  packet.alloc();
  try {
    output.setFlags(AVFMT_FLAG_BITEXACT);
    output.metadata = tags[0]!;
    const picture = output.newStream();
    const firstScene = openMp4(first.path);
    try {
      const source = theVideo(firstScene);
      check(source.codecpar.copy(picture.codecpar), 'describe the pictures');
      picture.codecpar.codecTag = 0;
      picture.timeBase = source.timeBase;
      picture.avgFrameRate = new Rational(format.fps, 1);
      check(output.setOption('video_track_timescale', String(source.timeBase.den)), 'set the time scale');
    } finally {
      firstScene.closeInputSync();
    }
    picture.setDisposition(AV_DISPOSITION_DEFAULT);
    const audio = output.newStream();
    check(sound.parameters.copy(audio.codecpar), 'describe the sound');
    audio.timeBase = new Rational(1, audioRate);
    audio.setDisposition(AV_DISPOSITION_DEFAULT);
    const spoken = Dictionary.fromObject({ language: iso639Part2(language) });
    tags.push(spoken);
    audio.metadata = spoken;
    check(await output.openOutput(), 'open the file');
    check(output.writeHeaderSync(), 'write the header');

    const ticksPerFrame = picture.timeBase.den / (picture.timeBase.num * format.fps);
    let nextSound = 0;
    const writeSoundUntil = (seconds: number) => {
      for (; nextSound < sound.packets.length; nextSound++) {
        const next = sound.packets[nextSound]!;
        if (Number(next.pts) > seconds * audioRate) return;
        next.streamIndex = 1;
        next.rescaleTs({ num: 1, den: audioRate }, audio.timeBase);
        check(output.interleavedWriteFrameSync(next), 'write sound');
      }
    };
    let startFrame = 0;
    for (const scene of scenes) {
      const offset = BigInt(Math.round(startFrame * ticksPerFrame));
      const input = openMp4(scene.path);
      try {
        const { timeBase } = theVideo(input);
        let count = 0;
        for (;;) {
          const got = input.readFrameSync(packet);
          if (got === AVERROR_EOF) break;
          check(got, 'read a scene');
          packet.streamIndex = 0;
          packet.rescaleTs(timeBase, picture.timeBase);
          packet.pts += offset;
          packet.dts += offset;
          writeSoundUntil((startFrame + count) / format.fps);
          check(output.interleavedWriteFrameSync(packet), 'write pictures');
          count++;
          if (count % 64 === 0) await breathe();
        }
        if (count !== scene.frames) throw new Error(`a scene has ${count} of ${scene.frames} frames`);
      } finally {
        input.closeInputSync();
      }
      startFrame += scene.frames;
    }
    writeSoundUntil(Number.POSITIVE_INFINITY);
    check(output.writeTrailerSync(), 'complete the file');
  } finally {
    await output.closeOutput();
    output.freeContext();
    for (const each of tags) each.free();
  }
}
