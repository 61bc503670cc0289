import { announcementSchema, announcedTopics } from '@lisible/contracts';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../access/caller.ts';
import { Operation } from '../operations/operation.ts';
import { Announcements } from './announcements.ts';

@Controller()
export class StreamController {
  constructor(@Inject(Announcements) private readonly announcements: Announcements) {}

  @Operation({
    method: 'get',
    path: '/v1/stream',
    summary: `Live, as server-sent events: one a decision or explanation, named after its topic (${Object.keys(announcedTopics).join(', ')}), identifiers only. Ends after 15 minutes, so that the next one shows its token again; what came in between is not told again.`,
    roles: ['advisor', 'risk', 'loan-system'],
    eventStream: announcementSchema,
    answers: { 200: null },
  })
  open(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const socket = reply.raw;
    const end = (): void => {
      stopListening();
      clearInterval(heartbeat);
      clearTimeout(limit);
      socket.end();
    };
    const send = (text: string): void => {
      socket.write(text);
      // Nobody reads at the other end: better a stream cut, which its reader notices, than memory without a limit.
      if (socket.writableLength > maxUnreadBytes) socket.destroy();
    };
    const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs);
    const limit = setTimeout(end, longestMs);
    const stopListening = this.announcements.listen({ roles: callerOf(request).roles, send, end });
    reply.hijack();
    socket.once('close', end);
    // What is announced from here on is heard; `X-Accel-Buffering` keeps a proxy from saving it up.
    socket.writeHead(200, {
      ...definedHeaders(reply.getHeaders()),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    send('retry: 1000\n: listening\n\n');
  }
}

const longestMs = 15 * 60_000;
const heartbeatMs = 15_000;
const maxUnreadBytes = 1024 * 1024;

const definedHeaders = (headers: ReturnType<FastifyReply['getHeaders']>): Record<string, string | number | string[]> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
