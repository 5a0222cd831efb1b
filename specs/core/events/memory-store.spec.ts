import { createMemoryStore } from '../../../core/events/memory-store.js';
import { countedSalts, signHead } from './samples.js';
import { specifyStore } from './store-contract.js';

specifyStore('memory store', async (_, clock) =>
  createMemoryStore({ clock, newSalt: countedSalts(), signHead }),
);
