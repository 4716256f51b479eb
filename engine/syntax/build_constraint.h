// Which files belong to a build for linux/amd64 with gc 1.26: file name suffixes and
// `//go:build` lines, or `// +build` lines where there is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace escapement::syntax {

// What may differ between builds.
struct BuildTags {
  bool cgo = false;
  // For packages with assembly: the tags that ask for plain Go (purego, noasm).
  bool pure = false;
  // No architecture's own files at all.
  bool generic = false;
};

// Whether a tag ("linux", "go1.21", "race") holds.
bool MatchTag(std::string_view tag, const BuildTags& tags = {});

// Whether the file belongs to the build: not hidden (leading `_` or `.`), no other
// system or architecture in its name, its //go:build line (if any, before the package
// clause) true. Says nothing about _test files: whose turn they are is the caller's choice.
bool MatchFile(std::string_view name, std::string_view text, const BuildTags& tags = {});

// The value of a `//go:build` line; nothing if it is malformed.
std::optional<bool> EvaluateConstraint(std::string_view line, const BuildTags& tags = {});

// The least Go version that a `//go:build` line implies ("go1.21"), empty if none;
// nothing if the line is malformed.
std::optional<std::string> ConstraintGoVersion(std::string_view line);

}  // namespace escapement::syntax
