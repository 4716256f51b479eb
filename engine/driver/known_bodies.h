// KnownBodies: the bodies of other packages' functions that a compilation can inline. gc reads the export
// data of the packages that are imported directly. There are the bodies of their own functions, and of a
// function of a package further away if the imported one inlined it itself (noder's linker).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/driver/summaries.h"
#include "engine/types/checker.h"

namespace escapement::driver {

// It serves a session: library packages do not change.
class KnownBodies {
 public:
  KnownBodies(types::Checker& checker, Summaries& summaries) : checker_(checker), summaries_(summaries) {}

  // Whether a compilation of `compiled` has the body of `func`, a declared function of another package.
  bool Has(const types::Package* compiled, const types::Func* func);

  // What packs hold of a package: functions of other packages that its code may inline, a line for each of
  // those packages, of its path and the functions' Object::order, each less the one before:
  //   PATH ORDER MORE MORE
  std::string Write(types::Package* package);

 private:
  // Functions of one package by Object::order, ascending.
  struct Functions {
    std::string path;
    std::vector<uint32_t> orders;
  };

  // Functions of other packages that a library package's code may inline, by package.
  const std::vector<Functions>& InlinedIn(types::Package* package);
  static std::vector<Functions> Read(std::string_view text);
  // The same from the trees.
  // Model: all that its code mentions, and what is mentioned in turn by what is generic or of two statements
  // at most. gc knows costs; here an answer must not depend on what a session happened to price before.
  std::vector<Functions> Find(types::Package* package);

  types::Checker& checker_;
  Summaries& summaries_;
  std::unordered_map<const types::Package*, std::vector<Functions>> inlined_;
};

}  // namespace escapement::driver
