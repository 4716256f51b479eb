// Stands for read-fetch or read-node: the package's `imports` choose.
export { read } from './read-fetch.js';
