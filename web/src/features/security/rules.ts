// What the forms of the account pages may hold.
import * as v from 'valibot';
import { characters } from '../account/rules';

export const NAME_MAX = 100;

/** A name that people give to a thing of theirs. */
export const name = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('required'),
  v.check((text) => characters(text) <= NAME_MAX, 'length'),
);

export const named = v.object({ name });
