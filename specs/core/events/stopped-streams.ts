// The stopped streams of followers, in memory.
import type { StoppedStream, StoppedStreams } from '../../../core/events/sql/stopped-streams.js';

export function memoryStoppedStreams(): StoppedStreams {
  const entries = new Map<string, StoppedStream & { readonly follower: string }>();
  return {
    load: async (follower) => [...entries.values()].filter((entry) => entry.follower === follower),
    stop: async (follower, stopped) =>
      void entries.set(`${follower} ${stopped.stream}`, { follower, ...stopped }),
    resume: async (follower, stream) => void entries.delete(`${follower} ${stream}`),
  };
}
