// The `// Output:` comment at the end of an example (go/doc's rules).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace escapement::modules {

struct ExampleOutput {
  bool found = false;
  bool unordered = false;
  std::string text;
};

// A group of comments in an example: where it starts, and whether it is an output comment.
struct ExampleComment {
  size_t offset;
  bool is_output;
};
// The groups between the brace at `open` and that at line and column.
std::vector<ExampleComment> FindExampleComments(std::string_view file, uint32_t open, uint32_t close_line,
                                                uint32_t close_column);

// Looks at the last comment in the body between the brace at `open` and that at line and column.
ExampleOutput FindExampleOutput(std::string_view file, uint32_t open, uint32_t close_line,
                                uint32_t close_column);

}  // namespace escapement::modules
