// What most rotation scripts do: page through the users, list each one's keys, one call after the other.
import { IAMClient, ListAccessKeysCommand, ListUsersCommand } from '@aws-sdk/client-iam';

export interface Stretch {
  /** Where the last stretch ended. */
  marker?: string | undefined;
  pages: number;
}

export interface Walked {
  marker?: string | undefined;
  users: number;
  keys: number;
}

const iam = new IAMClient({});

export async function handler({ marker, pages }: Stretch): Promise<Walked> {
  const walked: Walked = { marker, users: 0, keys: 0 };
  for (let page = 0; page < pages; page += 1) {
    const from = walked.marker === undefined ? {} : { Marker: walked.marker };
    const { Users = [], IsTruncated, Marker } = await iam.send(new ListUsersCommand(from));
    for (const { UserName } of Users) {
      const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
      walked.keys += AccessKeyMetadata.length;
    }
    walked.users += Users.length;
    walked.marker = Marker;
    if (!IsTruncated) break;
  }
  return walked;
}
