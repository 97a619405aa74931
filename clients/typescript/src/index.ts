export { connect, data, type Muster, type Options } from './client.js';
export { changes, type PulledChanges } from './changes.js';
export { type NewCount, submitCount, type Submitted, type SubmittedCount, textOf } from './counts.js';
export type { components, operations, paths } from './generated/schema.js';
export { entries, type Page, pages, type Read } from './paging.js';
export { type FieldProblem, NO_ANSWER, Problem, UNREADABLE_ANSWER } from './problems.js';
export { isRepeatable, RETRY, type RetryPolicy, type Send } from './retry.js';
export { ClientToken, type Credentials } from './token.js';
