#include "engine/cli/args.h"

#include <algorithm>

namespace escapement::cli {

namespace {

bool EndsWith(const std::string& word, const char* suffix) {
  std::string s(suffix);
  return word.size() > s.size() && word.compare(word.size() - s.size(), s.size(), s) == 0;
}

bool IsSource(const std::string& word) {
  return EndsWith(word, ".go") || EndsWith(word, ".txtar");
}

}  // namespace

std::vector<std::string> WithLongDashes(std::vector<std::string> args) {
  for (std::string& arg : args)
    if (arg.size() > 2 && arg[0] == '-' && arg[1] != '-' && (arg[1] < '0' || arg[1] > '9'))
      arg.insert(0, "-");
  return args;
}

CommandWords Split(const std::vector<std::string>& words) {
  CommandWords out;
  auto first = std::find_if(words.begin(), words.end(), IsSource);
  auto last = std::find_if_not(first, words.end(), IsSource);
  out.flags.assign(words.begin(), first);
  out.files.assign(first, last);
  out.program_arguments.assign(last, words.end());
  return out;
}

}  // namespace escapement::cli
