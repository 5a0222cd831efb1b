// The library: `import { connect } from 'partyline'`. It exports what a bot needs and nothing internal.
export type * from './api.js';
export { connect } from './connect.js';
export { PartylineError } from './error.js';
