// Moves that end keys, or take that back, cut at every call: nothing is ended twice, too soon, or unseen.
import { cutEverywhere } from './cut.ts';

await cutEverywhere('ending');
