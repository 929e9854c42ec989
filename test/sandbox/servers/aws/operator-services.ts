// What an operator looks at besides: KMS keys, the resources of a stack, schedules, and SNS topics.
import { AwsError, type AwsService } from './service.ts';

/** As the API shows it: `Enabled`, `Disabled`, `PendingDeletion`. */
export type KmsKeys = Map<string, { state: string; spec?: string; usage?: string }>;

export function kmsService(keys: KmsKeys): AwsService {
  return {
    name: 'kms',
    protocol: 'json-1.1',
    actions: {
      DescribeKey({ KeyId }) {
        const key = keys.get(String(KeyId));
        if (!key) throw new AwsError('NotFoundException', `Key '${KeyId}' does not exist`);
        const { state, spec = 'SYMMETRIC_DEFAULT', usage = 'ENCRYPT_DECRYPT' } = key;
        const [, id] = String(KeyId).split('/');
        return { KeyMetadata: { KeyId: id, Arn: KeyId, KeyState: state, KeySpec: spec, KeyUsage: usage } };
      },
    },
    resource: ({ input }) => String(input.KeyId),
  };
}

/** Stacks by name: of each its resources' physical ids by their logical ones. */
export function cloudFormationService(stacks: Map<string, Map<string, string>>): AwsService {
  return {
    name: 'cloudformation',
    protocol: 'query',
    actions: {
      ListStackResources({ StackName }) {
        const resources = stacks.get(String(StackName));
        if (!resources) throw new AwsError('ValidationError', `Stack with id ${StackName} does not exist`);
        const summaries = [...resources].map(([LogicalResourceId, PhysicalResourceId]) => ({
          ...{ LogicalResourceId, PhysicalResourceId },
          ...{
            ResourceType: 'AWS::Any',
            ResourceStatus: 'CREATE_COMPLETE',
            LastUpdatedTimestamp: new Date(0),
          },
        }));
        return { StackResourceSummaries: summaries };
      },
    },
  };
}

/** Those that are off or gone; any other is on. */
export function schedulerService(idle: ReadonlyMap<string, 'DISABLED' | 'gone'>): AwsService {
  return {
    name: 'scheduler',
    protocol: 'json-1.1',
    actions: {
      GetSchedule({ Name }) {
        const State = idle.get(String(Name)) ?? 'ENABLED';
        if (State === 'gone')
          throw new AwsError('ResourceNotFoundException', `Schedule ${Name} does not exist.`, 404);
        return { Name, State };
      },
    },
  };
}

/** How many subscriptions of each topic are confirmed, by its ARN. */
export function snsService(topics: ReadonlyMap<string, number>): AwsService {
  return {
    name: 'sns',
    protocol: 'query',
    actions: {
      GetTopicAttributes({ TopicArn }) {
        const confirmed = topics.get(String(TopicArn));
        if (confirmed === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
        return { Attributes: { entry: { key: 'SubscriptionsConfirmed', value: String(confirmed) } } };
      },
    },
    resource: ({ input }) => String(input.TopicArn),
  };
}
