// Moves that make keys and agree on them, cut at every call: whatever breaks between two calls, no key is lost.
import { cutEverywhere } from './cut.ts';

await cutEverywhere('making');
