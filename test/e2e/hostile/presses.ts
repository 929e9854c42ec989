// A press as Slack signs it, made from nothing: no card needs to have been drawn, and anybody may press anything.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { TEXT, UNTIL } from '../../../src/adapters/slack/blocks/forms.ts';
import { pressId, targetValue } from '../../../src/adapters/slack/blocks/press.ts';
import type { IamUser } from '../../../src/domain/iam-user.ts';
import { isFormMove } from '../../../src/domain/moves/rows.ts';
import type { MoveName } from '../../../src/domain/transitions.ts';
import { DAY } from '../../sandbox/clock.ts';
import { type Sandbox, SIGNING_SECRET } from '../../sandbox/sandbox.ts';
import { type Forgery, signedRequest } from '../../sandbox/servers/slack/signed-request.ts';
import { nextId } from '../../sandbox/servers/slack/workspace.ts';

/** What is pressed about, and on which message, whatever is drawn there. */
interface Pressed {
  user: Pick<IamUser, 'account' | 'userName'>;
  card: { channel: string; ts: string };
}

/** Beyond what an owner may take alone, the same form asks the admins. */
const LONG = 60 * DAY;

export function pressOf(
  sandbox: Sandbox,
  slackId: string,
  { user: { account, userName }, card }: Pressed,
  move: MoveName,
  forge: Forgery = {},
): APIGatewayProxyEventV2 {
  const { workspace } = sandbox.slack;
  const team = { id: forge.teamId ?? workspace.team.id };
  const sender = {
    ...{ api_app_id: forge.appId ?? workspace.appId, team, user: { id: slackId, team_id: team.id } },
    trigger_id: nextId(workspace, 'trigger.'),
  };
  const asked = move === 'askForTime' ? 'postpone' : move;
  const payload = isFormMove(asked)
    ? {
        type: 'view_submission',
        ...sender,
        view: submitted(sandbox, { user: { account, userName }, card }, move, asked),
      }
    : {
        ...{ type: 'block_actions', ...sender },
        container: { type: 'message', channel_id: card.channel, message_ts: card.ts },
        actions: [
          { type: 'button', action_id: pressId(asked, true), value: targetValue({ account, userName }) },
        ],
      };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const signer = { signingSecret: SIGNING_SECRET, clock: sandbox.clock };
  return signedRequest(signer, 'application/x-www-form-urlencoded', body, forge);
}

function submitted(
  { clock, slack }: Sandbox,
  { user: { account, userName }, card }: Pressed,
  move: MoveName,
  asked: MoveName,
) {
  const until = clock.now() + (move === 'askForTime' ? LONG : 3 * DAY);
  return {
    id: nextId(slack.workspace, 'V'),
    callback_id: pressId(asked, false),
    private_metadata: JSON.stringify({ account, userName, ...card }),
    state: {
      values: {
        [TEXT]: { [TEXT]: { value: 'because' } },
        [UNTIL]: { [UNTIL]: { selected_date: new Date(until).toISOString().slice(0, 10) } },
      },
    },
  };
}
