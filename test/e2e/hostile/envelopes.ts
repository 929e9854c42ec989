// What a request is wrapped in: signed as Slack does, or forged, late, cut short, or in no encoding at all.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { type Sender, sign, signedRequest } from '../../sandbox/servers/slack/signed-request.ts';
import type { Content } from './hostile-payloads.ts';

type Event = APIGatewayProxyEventV2;

/** As Slack sends it. */
export function sent(sender: Sender, content: Content): Event {
  if ('event' in content) return signedRequest(sender, 'application/json', JSON.stringify(content.event));
  const fields = 'fields' in content ? content.fields : content;
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries<unknown>(fields))
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  const body = form.toString();
  return signedRequest(sender, 'application/x-www-form-urlencoded', body);
}

const SIGNATURE = 'x-slack-signature';
const TIME = 'x-slack-request-timestamp';

type Forge = (event: Event, sender: Sender) => unknown;

const shift: fc.Arbitrary<Forge> = fc
  .tuple(fc.integer({ min: 301, max: 4_000_000_000 }), fc.constantFrom(-1, 1))
  .map(([seconds, way]) => (event, sender) => {
    const time = String(Math.floor(sender.clock.now() / 1000) + way * seconds);
    const signature = sign(sender.signingSecret, time, plain(event));
    return withHeaders(event, { [TIME]: time, [SIGNATURE]: signature });
  });

const header: fc.Arbitrary<Forge> = fc
  .tuple(
    fc.constantFrom(SIGNATURE, TIME),
    fc.oneof(
      fc.constantFrom('', 'v0=', 'v1=00', `v0=${'0'.repeat(64)}`, '0', 'now', '1e9', '-1', ' 1', '٣'),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map(
    ([name, value]) =>
      (event) =>
        withHeaders(event, { [name]: value }),
  );

const secret: fc.Arbitrary<Forge> = fc
  .string()
  .map(
    (guess) => (event) =>
      withHeaders(event, { [SIGNATURE]: sign(guess, String(event.headers[TIME]), plain(event)) }),
  );

/** Behind the signature's back. */
const body: fc.Arbitrary<Forge> = fc
  .record({
    at: fc.nat(),
    how: fc.constantFrom('cut', 'twice', 'put', 'upper', 'huge'),
    put: fc.string({ minLength: 1 }),
  })
  .map(({ at, how, put }) => (event) => {
    const text = plain(event);
    const place = at % text.length;
    const altered = {
      cut: text.slice(0, place),
      twice: text + text,
      put: text.slice(0, place) + put + text.slice(place),
      upper: `${text.toUpperCase()} `,
      huge: text.padEnd(place % 2 ? 260_000 : 100_000, '&x=y'),
    }[how];
    return { ...event, body: Buffer.from(altered).toString('base64'), isBase64Encoded: true };
  });

/** Said to be in base64 when it is not, or the other way round; or no body, no headers, nothing. */
const encoding: fc.Arbitrary<Forge> = fc.constantFrom<Forge>(
  (event) => ({ ...event, isBase64Encoded: !event.isBase64Encoded }),
  (event) => ({
    ...event,
    body: Buffer.from(plain(event), 'utf16le').toString('base64'),
    isBase64Encoded: true,
  }),
  (event) => ({ ...event, body: undefined }),
  (event) => ({ ...event, body: '' }),
  (event) => ({ ...event, body: [event.body] }),
  (event) => ({ ...event, headers: {} }),
  (event) => ({ ...event, headers: null }),
  (event) => ({ ...event, headers: [event.headers] }),
  (event) => ({ ...event, headers: { ...event.headers, [SIGNATURE]: [event.headers[SIGNATURE]] } }),
  (event) => ({ Records: [event] }),
  (event) => [event],
);

/** What nobody signed for as it is: whatever stands in it, it is turned away. */
export const anyForgery: fc.Arbitrary<Forge> = fc.oneof(
  ...[shift, header, secret, body, encoding],
  fc.anything().map((thing) => () => thing),
);

const type = fc.constantFrom(
  ...[
    'application/json',
    'application/x-www-form-urlencoded',
    'APPLICATION/JSON; charset=utf-8',
    'text/plain',
  ],
  ...['application/x-www-form-urlencoded;charset=utf-16', 'multipart/form-data; boundary=x', '', ';', 'null'],
);

/** Of another type than it is, or as Slack says; and signed all the same. */
export const anyWrapping: fc.Arbitrary<(event: Event) => Event> = fc.oneof(
  { weight: 6, arbitrary: fc.constant((event: Event) => event) },
  {
    weight: 1,
    arbitrary: type.map((value) => (event: Event) => withHeaders(event, { 'content-type': value })),
  },
);

function withHeaders(event: Event, headers: Record<string, string>): Event {
  return { ...event, headers: { ...event.headers, ...headers } };
}

function plain({ body: text = '', isBase64Encoded }: Event): string {
  return isBase64Encoded ? Buffer.from(text, 'base64').toString('utf8') : text;
}
