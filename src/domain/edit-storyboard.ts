// What a user's edit makes of a storyboard: scenes that are told apart by their ids, what the edit leaves out, and what has to
// follow from new words. Pure; who directs new words is the caller's to ask.
import { AppError, type FieldError } from './errors.ts';
import type { Figure } from './figure.ts';
import { type JobStatus, mayMove } from './job.ts';
import type { EffectCue, Motif, Scene, Storyboard } from './storyboard.ts';
import { tokenise } from './tokens.ts';
import type { SceneMedia } from './user-media.ts';
import { visibleText } from './visible-text.ts';

/** Absent `media` and `figure` = none; anything else that is absent stays, or is chosen from the words where those are new. */
export interface SceneEdit {
  /** Of a scene that there is; absent = a new scene. */
  id?: string | undefined;
  text: string;
  motif?: Motif | undefined;
  keywords?: string[] | undefined;
  emphasis?: number[] | undefined;
  effects?: EffectCue[] | undefined;
  energy?: number | undefined;
  figure?: Figure | undefined;
  variant?: number | undefined;
  seed?: number | undefined;
  media?: SceneMedia | undefined;
}

/** Wire form. Absent `title` and `language` stay. */
export interface StoryboardEdit {
  title?: string | undefined;
  language?: string | undefined;
  scenes: SceneEdit[];
}

export const editLimits = { titleChars: 60, keywords: 3, keywordChars: 40, figureChars: 40 } as const;

/** Throws `state_conflict` unless a job in this state can be given another storyboard. */
export function refuseEditWhile(status: JobStatus): void {
  if (mayMove('revise', status) || mayMove('redraft', status)) return;
  throw new AppError('state_conflict', `The job is ${status}; its storyboard cannot be edited now.`, {
    hint: 'Edit it once the job has ended or awaits approval, or cancel the job first.',
  });
}

/** The edit with the words as people see them. */
export function withVisibleText({ title, scenes, ...edit }: StoryboardEdit): StoryboardEdit {
  return {
    ...edit,
    title: title === undefined ? undefined : visibleText(title).replace(/\s+/gu, ' ').trim(),
    scenes: scenes.map((scene) => ({ ...scene, text: visibleText(scene.text) })),
  };
}

/** Whether some words are new, so that `editStoryboard` needs to be told how they are directed. */
export function hasNewWords(before: Storyboard, edit: StoryboardEdit): boolean {
  return edit.scenes.some((scene) => isNew(scene, sceneOf(before, scene), before, edit));
}

/**
 * `edit` comes from `withVisibleText`. `directed` is what a planner says of all its scenes, in its language; needed where
 * words are new. Throws `request_invalid`.
 */
export function editStoryboard(
  before: Storyboard,
  edit: StoryboardEdit,
  directed: Storyboard | undefined,
): Storyboard {
  refuseUnknownIds(before, edit);
  const language = edit.language ?? before.language;
  const faults: FieldError[] = [];
  let lastId = Math.max(0, ...before.scenes.map(({ id }) => Number(id.slice(1)) || 0));
  const scenes = edit.scenes.map((given, index) => {
    const old = sceneOf(before, given);
    const direct = isNew(given, old, before, edit) ? directed!.scenes[index]! : undefined;
    const scene = mergeScene(given, old, direct);
    faults.push(...faultsOf(scene, old, direct, language, `/scenes/${index}`));
    lastId += old === undefined ? 1 : 0;
    return { id: old?.id ?? `s${String(lastId).padStart(2, '0')}`, ...scene };
  });
  if (faults.length > 0) {
    throw new AppError('request_invalid', 'The storyboard has scenes that cannot be made like that.', {
      hint: 'Leave out what shall be chosen from the words.',
      errors: faults,
    });
  }
  return { title: edit.title ?? before.title, language, scenes: withVariants(scenes, before, edit) };
}

/** Equal in content, however their JSON was written. */
export function sameStoryboard(a: Storyboard, b: Storyboard): boolean {
  return same(a, b);
}

function sceneOf(before: Storyboard, { id }: SceneEdit): Scene | undefined {
  return id === undefined ? undefined : before.scenes.find((scene) => scene.id === id);
}

function isNew(
  { text }: SceneEdit,
  old: Scene | undefined,
  before: Storyboard,
  { language }: StoryboardEdit,
): boolean {
  return old?.text !== text || (language !== undefined && language !== before.language);
}

function refuseUnknownIds(before: Storyboard, { scenes }: StoryboardEdit): void {
  const known = new Set(before.scenes.map(({ id }) => id));
  const seen = new Set<string>();
  const errors = scenes.flatMap(({ id }, index) => {
    if (id === undefined) return [];
    const detail = seen.has(id)
      ? 'stands here twice; leave id out for a new scene'
      : 'is none of this storyboard; leave id out for a new scene';
    const isFine = known.has(id) && !seen.has(id);
    seen.add(id);
    return isFine ? [] : [{ pointer: `/scenes/${index}/id`, detail }];
  });
  if (errors.length === 0) return;
  throw new AppError('request_invalid', 'A scene has an id that it cannot have.', {
    hint: 'GET the storyboard for the ids of its scenes.',
    errors,
  });
}

/** `direct` = what a planner says of its words, where those are new. */
function mergeScene(
  given: SceneEdit,
  old: Scene | undefined,
  direct: Scene | undefined,
): Omit<Scene, 'id' | 'variant'> {
  const chosen = direct ?? old!;
  // Indexes of words and numbers of the words mean nothing in others, unless the edit itself names them.
  const ofWords = <Field extends 'emphasis' | 'effects'>(field: Field): Scene[Field] => {
    const wish = given[field] as Scene[Field] | undefined;
    if (wish === undefined) return chosen[field];
    return direct !== undefined && same(wish, old?.[field]) ? direct[field] : wish;
  };
  const figure = direct !== undefined && same(given.figure, old?.figure) ? direct.figure : given.figure;
  return {
    text: given.text,
    motif: given.motif ?? chosen.motif,
    keywords: same(given.keywords, old?.keywords)
      ? (given.keywords ?? chosen.keywords)
      : (given.keywords?.map((each) => visibleText(each).trim().toLowerCase()) ?? chosen.keywords),
    emphasis: ofWords('emphasis'),
    energy: given.energy ?? chosen.energy,
    seed: given.seed ?? old?.seed ?? chosen.seed,
    effects: ofWords('effects'),
    ...(figure !== undefined && { figure }),
    ...(given.media !== undefined && { media: given.media }),
  };
}

/** What was neither there before nor chosen by a planner must fit the words and the picture. */
function faultsOf(
  { text, keywords, emphasis, effects, figure }: Omit<Scene, 'id' | 'variant'>,
  old: Scene | undefined,
  direct: Scene | undefined,
  language: string,
  pointer: string,
): FieldError[] {
  const faults: FieldError[] = [];
  const words = tokenise(text, language).length;
  const say = (wrong: boolean, at: string, detail: string) => {
    if (wrong) faults.push({ pointer: `${pointer}/${at}`, detail });
  };
  const noWord = (index: number) => index >= words;
  const isOwn = (field: 'keywords' | 'emphasis' | 'effects' | 'figure', value: unknown) =>
    !same(value, (direct ?? old)?.[field]) && !(field === 'keywords' && same(value, old?.keywords));
  const range = `the scene has ${words} words, counted from 0`;
  if (isOwn('keywords', keywords)) {
    say(keywords.length > editLimits.keywords, 'keywords', `has more than ${editLimits.keywords} keywords`);
    for (const [at, keyword] of keywords.entries()) {
      const isName = keyword !== '' && keyword.length <= editLimits.keywordChars;
      say(!isName, `keywords/${at}`, `must have 1 to ${editLimits.keywordChars} characters`);
    }
  }
  if (isOwn('emphasis', emphasis)) {
    for (const [at, index] of emphasis.entries()) {
      say(noWord(index), `emphasis/${at}`, range);
      say(emphasis.indexOf(index) !== at, `emphasis/${at}`, 'names a word twice');
    }
  }
  if (isOwn('effects', effects)) {
    for (const [at, { at_word: index }] of effects.entries())
      say(noWord(index), `effects/${at}/at_word`, range);
  }
  if (figure !== undefined && isOwn('figure', figure)) {
    const { kind, value, from, label, unit } = figure;
    say(noWord(figure.at_word), 'figure/at_word', range);
    say(kind === 'share' && (value < 0 || value > 1), 'figure/value', 'must be from 0 to 1 for a share');
    say((kind === 'compare') !== (from !== undefined), 'figure/from', 'belongs to compare, and only to it');
    say(label.trim() === '', 'figure/label', 'is empty');
    for (const [name, words] of Object.entries({ label, unit }))
      say(
        words.length > editLimits.figureChars,
        `figure/${name}`,
        `has more than ${editLimits.figureChars} characters`,
      );
  }
  return faults;
}

/** Scenes of one motif are composed differently: one whose motif is new takes a way that no other has. */
function withVariants(
  scenes: Omit<Scene, 'variant'>[],
  before: Storyboard,
  { scenes: given }: StoryboardEdit,
): Scene[] {
  const olds = given.map((each) => sceneOf(before, each));
  const wished = scenes.map(({ motif }, index) => {
    const [wish, old] = [given[index]!.variant, olds[index]];
    if (wish !== undefined && wish !== old?.variant) return wish;
    return old?.motif === motif ? (old.variant ?? null) : undefined;
  });
  const taken = new Map<Motif, Set<number>>();
  const waysOf = (motif: Motif) => taken.get(motif) ?? taken.set(motif, new Set()).get(motif)!;
  for (const [index, { motif }] of scenes.entries()) {
    if (wished[index] !== undefined) waysOf(motif).add(wished[index] ?? 0);
  }
  return scenes.map((scene, index) => {
    const wish = wished[index];
    if (wish === null) return scene;
    if (wish !== undefined) return { ...scene, variant: wish };
    const ways = waysOf(scene.motif);
    let variant = 0;
    while (ways.has(variant)) variant += 1;
    ways.add(variant);
    return { ...scene, variant };
  });
}

/** Members that are undefined are as good as absent. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const [ofA, ofB] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = new Set([...Object.keys(ofA), ...Object.keys(ofB)]);
  return Array.isArray(a) === Array.isArray(b) && [...names].every((name) => same(ofA[name], ofB[name]));
}
