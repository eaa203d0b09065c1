// The names of all steps, for what must know them before any has run. A test holds the list to the steps.

export const stepNames = [
  'plan',
  'check-glyphs',
  'take-asset',
  'fetch-media',
  'prepare-media',
  'illustrate',
  'narrate',
  'pace-narration',
  'plan-beats',
  'compose-music',
  'find-effect',
  'mix-audio',
  'render-scene',
  'make-thumbnail',
  'assemble',
  'inspect',
  'describe-tools',
  'publish',
] as const;
