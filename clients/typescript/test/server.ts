/** A service in this process that gives the answers of a script, and keeps the requests. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Ends the connection without an answer. */
  lost?: boolean;
  /** Ends the connection in the middle of the answer. */
  cut?: boolean;
}

export type Script = (asked: Asked, number: number) => Answer;

export async function serving<T>(script: Script, use: (url: string, asked: Asked[]) => Promise<T>): Promise<T> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      asked.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      const answer = script(asked.at(-1)!, asked.length);
      if (answer.lost) return void request.socket.destroy();
      const isText = typeof answer.body === 'string';
      response.writeHead(answer.status ?? 200, { 'Content-Type': isText ? 'text/html' : 'application/json', ...answer.headers });
      if (answer.cut) return void response.write('{', () => request.socket.destroy());
      response.end(isText ? answer.body : JSON.stringify(answer.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** The body of a problem. */
export const problem = (status: number, code: string, more: object = {}): Answer => ({
  status,
  headers: { 'Content-Type': 'application/problem+json' },
  body: { type: `urn:muster:problem:${code}`, title: code, status, code, detail: `It is ${code}.`, request_id: 'r-1', ...more },
});

/** A clock that only waiting moves, and the waits in milliseconds. */
export function clock() {
  const waits: number[] = [];
  let at = 0;
  return {
    waits,
    advance: (ms: number) => (at += ms),
    policy: {
      now: () => at,
      random: () => 0,
      sleep: async (ms: number) => {
        waits.push(ms);
        at += ms;
      },
    },
  };
}
