// The body of an edited storyboard: what GET gives is one, and so is less of it.
import { z } from 'zod';

import { editLimits } from '../../domain/edit-storyboard.ts';
import { figureKinds } from '../../domain/figure.ts';
import { effectKinds, motifs } from '../../domain/storyboard.ts';
import { limits } from '../../domain/video-request.ts';
import {
  choice,
  countCharacters,
  faultOfText,
  numberBetween,
  plainText,
  strict,
  text,
} from './field-types.ts';
import { refuseTooManyWords, sceneMediaField, videoFields } from './video-request.ts';

const mostIndex = limits.scriptChars;
const mostEffects = 200;

/** Words that are shown. Longer ones than may be edited can stand in a plan. */
const words = (what: string) =>
  plainText(what)
    .superRefine((value, context) => {
      const fault = faultOfText(value);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    })
    .max(limits.scriptChars, 'is too long');

const listOf = <Item extends z.ZodType>(item: Item, most: number, what: string) =>
  z
    .array(item, { error: `must be a list of ${what}` })
    .max(most, `has too many; at most ${most} are allowed`);

const whole = (least: number, most: number) => numberBetween(least, most, { whole: true });
const number = z.number({ error: 'must be a number' });

const scene = strict({
  id: plainText('the id of a scene of this storyboard')
    .max(20, 'is no id of a scene')
    .optional()
    .describe('Of a scene that there is. Left out: a new scene.'),
  text: text(limits.scriptChars).describe('The words to speak.'),
  motif: choice(motifs).optional().describe('What the picture is about.'),
  keywords: listOf(words('a word'), 100, 'words')
    .optional()
    .describe(
      `Things in the picture: at most ${editLimits.keywords}, of at most ${editLimits.keywordChars} characters; English names are understood best.`,
    ),
  emphasis: listOf(whole(0, mostIndex), mostIndex, 'indexes of words')
    .optional()
    .describe('Indexes of the words to stress, from 0.'),
  effects: listOf(
    strict({
      kind: choice(effectKinds),
      at_word: whole(-1, mostIndex).describe('-1 = at the cut into the scene.'),
      role: choice(['bed', 'hit']),
      intensity: numberBetween(0, 1),
    }),
    mostEffects,
    'effects',
  )
    .optional()
    .describe('Sounds under the scene (`bed`) and in it (`hit`); an empty list is silence.'),
  energy: numberBetween(0, 1).optional().describe('How much is going on; moves camera and music.'),
  figure: strict({
    kind: choice(figureKinds),
    value: number,
    from: number.optional(),
    label: words('the number as it is shown'),
    unit: words('what is counted, or empty'),
    at_word: whole(0, mostIndex),
  })
    .optional()
    .describe(`Left out: none. At most ${editLimits.figureChars} characters of label and unit each.`),
  variant: whole(0, 1_000).optional(),
  seed: whole(0, 4_294_967_295).optional().describe('Change it for another picture of the same.'),
  media: sceneMediaField.optional().describe('Your own image or clip. Left out: a picture is made.'),
});

export const editStoryboardSchema = strict({
  title: words('a title')
    .superRefine((value, context) => {
      const refuse = (message: string) => void context.addIssue({ code: 'custom', message });
      if (countCharacters(value) > editLimits.titleChars)
        refuse(`has more than ${editLimits.titleChars} characters`);
      if (!/[\p{L}\p{N}]/u.test(value)) refuse('has no letter and no digit');
    })
    .optional()
    .describe('Left out: as it is.')
    .meta({ minLength: 1, maxLength: editLimits.titleChars }),
  language: videoFields.language.optional().describe('Left out: as it is.'),
  scenes: z
    .array(scene, { error: 'must be a list of scenes, such as GET gives' })
    .min(1, 'is empty; send at least one scene')
    .max(limits.scenes, `has too many scenes; at most ${limits.scenes} are allowed`)
    .superRefine(refuseTooManyWords)
    .describe('All scenes in their order; one that is not there is removed.'),
}).meta({
  id: 'EditStoryboard',
  description:
    'The storyboard as it shall be: what GET gives, edited. Of a scene with an `id`, what is left out stays as it is (`media` and `figure`: are taken away); of a new scene, and of one with new words, it is chosen from the words.',
  example: {
    scenes: [{ id: 's01', text: 'The sea was quiet that morning.' }, { text: 'Then the wind turned.' }],
  },
});
