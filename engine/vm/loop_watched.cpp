// The interpreter loop once more, looking up at every instruction: time travel replays the last stretch
// before a moment with it. What the instructions do is the same text as in the fast loop.
#define LOOP_NAME LoopWatched
#define AT_INSTRUCTION()                                                                            \
  do {                                                                                              \
    if (AtInstruction(static_cast<uint32_t>(pc - words), steps_due_ - static_cast<uint64_t>(steps), \
                      static_cast<uint32_t>((fp - registers) / 8), sp)) {                           \
      SAVE();                                                                                       \
      steps_left_ = steps;                                                                          \
      return Stop::kWatch;                                                                          \
    }                                                                                               \
  } while (0)
// Fused instructions are executed one by one, as the words they stand in for.
#define LOOP_PLAIN
#define OPERATION(op) bytecode::FirstOf(static_cast<Op>(op))
#include "engine/vm/loop.cpp"
