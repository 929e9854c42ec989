// DynamoDB in this process: dynalite without a port, behind the sandbox's front door, which records and interferes.
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { WireReply, WireRequest } from '../wire.ts';

export interface Dynamo {
  /** Passes a request on as it came: headers and body unchanged. Signatures must be there but are not checked. */
  forward(request: WireRequest): Promise<WireReply>;
  /** Asks past the front door: nothing is recorded. Throws when the answer is an error. */
  ask(action: string, input: unknown): Promise<Record<string, unknown>>;
  /** Resolves once the table can be used. */
  createTable(input: CreateTableCommandInput): Promise<void>;
  close(): Promise<void>;
}

export async function startDynamo(): Promise<Dynamo> {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });

  /** dynalite answers requests as Node's HTTP server hands them over: a second connection would only cost time. */
  function forward({ method, path, headers, body }: WireRequest): Promise<WireReply> {
    const request = Object.assign(new EventEmitter(), { method, url: path, headers });
    return new Promise((resolve) => {
      const answered: Record<string, string> = {};
      const response = {
        statusCode: 500,
        setHeader(name: string, value: string | number) {
          answered[name.toLowerCase()] = String(value);
        },
        end(text = '') {
          resolve({ status: response.statusCode, headers: answered, body: text });
        },
      };
      server.emit('request', request, response);
      request.emit('data', body);
      request.emit('end');
    });
  }

  async function ask(action: string, input: unknown): Promise<Record<string, unknown>> {
    const body = Buffer.from(JSON.stringify(input));
    const reply = await forward({ method: 'POST', path: '/', headers: headersFor(action), body });
    if (reply.status !== 200) throw new Error(`${action}: ${reply.body}`);
    return JSON.parse(reply.body);
  }

  return {
    forward,
    ask,
    async createTable(input) {
      await ask('CreateTable', input);
      while (!(await isActive(input.TableName))) await pause(1);
    },
    async close() {
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function isActive(tableName: string | undefined): Promise<boolean> {
    const { Table } = await ask('DescribeTable', { TableName: tableName });
    return (Table as { TableStatus: string }).TableStatus === 'ACTIVE';
  }
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
