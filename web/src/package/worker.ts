// `escapement/worker`: the engine's worker as a file of its own, for those who start it themselves.
import '../engine/worker.js';
