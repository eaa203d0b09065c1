// Jobs and messages that were given up.
import { number, series } from '../panels.ts';

export const deadLetters = [
  number({
    title: 'Dead letters',
    description: 'Jobs that were given up and wait for an operator. DeadLettersPresent above 0.',
    unit: 'short',
    height: 8,
    bands: { green: null, red: 1 },
    decimals: 0,
    expr: 'dead_letters_waiting',
  }),
  series({
    title: 'Dead letters and strange messages',
    description: 'Dead letters that wait; messages within the last hour that named no job that is known.',
    unit: 'short',
    decimals: 0,
    width: 18,
    queries: {
      'dead letters': 'dead_letters_waiting',
      // No such message was ever seen by a process that exports none.
      'messages put aside': 'sum(increase(queue_messages_quarantined_total[1h])) or vector(0)',
    },
  }),
];
