// DynamoDB in this process: dynalite behind a connection of its own, so that the sandbox's front door can record and interfere.
import { Agent, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { WireReply, WireRequest } from '../wire.ts';

export interface Dynamo {
  /** Passes a request on as it came: headers and body unchanged. Signatures must be there but are not checked. */
  forward(request: WireRequest): Promise<WireReply>;
  /** Resolves once the table can be used. */
  createTable(input: CreateTableCommandInput): Promise<void>;
  close(): Promise<void>;
}

export async function startDynamo(): Promise<Dynamo> {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });

  async function forward({ method, path, headers, body }: WireRequest): Promise<WireReply> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const passedOn = { ...headers, connection: 'keep-alive', 'content-length': String(body.length) };
      const outgoing = send({ port, host: '127.0.0.1', agent, method, path, headers: passedOn }, resolve);
      outgoing.on('error', reject);
      outgoing.end(body);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return {
      status: response.statusCode ?? 500,
      headers: answerHeaders(response),
      body: Buffer.concat(chunks).toString('utf8'),
    };
  }

  async function ask(action: string, input: unknown): Promise<Record<string, unknown>> {
    const body = Buffer.from(JSON.stringify(input));
    const reply = await forward({ method: 'POST', path: '/', headers: headersFor(action), body });
    if (reply.status !== 200) throw new Error(`${action}: ${reply.body}`);
    return JSON.parse(reply.body);
  }

  return {
    forward,
    async createTable(input) {
      await ask('CreateTable', input);
      while (!(await isActive(input.TableName))) await pause(1);
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function isActive(tableName: string | undefined): Promise<boolean> {
    const { Table } = await ask('DescribeTable', { TableName: tableName });
    return (Table as { TableStatus: string }).TableStatus === 'ACTIVE';
  }
}

/** Those of one connection stay behind: the front door has its own. */
function answerHeaders({ headers }: IncomingMessage): Record<string, string> {
  const { connection, 'keep-alive': _keepAlive, 'transfer-encoding': _encoding, ...kept } = headers;
  return Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, String(value)]));
}

function headersFor(action: string): Record<string, string> {
  return {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${action}`,
    'x-amz-date': '20260101T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=sandbox/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
  };
}
