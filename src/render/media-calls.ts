// FFmpeg's calls (through node-av) as every file here makes them: results that are errors become
// exceptions, and files are opened as MP4 from the local disk or not at all.
import { AV_LOG_FATAL, FFmpegError, FormatContext, Frame, InputFormat, Log } from 'node-av';

import { AppError } from '../domain/errors.ts';

const errnoNoSpace = -28;

/** Throws when FFmpeg's `result` is an error. Throws `storage_full`. */
export function check(result: number, action: string): void {
  if (result >= 0) return;
  const cause = new Error(`cannot ${action}`, { cause: new FFmpegError(result) });
  if (result === errnoNoSpace) throw new AppError('storage_full', 'The disk is full.', { cause });
  throw cause;
}

/** A frame with memory of its own for one picture; `free` gives it back. */
export function allocateFrame({ width, height, format }: Pick<Frame, 'width' | 'height' | 'format'>): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = format;
  check(frame.getBuffer(0), 'allocate a frame');
  return frame;
}

/**
 * An MP4 file opened for reading; `closeInputSync` gives it back. Whatever the file's name or first bytes say, no
 * other format and no other protocol is tried. Throws when it is not a readable MP4.
 */
export function openMp4(path: string): FormatContext {
  // What goes wrong is thrown or counted; a damaged file would fill the log.
  Log.setLevel(AV_LOG_FATAL);
  const mp4 = InputFormat.findInputFormat('mov');
  if (mp4 === null) throw new AppError('machine_unfit', 'The MP4 reader is missing.');
  const input = new FormatContext();
  input.allocContext();
  check(input.setOption('protocol_whitelist', 'file'), 'restrict the protocol');
  check(input.setOption('format_whitelist', 'mov,mp4,m4a,3gp,3g2,mj2'), 'restrict the format');
  check(input.openInputSync(`file:${path}`, mp4), 'open an MP4 file');
  return input;
}
