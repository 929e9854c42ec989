// Text as somebody might choose it who wants to ping, forge or overflow.
export const HOSTILE = '`*_~<!channel><@U123|x>&amp;\u202e\u200b\n|\'";$(rm)'.repeat(20);

/** What must never be found in anything made from it, outside of our own markup. */
export const PINGS = /<!(?:channel|here|everyone)|<@U123/;

/** The longest name IAM allows. */
export const LONGEST = '_+=,.@-w'.repeat(8);
