// The account ids of the people in the tracker's specs.
import { type AccountId, accountIdSchema } from '../../core/ids.js';

const account = (letter: string): AccountId => accountIdSchema.parse(letter.repeat(26));

export const ann = account('A');
export const ben = account('B');
export const cat = account('C');
export const dan = account('D');
export const eve = account('E');
export const fay = account('F');
export const gus = account('G');
export const hal = account('H');
