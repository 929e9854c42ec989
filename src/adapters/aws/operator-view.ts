// What an operator's own credentials show of an account, and of what is deployed there. No function of the deployment uses it.
import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type IAMClient, ListRolesCommand, paginateListUsers } from '@aws-sdk/client-iam';
import { GetScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import { OutsideError } from '../../usecases/errors.ts';
import { calling, callingUnless } from '../sdk-error.ts';

interface Clients {
  iam: IAMClient;
  stacks: CloudFormationClient;
  tables: DynamoDBClient;
  schedules: SchedulerClient;
  topics: SNSClient;
}

/** Everything throws OutsideError for what AWS refuses or leaves open. */
export interface OperatorView {
  account(): Promise<string>;
  /** Physical ids by logical id, of what is there; undefined: no such stack is deployed. */
  stack(name: string): Promise<Map<string, string> | undefined>;
  /** `path/name` of each IAM user, without the first slash. */
  userNames(): Promise<string[]>;
  hasTable(name: string): Promise<boolean>;
  /** Whether it is there, and starts what it is for. */
  isScheduled(name: string): Promise<boolean>;
  /** How many are confirmed; undefined: there is no such topic. */
  subscriptions(topicArn: string): Promise<number | undefined>;
}

export function operatorView({ iam, stacks, tables, schedules, topics }: Clients): OperatorView {
  return {
    async account() {
      // Every account has roles, be it AWS's own.
      const { Roles = [] } = await calling('ListRoles', iam.send(new ListRolesCommand({ MaxItems: 1 })));
      const [, account] = /:(\d{12}):/.exec(Roles[0]?.Arn ?? '') ?? [];
      if (account === undefined) throw new OutsideError('refused', 'ListRoles', 'NoRole');
      return account;
    },

    async stack(StackName) {
      const found = new Map<string, string>();
      const collect = async (): Promise<true> => {
        for await (const page of paginateListStackResources({ client: stacks }, { StackName }))
          for (const {
            LogicalResourceId = '',
            PhysicalResourceId = '',
            ResourceStatus,
          } of page.StackResourceSummaries ?? [])
            if (ResourceStatus !== 'DELETE_COMPLETE') found.set(LogicalResourceId, PhysicalResourceId);
        return true;
      };
      // Of a stack that is not there CloudFormation says that the request is not valid.
      return (await callingUnless(['ValidationError'], 'ListStackResources', collect())) && found;
    },

    async userNames() {
      const found: string[] = [];
      const collect = async (): Promise<void> => {
        for await (const { Users = [] } of paginateListUsers({ client: iam }, {}))
          for (const { Path = '/', UserName = '' } of Users) found.push(`${Path}${UserName}`.slice(1));
      };
      await calling('ListUsers', collect());
      return found;
    },

    async hasTable(TableName) {
      const describe = tables.send(new DescribeTableCommand({ TableName }));
      return (await callingUnless(['ResourceNotFound'], 'DescribeTable', describe)) !== undefined;
    },

    async isScheduled(Name) {
      const get = schedules.send(new GetScheduleCommand({ Name }));
      return (await callingUnless(['ResourceNotFound'], 'GetSchedule', get))?.State === 'ENABLED';
    },

    async subscriptions(TopicArn) {
      const get = topics.send(new GetTopicAttributesCommand({ TopicArn }));
      const answer = await callingUnless(['NotFound'], 'GetTopicAttributes', get);
      return answer && Number(answer.Attributes?.SubscriptionsConfirmed ?? 0);
    },
  };
}
