// Erasing users, as the API takes and answers it.
import { z } from 'zod';

import { faultOfText, plainText, strict } from './field-types.ts';

export const eraseAccountSchema = strict({
  confirm: plainText('your user id, as a sign that you mean it').describe(
    'Your own user id, so that nothing is erased by accident.',
  ),
}).meta({ id: 'EraseAccount' });

export const erasingSchema = z
  .object({ user_id: z.string(), status: z.literal('erasing') })
  .meta({ id: 'Erasing' });

export const erasedUserParams = z.object({
  user_id: z
    .string()
    .min(1)
    .refine((id) => faultOfText(id) === undefined, 'is no user id'),
});
