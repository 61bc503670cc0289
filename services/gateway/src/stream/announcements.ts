import type { AnnouncedTopic, Role } from '@lisible/contracts';
import { announcedTopics } from '@lisible/contracts';
import type { OnModuleDestroy } from '@nestjs/common';
import { Injectable } from '@nestjs/common';

/** One open stream. */
export interface Listener {
  readonly roles: readonly Role[];
  /** Text of one or more server-sent events, ready to be written. */
  send(text: string): void;
  /** The door closes. */
  end(): void;
}

/** Hands what the broadcast subscription hears to every open stream whose caller may know of it. */
@Injectable()
export class Announcements implements OnModuleDestroy {
  private readonly listeners = new Set<Listener>();

  /** From now on; the answer ends it. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  announce(topic: AnnouncedTopic, applicationIds: readonly string[]): void {
    if (this.listeners.size === 0 || applicationIds.length === 0) return;
    const allowed: readonly Role[] = announcedTopics[topic];
    const text = applicationIds.map((applicationId) => `event: ${topic}\ndata: ${JSON.stringify({ applicationId })}\n\n`).join('');
    for (const listener of this.listeners) if (listener.roles.some((role) => allowed.includes(role))) listener.send(text);
  }

  onModuleDestroy(): void {
    for (const listener of this.listeners) listener.end();
  }
}
