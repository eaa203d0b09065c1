import { describe, expect, test } from 'vitest';

import type { Timeline, Word } from '../domain/timeline.ts';
import { toSubRip, toWebVtt, toWordsJson } from './captions.ts';

const timelineOf = (texts: string[], language = 'en'): [Timeline, string] => {
  const words = texts.map(
    (text, index): Word => ({ text, startMs: 1000 + index * 400, endMs: 1350 + index * 400 }),
  );
  const scene = { id: 's01', startFrame: 0, endFrame: 300, speechStartMs: 1000, speechEndMs: 9000, words };
  const format = { width: 1920, height: 1080, fps: 30, aspect: '16:9', resolution: '1080p' } as const;
  const scenes = [{ ...scene, emphasis: [], energy: 0 }];
  return [{ format, durationFrames: 300, durationMs: 10_000, scenes, effects: [] }, language];
};

describe('caption files', () => {
  test('a cue ends with its sentence', () => {
    const vtt = toWebVtt(...timelineOf(['The', 'sea', 'sleeps.', 'Nobody', 'speaks.']));
    expect(vtt).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.150\nThe sea sleeps.\n\n00:00:02.200 --> 00:00:02.950\nNobody speaks.\n',
    );
  });

  test('a long sentence is broken before it is too long to read', () => {
    const cues = toSubRip(...timelineOf(Array.from({ length: 40 }, () => 'wonderful'))).split('\n\n');
    expect(cues.length).toBeGreaterThan(5);
    for (const cue of cues) expect(cue.split('\n')[2]!.length).toBeLessThanOrEqual(64);
  });

  test('markup in a script stays text', () => {
    expect(toWebVtt(...timelineOf(['<b>', '&', '-->']))).toContain('&lt;b&gt; &amp; --&gt;');
    expect(toSubRip(...timelineOf(['a', '-->', 'b', '{\\an8}', '<i>']))).toContain(
      '\na --› b ｛＼an8｝ ‹i›\n',
    );
  });

  test('languages without spaces get none', () => {
    expect(toWebVtt(...timelineOf(['海は', '眠る。'], 'ja'))).toContain('海は眠る。');
  });

  test('Latin phrases in them keep theirs', () => {
    expect(toSubRip(...timelineOf(['ใช้', 'Open', 'AI', 'วันนี้'], 'th'))).toContain('\nใช้Open AIวันนี้\n');
  });

  test('words.json has every word with its time in seconds', () => {
    const { words } = JSON.parse(toWordsJson(timelineOf(['The', 'sea'])[0])) as { words: unknown[] };
    expect(words).toEqual([
      { scene: 's01', text: 'The', start: 1, end: 1.35 },
      { scene: 's01', text: 'sea', start: 1.4, end: 1.75 },
    ]);
  });
});
