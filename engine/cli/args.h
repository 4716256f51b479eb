// The command line in Go's spelling (`-gcflags=-m`, `-seed 7`) for a parser that
// wants two dashes before a long name.
#pragma once

#include <string>
#include <vector>

namespace escapement::cli {

// `args` with `-name` spelled `--name`; values and `-` stay.
std::vector<std::string> WithLongDashes(std::vector<std::string> args);

// A command's words: flags, then Go files (or one directory), then what the program gets.
struct CommandWords {
  std::vector<std::string> flags;
  std::vector<std::string> files;
  std::vector<std::string> program_arguments;
};

// Splits at the first word that ends in .go (or .txtar) and after the last such word in a row.
CommandWords Split(const std::vector<std::string>& words);

}  // namespace escapement::cli
